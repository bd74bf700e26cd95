package crawl

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/klauspost/compress/gzip"
)

// mapped serves a site whose stories no page links to.
func mapped(t *testing.T) (address string) {
	loc := func(kind string, paths ...string) string {
		var b strings.Builder
		for _, p := range paths {
			if strings.HasPrefix(p, "/") {
				p = "http://tales.example" + p
			}
			fmt.Fprintf(&b, "<%s><loc>%s</loc></%[1]s>", kind, p)
		}
		return b.String()
	}
	urlset := func(paths ...string) string { return "<urlset>" + loc("url", paths...) + "</urlset>" }
	index := func(paths ...string) string { return "<sitemapindex>" + loc("sitemap", paths...) + "</sitemapindex>" }
	files := map[string]string{
		"/robots.txt":  "Sitemap: http://tales.example/index.xml\nSitemap: http://evil.example/map.xml\nSitemap: map.xml\n",
		"/index.xml":   index("/1.xml", "/2.xml.gz", "/index.xml", "/deep/1.xml", "http://evil.example/2.xml", "/broken.xml", "/page.html", "/moved.xml", "/denied.xml"),
		"/1.xml":       urlset("/s/1", "/s/2?utm_source=map", "http://evil.example/s/3", "http://127.0.0.1:1/s/4", "ftp://tales.example/5", "/s/1", "/out/6"),
		"/2.xml.gz":    urlset("/s/7"),
		"/deep/1.xml":  index("/deep/2.xml"),
		"/deep/2.xml":  index("/deep/3.xml"),
		"/broken.xml":  "<urlset><url><loc>http://tales.example/s/8</loc></url><url",
		"/page.html":   "<html><a href='/s/99'>x</a></html>",
		"/denied.xml":  urlset("/s/98"),
		"/arrived.xml": urlset("/s/9"),
		"/":            `<h1>目录</h1><a href="/s/1">一</a>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		text, ok := files[r.URL.Path]
		switch {
		case r.URL.Path == "/moved.xml":
			http.Redirect(w, r, "/arrived.xml", http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/s/") || strings.HasPrefix(r.URL.Path, "/out/"):
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<h1>故事</h1><div class="story"><p>从前有一只狐狸%s。</p></div>`, r.URL.Path)
		case !ok:
			http.NotFound(w, r)
		case strings.HasSuffix(r.URL.Path, ".gz"):
			w.Header().Set("Content-Type", "application/x-gzip")
			z := gzip.NewWriter(w)
			io.WriteString(z, text)
			z.Close()
		default:
			w.Header().Set("Content-Type", map[bool]string{true: "text/xml", false: "text/html"}[strings.HasSuffix(r.URL.Path, "xml")])
			io.WriteString(w, text)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// paths of the stories, as they stand in documents.jsonl.
func paths(docs []Document) (out []string) {
	for _, d := range docs {
		out = append(out, strings.TrimPrefix(d.URL, "http://tales.example"))
	}
	return out
}

func TestSitemap(t *testing.T) {
	options := func(address, dir string) Options {
		o := optionsFor(address, dir)
		o.Sites[0].Sitemap = []string{"/robots.txt"}
		o.Sites[0].Allow, o.Sites[0].Deny = []string{"/s/"}, []string{"denied"}
		return o
	}
	address := mapped(t)
	want := []string{"/s/1", "/s/2", "/s/7", "/s/8", "/s/9"}
	skipped := map[string]int64{
		SkipSitemap: 6, SkipSitemaps: 1, SkipHost: 4, SkipAddress: 2, SkipPattern: 2,
	}
	dir := t.TempDir()
	report, err := Run(context.Background(), options(address, dir))
	if err != nil {
		t.Fatal(err)
	}
	if got := paths(readDocuments(t, dir)); !slices.Equal(got, want) {
		t.Errorf("stories %q, want %q", got, want)
	}
	site := report.Sites[0]
	if !maps.Equal(site.Skipped, skipped) {
		t.Errorf("skipped %v, want %v", site.Skipped, skipped)
	}
	if broken := site.Failures[FailSitemap]; len(broken) != 2 || len(site.Failures) != 1 {
		t.Errorf("failures %v", site.Failures)
	}

	// The same by way of the frontier that processes share.
	dir = t.TempDir()
	o := shared(options(address, dir), miniredis.RunT(t).Addr(), "maps")
	report, err = Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	got := paths(readDocuments(t, dir))
	if slices.Sort(got); !slices.Equal(got, want) || !maps.Equal(report.Sites[0].Skipped, skipped) {
		t.Errorf("shared: stories %q, skipped %v", got, report.Sites[0].Skipped)
	}
}

func TestSitemapOptions(t *testing.T) {
	for address, want := range map[string]string{
		"/map.xml": "", "http://tales.example/map.xml": "", "https://tales.example/robots.txt": "",
		"http://elsewhere.example/map.xml": "sitemap[0]: found the host elsewhere.example", "ftp://tales.example/map.xml": "neither http nor https",
	} {
		o := optionsFor("http://127.0.0.1:1", "x")
		o.Sites[0].Sitemap = []string{address}
		if err := o.Validate(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}

// A site can name more sitemaps than are read of it.
func TestSitemapsAreBounded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/map") {
			io.WriteString(w, "http://tales.example/story"+r.URL.Path+"\n")
			return
		}
		if r.URL.Path != "/index.xml" {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, `<h1>一</h1><div class="story">从前</div>`)
			return
		}
		io.WriteString(w, "<sitemapindex>")
		for i := range maxSitemaps + 5 {
			fmt.Fprintf(w, "<sitemap><loc>http://tales.example/map/%d</loc></sitemap>", i)
		}
		io.WriteString(w, "</sitemapindex>")
	}))
	defer server.Close()
	o := optionsFor(server.URL, t.TempDir())
	o.Sites[0].Sitemap = []string{"/index.xml"}
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if s := report.Sites[0]; s.Skipped[SkipSitemaps] != 6 || s.Skipped[SkipSitemap] != maxSitemaps || s.Stories != maxSitemaps {
		t.Errorf("%v, %d stories", s.Skipped, s.Stories)
	}
}

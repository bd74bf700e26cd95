package crawl

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
)

// endless are sites without an end, by what their pages lead to: n is a page's own
// number.
var endless = map[string]func(n int) string{
	// A calendar: each day leads to the next one.
	"chain": func(n int) string { return fmt.Sprintf(`<a href="/%d">明天</a>`, n+1) },
	// A story whose every page has a next one, which max_depth does not count.
	"parts": func(n int) string { return fmt.Sprintf(`<a href="/tale?page=%d">下一页</a>`, n+1) },
	// The same where a selector finds the next page, so that no number ends it.
	"selector": func(n int) string { return fmt.Sprintf(`<a href="/%d">下一页</a>`, n+1) },
	// Filters of a list, each of which gives two more.
	"tree": func(n int) string { return fmt.Sprintf(`<a href="/%d">甲</a><a href="/%d">乙</a>`, 2*n+1, 2*n+2) },
}

func endlessSite(t testing.TB, leads func(n int) string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		var n int
		fmt.Sscanf(r.URL.RequestURI(), "/%d", &n)
		fmt.Sscanf(r.URL.RequestURI(), "/tale?page=%d", &n)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<h1>故事</h1><div class="story"><p>从前有一只狐狸。</p></div>`+leads(n))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// BenchmarkEndless crawls sites without an end until the default limits end it.
func BenchmarkEndless(b *testing.B) {
	for name, leads := range endless {
		b.Run(name, func(b *testing.B) {
			address := endlessSite(b, leads)
			for b.Loop() {
				o := optionsFor(address, b.TempDir())
				if name == "selector" {
					o.Sites[0].Story.Next = "a"
				}
				report, err := Run(context.Background(), o)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(report.Pages), "pages")
			}
		})
	}
}

func TestEndlessSites(t *testing.T) {
	// A page, a depth or a number more than the limits allow is what is skipped.
	for name, c := range map[string]struct {
		pages  int64
		skip   string
		change func(*Site)
	}{
		"chain":    {21, SkipDepth, func(s *Site) { s.MaxDepth = 20 }},
		"tree":     {300, SkipPages, func(s *Site) { s.MaxPages = 300 }},
		"parts":    {40, SkipPages, func(s *Site) { s.MaxPages = 40 }},
		"selector": {40, SkipPages, func(s *Site) { s.Story.Next, s.MaxPages = "a", 40 }},
	} {
		t.Run(name, func(t *testing.T) {
			o := optionsFor(endlessSite(t, endless[name]), t.TempDir())
			c.change(&o.Sites[0])
			report, err := Run(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			if s := report.Sites[0]; s.Pages != c.pages || s.Skipped[c.skip] == 0 {
				t.Errorf("%d pages, skipped %v; want %d and %s", s.Pages, s.Skipped, c.pages, c.skip)
			}
		})
	}
	e := entry{URL: virtual, Parts: maxParts - 2}
	rules := &siteRules{maxDepth: DefaultMaxDepth}
	for _, want := range []string{"", SkipDepth} {
		e = e.part(virtual)
		if got := rules.refuses(leadTo(e), func(lead) string { return "" }); got != want {
			t.Errorf("page %d of a story: %q, want %q", e.Parts+1, got, want)
		}
	}
	// Nor does a link to it, which each page has.
	if to := e.leads(&outcome{Next: virtual + "y", Links: []string{virtual + "y", virtual + "z"}}, 10); len(to) != 2 || to[0].Parts != e.Parts+1 || to[1].URL != virtual+"z" {
		t.Errorf("a page and the one that continues it: %+v", to)
	}
	// Where a part redirects to what is none, allow counts.
	rules.allow = []*regexp.Regexp{regexp.MustCompile("/story/")}
	for from, want := range map[string]bool{"http://other.example/9_2.html": true, virtual + "login": false} {
		if got := rules.takes(entry{URL: virtual + "9_2.html", From: from, Parts: 1, Hops: 1}); got != want {
			t.Errorf("a redirect from %s: %v, want %v", from, got, want)
		}
	}
	// A redirect does not begin the count anew.
	if to := e.leads(&outcome{Location: virtual + "x"}, 10); len(to) != 1 || to[0].Parts != e.Parts {
		t.Errorf("a part redirects: %+v, want %d parts before it", to, e.Parts)
	}
}

// Every answer gives its links another session id, in each of the ways of writing
// one: the site has eight pages all the same.
func TestSessionIDs(t *testing.T) {
	for _, form := range []string{
		"/s/%d;jsessionid=%032x", "/s/%d?PHPSESSID=%x", "/s/%d?a=1&sid=%032x", "/s/%d?ASPSESSIONIDABC=%x&a=1", "/s/%d?utm_source=%x",
	} {
		t.Run(form, func(t *testing.T) {
			visits := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				for n := range 7 {
					visits++
					fmt.Fprintf(w, `<a href="`+form+`">x</a>`, n, visits)
				}
				fmt.Fprint(w, `<h1>故事</h1><div class="story"><p>从前有一只狐狸。</p></div>`)
			}))
			defer server.Close()
			o := optionsFor(server.URL, t.TempDir())
			o.Sites[0].Concurrency = 1
			report, err := Run(context.Background(), o)
			if err != nil || report.Pages != 8 {
				t.Errorf("%d pages, %v; want 8", report.Pages, err)
			}
		})
	}
}

func TestCanonicalSessions(t *testing.T) {
	for address, want := range map[string]string{
		"http://a.example/(S(lit3py55t21z5v55vlm25s55))/x.aspx": "http://a.example/x.aspx",
		"http://a.example/x?sid=12":                             "http://a.example/x?sid=12",
		"http://a.example/x?sid=0123456789abcdef0123":           "http://a.example/x",
		"http://a.example/x?osCsid=0123456789abcdef0123&b=c":    "http://a.example/x?b=c",
		"http://a.example/(s)/x":                                "http://a.example/(s)/x",
	} {
		got, err := Canonical(address)
		if err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", address, got, err, want)
		}
	}
}

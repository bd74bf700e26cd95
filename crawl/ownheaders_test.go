package crawl

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The fields go to the site's own host, not where it redirects to, nor for
// robots.txt, and what may be secret stays out of the archive.
func TestHeaders(t *testing.T) {
	var mu sync.Mutex
	got := map[string]string{}
	note := func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got[r.Host+r.URL.Path] = r.Header.Get("Cookie") + "|" + r.Header.Get("X-Key") + "|" + r.Header.Get("Accept-Language") + "|" + r.UserAgent()
	}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.Host == "tales.example" && r.URL.Path == "/":
			fmt.Fprint(w, storyPage+`<a href="/2">x</a>`)
		case r.Host == "tales.example" && r.URL.Path == "/start":
			http.Redirect(w, r, "http://other.example/3", http.StatusFound)
		default:
			fmt.Fprint(w, storyPage)
		}
	})
	dir := t.TempDir()
	o := optionsFor(server.URL, dir)
	o.Resolve["other.example"] = o.Resolve["tales.example"]
	o.Sites[0].Start = []string{virtual, virtual + "start"}
	o.Sites[0].Headers = []string{"Cookie: secret=1", "x-key: hidden", "Accept-Language: zh-CN"}
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	const all, none = "secret=1|hidden|zh-CN|wakong/1.0", "|||wakong/1.0"
	for at, want := range map[string]string{
		"tales.example/": all, "tales.example/2": all, "tales.example/start": all,
		"other.example/3": none, "tales.example/robots.txt": none, "other.example/robots.txt": none,
	} {
		if got[at] != want {
			t.Errorf("%s: %q, want %q", at, got[at], want)
		}
	}
	f, err := os.Open(filepath.Join(dir, ArchiveFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(text); strings.Contains(s, "secret=1") || strings.Contains(s, "hidden") || !strings.Contains(s, "Accept-Language: zh-CN") {
		t.Errorf("archive:\n%s", s)
	}
}

func TestHeaderIdentity(t *testing.T) {
	identity := func(headers ...string) string {
		o := optionsFor("http://127.0.0.1:1", "")
		o.Sites[0].Headers = headers
		return o.Identity()
	}
	ids := []string{identity(), identity("Cookie: a"), identity("Accept-Language: zh"), identity("Accept-Language: en")}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 4 {
		t.Error("crawls of different pages have one identity")
	}
	if identity("Cookie: a") != identity("Cookie: b") {
		t.Error("another password makes it another crawl")
	}
	o := optionsFor("http://127.0.0.1:1", "")
	o.Sites[0].Headers = []string{"Host: a"}
	if err := o.Validate(); err == nil || !strings.Contains(err.Error(), "headers[0]: Host is set by the crawler itself") {
		t.Errorf("%v", err)
	}
}

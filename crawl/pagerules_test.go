package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestPageRules(t *testing.T) {
	for value, want := range map[string]pageRules{
		"":                                  {},
		"all":                               {},
		"noindex":                           {noindex: true},
		" NoIndex , nofollow":               {noindex: true, nofollow: true},
		"none":                              {noindex: true, nofollow: true},
		"nofollow":                          {nofollow: true},
		"googlebot: noindex":                {},
		"googlebot: noindex, nofollow":      {},
		"wakong: noindex, googlebot: none":  {noindex: true},
		"googlebot: none, WAKONG: nofollow": {nofollow: true},
		"max-snippet: 5, noindex":           {noindex: true},
		"unavailable_after: Fri, 25 Jun 2010 15:00:00 PST, noindex": {noindex: true},
		"noindexed": {},
	} {
		p := pageRules{product: "wakong"}
		p.header(http.Header{"X-Robots-Tag": {value}})
		want.product = "wakong"
		if p != want {
			t.Errorf("%q: %+v", value, p)
		}
	}
	p := pageRules{product: "wakong"}
	p.meta("description", "noindex")
	p.meta("googlebot", "none")
	if p.noindex || p.nofollow {
		t.Errorf("%+v", p)
	}
	p.meta("Robots", "NOFOLLOW")
	p.meta("wakong", "noindex")
	if !p.noindex || !p.nofollow {
		t.Errorf("%+v", p)
	}
}

// A page that asks not to be indexed gives no story; its links count.
func TestNoindex(t *testing.T) {
	const page = `<html><head>%s</head><body><h1>%s</h1><div class="story">从前有一只狐狸，%s。</div>%s</body></html>`
	hide := `<meta name="robots" content="noindex">`
	asked := atomic.Int64{}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/":
			fmt.Fprintf(w, page, hide, "甲", "甲", `<a href="/a">a</a> <a href="/b">b</a>`)
		case "/a":
			w.Header().Add("X-Robots-Tag", "noindex, nofollow")
			fmt.Fprintf(w, page, "", "乙", "乙", `<a href="/c">c</a>`)
		case "/b":
			fmt.Fprintf(w, page, "", "丙", "丙", "")
		default:
			http.NotFound(w, r)
		}
	})
	dir := t.TempDir()
	o := optionsFor(server.URL, dir)
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	s := report.Sites[0]
	if docs := readDocuments(t, dir); len(docs) != 1 || docs[0].URL != virtual+"b" {
		t.Errorf("%+v", docs)
	}
	if s.Pages != 3 || s.Stories != 1 || s.Skipped[SkipNoindex] != 2 || s.Skipped[SkipNofollow] != 1 {
		t.Errorf("%+v", s)
	}

	// Other selectors read what is stored, and ask for nothing.
	before, identity := asked.Load(), o.Identity()
	o.Scratch = filepath.Join(dir, "scratch")
	o.Dir = t.TempDir()
	o.Sites[0].Story = Story{Body: "h1"}
	if report, err = Run(context.Background(), o); err != nil || report.Stories != 1 {
		t.Errorf("%+v %v", report, err)
	}
	if o.Identity() != identity || asked.Load() != before {
		t.Errorf("another identity, or %d more requests", asked.Load()-before)
	}
	o.Sites[0].Contact = "me@one.example"
	given := o.Identity()
	if o.Sites[0].Contact = "you@other.example"; given == identity || o.Identity() != given {
		t.Error("a contact makes another crawl, and which one it is does not")
	}
	o.Sites[0].Contact = ""
	o.Sites[0].MaxPages = 5
	if o.Identity() == identity {
		t.Error("the same identity for other pages")
	}

	// Where all of them ask for it, the message says so.
	o = optionsFor(server.URL, t.TempDir())
	o.Sites[0].Start, o.Sites[0].Deny = []string{virtual + "a"}, []string{"."}
	if _, err := Run(context.Background(), o); !errors.Is(err, ErrNoStories) || !strings.Contains(err.Error(), `1 pages, text for story.body ".story" on 1, of which 1 asking not to be indexed`) {
		t.Errorf("got %v", err)
	}
}

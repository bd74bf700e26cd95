package crawl

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// A site on which an address is refused that another way leads to later, the stories
// that it gives all the same, and what is left to be counted as skipped.
type refusedCase struct {
	site    func(*Site)
	pages   map[string]string
	moved   map[string]string // redirects by path
	want    []string          // "path title: text", sorted
	skipped map[string]int64
}

var refusedCases = map[string]refusedCase{
	// The bar links every part, and only the first one's link says that it is one.
	"parts beyond allow": {
		site: func(s *Site) { s.Allow = []string{`/s/\d+\.html$`} },
		pages: map[string]string{
			"":           `<a href="s/9.html">x</a><a href="about">x</a><a href="about">x</a>`,
			"s/9.html":   chapter("井", "一。", `1 <a href="9_2.html">2</a> <a href="9_3.html">3</a> <a href="9_4.html">4</a> <a href="9_2.html">下一页</a> <a href="/about">x</a>`),
			"s/9_2.html": chapter("井", "二。", `<a href="9.html">1</a> 2 <a href="9_3.html">3</a> <a href="9_3.html">下一页</a>`),
			"s/9_3.html": chapter("井", "三。", `<a href="9.html">1</a> <a href="9_2.html">2</a> 3 <a href="/about">x</a>`),
			"s/9_4.html": chapter("井", "不。", ""),
		},
		want:    []string{"s/9.html 井: 一。二。三。"},
		skipped: map[string]int64{SkipPattern: 2, SkipPart: 2},
	},
	// What is too deep as a link stands in a sitemap that an index names.
	"sitemaps beyond max_depth": {
		site: func(s *Site) { s.MaxDepth, s.Sitemap = 1, []string{"/index.xml"} },
		pages: map[string]string{
			"":          `<a href="list">x</a>`,
			"list":      `<a href="s1">x</a><a href="s2">x</a><a href="s3">x</a>`,
			"index.xml": `<sitemapindex><sitemap><loc>` + virtual + `map.xml</loc></sitemap></sitemapindex>`,
			"map.xml":   `<urlset><url><loc>` + virtual + `s1</loc></url><url><loc>` + virtual + `s2</loc></url></urlset>`,
			"s1":        chapter("一", "甲。", ""), "s2": chapter("二", "乙。", ""), "s3": chapter("三", "不。", ""),
		},
		want:    []string{"s1 一: 甲。", "s2 二: 乙。"},
		skipped: map[string]int64{SkipDepth: 1, SkipSitemap: 2},
	},
	// A start address redirects to a host that a page before it links to.
	"hosts": {
		site: func(s *Site) { s.Start = append(s.Start, virtual+"door") },
		pages: map[string]string{
			"":       `<a href="http://moved.example/inner">x</a><a href="http://far.example/">x</a>`,
			"inner":  chapter("内", "里。", ""),
			"inner2": chapter("外", "不。", ""),
		},
		moved:   map[string]string{"/door": "http://moved.example/inner"},
		want:    []string{"http://moved.example/inner 内: 里。"},
		skipped: map[string]int64{SkipHost: 1},
	},
	// Parts stand elsewhere than where their links lead, beyond allow.
	"parts that redirect": {
		site: func(s *Site) { s.Allow = []string{`/s/\d+$`} },
		pages: map[string]string{
			"":           `<a href="s/9">x</a>`,
			"s/9":        chapter("灯", "一。", `<a href="9_2">下一页</a>`),
			"s/9/2":      chapter("灯", "二。", `<a href="/s/9/page/3">下一页</a>`),
			"s/9/page3":  chapter("灯", "三。", `<a href="/s/9_4">下一页</a>`),
			"s/10":       chapter("桥", "别的。", ""),
			"s/10_2":     chapter("桥", "不。", ""),
			"s/9/page/1": chapter("灯", "不。", ""),
		},
		// Behind the last part there is another story.
		moved:   map[string]string{"/s/9_2": "/s/9/2", "/s/9/page/3": "/s/9/page3", "/s/9_4": "/s/10"},
		want:    []string{"s/10 桥: 别的。", "s/9 灯: 一。二。三。"},
		skipped: map[string]int64{SkipPart: 2},
	},
	// Where a selector finds the link, it may lead anywhere.
	"a selector's link redirects": {
		site: func(s *Site) { s.Allow, s.Story.Next = []string{`/c/1$`}, "a.next" },
		pages: map[string]string{
			"":    `<a href="c/1">x</a>`,
			"c/1": chapter("雨", "一。", `<a class=next href="/go?to=2">x</a>`),
			"c/2": chapter("雪", "二。", ""),
		},
		moved:   map[string]string{"/go": "/c/2"},
		want:    []string{"c/1 雨: 一。二。"},
		skipped: map[string]int64{SkipPart: 1},
	},
}

func (c refusedCase) options(t *testing.T) func(dir string) Options {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		if to, ok := c.moved[r.URL.Path]; ok {
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		page, ok := c.pages[strings.TrimPrefix(r.URL.RequestURI(), "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	})
	return func(dir string) Options {
		o := optionsFor(server.URL, dir)
		o.Resolve["moved.example"] = strings.TrimPrefix(server.URL, "http://")
		c.site(&o.Sites[0])
		return o
	}
}

func (c refusedCase) check(t *testing.T, dir string, report Report) {
	t.Helper()
	var got []string
	for _, d := range readDocuments(t, dir) {
		got = append(got, fmt.Sprintf("%s %s: %s", strings.TrimPrefix(d.URL, virtual), d.Title, strings.ReplaceAll(d.Text, "\n", "")))
	}
	slices.Sort(got)
	if !slices.Equal(got, c.want) {
		t.Errorf("got  %q\nwant %q", got, c.want)
	}
	if skipped := report.Sites[0].Skipped; !maps.Equal(skipped, c.skipped) {
		t.Errorf("skipped %v, want %v", skipped, c.skipped)
	}
}

// TestRefusedFirst: what was refused once is followed where another way leads there that
// may be, by one process, by one that shares its crawl, and by either when it is called
// off at every moment and goes on.
func TestRefusedFirst(t *testing.T) {
	for name, c := range refusedCases {
		options := c.options(t)
		run := map[string]func(dir string) Options{
			"one process": options,
			"shared": func() func(dir string) Options {
				server := miniredis.RunT(t)
				return func(dir string) Options { return shared(options(dir), server.Addr(), "all") }
			}(),
		}
		for how, options := range run {
			t.Run(name+", "+how, func(t *testing.T) {
				if how == "one process" {
					dir := t.TempDir()
					report, err := Run(context.Background(), options(dir))
					if err != nil {
						t.Fatal(err)
					}
					c.check(t, dir, report)
				}
				dir := t.TempDir()
				for n := int64(1); ; n++ {
					ctx, cancel := context.WithCancel(context.Background())
					var left atomic.Int64
					left.Store(n)
					o := options(dir)
					o.checkpoint = func(string) {
						if left.Add(-1) == 0 {
							cancel()
						}
					}
					report, err := Run(ctx, o)
					cancel()
					if err == nil {
						c.check(t, dir, report)
						return
					}
					if !errors.Is(err, context.Canceled) {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

// Two processes count together what one counts, whichever of them met an address first.
func TestRefusedByAnother(t *testing.T) {
	ctx := context.Background()
	redisAddress := miniredis.RunT(t).Addr()
	st := func(name string) *claimed {
		store, err := openStore(t.TempDir(), "x")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.close() })
		client := redis.NewClient(&redis.Options{Addr: redisAddress})
		t.Cleanup(func() { client.Close() })
		f := &claimed{scope: scope{store: store}, server: &server{client: client, prefix: "x:", worker: name, lease: time.Minute, most: -1}}
		f.state.Skipped = map[string]int64{SkipNofollow: 3, SkipPattern: 7}
		return f
	}
	a, b := st("a"), st("b")
	link := func(key, reason string) sharedLink {
		return sharedLink{Key: key, Host: "h", Start: true, Enter: true, Reason: reason, Entry: `{"u":"http://h/"}`}
	}
	for i, c := range []struct {
		by   *claimed
		link sharedLink
		want string
	}{
		{a, link("part", SkipPattern), SkipPattern},
		{b, link("part", SkipPattern), "seen"},
		{b, link("part", SkipDepth), "seen"}, // counted, for another reason
		{a, link("other", SkipPattern), SkipPattern},
		{b, link("deep", SkipDepth), SkipDepth},
		{b, link("part", ""), ""},
		{a, link("part", ""), "seen"},
		{a, link("deep", ""), ""},
		{a, link("deep", SkipDepth), "seen"},
	} {
		if fates, err := c.by.server.done(ctx, "", []sharedLink{c.link}); err != nil || len(fates) != 1 || fates[0] != c.want {
			t.Errorf("%d: %q %v, want %q", i, fates, err, c.want)
		}
	}
	for f, want := range map[*claimed]map[string]int64{
		a: {SkipNofollow: 3, SkipPattern: 1}, b: {SkipNofollow: 3},
	} {
		for range 2 { // as a process that comes back does
			if err := f.countSkips(ctx); err != nil || !maps.Equal(f.state.Skipped, want) {
				t.Errorf("process %s: %v, %v; want %v", f.server.worker, f.state.Skipped, err, want)
			}
		}
	}
}

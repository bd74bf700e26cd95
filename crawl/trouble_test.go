package crawl

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wakong/crawl/crawltest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with a file under testdata/golden.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := readFile(t, path); !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update writes it anew); got\n%s", path, got)
	}
}

// TestTrouble crawls a site on which everything goes wrong: each kind of trouble
// is counted, and every story that can be read is.
func TestTrouble(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 3, Trouble: true, HugeBytes: 300_000})
	dir := t.TempDir()
	o := optionsFor(site.URL, dir)
	o.Limits = Limits{Time: 2 * time.Second, Bytes: 200_000, Retries: 1, RetryWait: time.Millisecond}
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	golden(t, "trouble-report.json", readFile(t, dir, ReportFile))
	golden(t, "trouble-documents.jsonl", readFile(t, dir, DocumentsFile))
	hits := site.Hits()
	for path, want := range map[string]int{
		"/private/1": 0, "/private/2": 0, "/hidden": 0, "/huge": 1, "/bomb": 1, "/missing": 1,
		"/broken": 2, "/flaky": 2, "/slow": 2, "/reset": 2, "/loop/a": 1, "/chain/10": 1, "/chain/11": 0,
	} {
		if hits[path] != want {
			t.Errorf("%s was asked for %d times, want %d", path, hits[path], want)
		}
	}
}

func serve(t *testing.T, f http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s
}

const storyPage = `<h1>题</h1><div class="story">故事</div>`

func TestUnreachable(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	missing := serve(t, http.NotFound)
	for name, test := range map[string]struct{ server, want string }{
		"closed port": {gone.URL, "no connection (tried 3 times)"},
		"404":         {missing.URL, "http 404"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := optionsFor(test.server, dir)
			_, err := Run(context.Background(), o)
			if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), virtual) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v; want one that names %s and says %q", err, virtual, test.want)
			}
			for _, name := range resultFiles {
				if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
					t.Errorf("%s was left behind", name)
				}
			}
			// Once the site is up, the same folder does.
			site := newSite(t, crawltest.Options{Stories: 2})
			if _, err := Run(context.Background(), optionsFor(site.URL, dir)); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestOneSiteOfTwoUnreachable(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 2})
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	o := optionsFor(site.URL, t.TempDir())
	o.Sites = append(o.Sites, Site{Name: "gone", Start: []string{gone.URL}, Story: Story{Body: "p"}})
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if f := report.Sites[1].Failures[FailConnection]; len(f) != 1 || report.Stories != 2 {
		t.Errorf("%+v", report)
	}
}

func TestNoStories(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 2})
	dir := t.TempDir()
	o := optionsFor(site.URL, dir)
	o.Sites[0].Story.Body = ".tale"
	_, err := Run(context.Background(), o)
	if !errors.Is(err, ErrNoStories) || !strings.Contains(err.Error(), `".tale"`) {
		t.Errorf("error %v; want one that names the selector", err)
	}
	// The right selector needs no new crawl.
	o.Sites[0].Story.Body = ".story"
	before := fmt.Sprint(site.Hits())
	if _, err := Run(context.Background(), o); err != nil {
		t.Error(err)
	}
	if after := fmt.Sprint(site.Hits()); after != before {
		t.Errorf("asked again: %s, before %s", after, before)
	}
}

// What the message says of pages that have text and are no stories.
func TestNoStoriesForTheirBounds(t *testing.T) {
	plain := "从前有一只狐狸，住在山里。" // 11 characters
	long := strings.Repeat(plain, 20)
	pages := map[string]string{
		"":      `<a href="/short">x</a><a href="/short2">x</a><a href="/latin">x</a><a href="/links">x</a><a href="/hidden">x</a>`,
		"short": tale("一", plain), "short2": tale("二", plain), "latin": tale("三", strings.Repeat("Once upon a time. ", 30)),
		"links":  tale("四", `<a href="/">`+long+`</a>`),
		"hidden": `<meta name="robots" content="noindex">` + tale("五", long),
	}
	for name, test := range map[string]struct {
		story     Story
		want, not []string
	}{
		"a body and bounds": {Story{Body: ".story", MinCharacters: 100, MinChinese: 0.7, MaxLinks: 0.3}, []string{
			`6 pages, text for story.body ".story" on 5, of which 2 too short (story.min_characters is 100), 1 not chinese (story.min_chinese is 0.7), ` +
				`1 mostly links (story.max_links is 0.3), 1 asking not to be indexed`, "set that bound", "choose others",
		}, []string{"on none"}},
		"without a body": {Story{}, []string{
			"6 pages, a main text on ", "too short (story.min_characters is 80)", "not chinese (story.min_chinese is 0.5)", "set that bound",
		}, []string{"story.body \"\"", "on none"}},
		"another body": {Story{Body: ".tale", MinCharacters: 100}, []string{
			`6 pages, story.body ".tale" matches text on none`, "look at the source",
		}, []string{"min_characters", "choose others"}},
	} {
		o := optionsFor(servePages(t, pages), t.TempDir())
		o.Sites[0].Story = test.story
		_, err := Run(context.Background(), o)
		if !errors.Is(err, ErrNoStories) {
			t.Errorf("%s: error %v, want ErrNoStories", name, err)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v; want %q", name, err, want)
			}
		}
		for _, not := range test.not {
			if strings.Contains(err.Error(), not) {
				t.Errorf("%s: %v; want no %q", name, err, not)
			}
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	site := newSite(t, crawltest.Options{Stories: 50})
	whole, dir := t.TempDir(), t.TempDir()
	if _, err := Run(context.Background(), optionsFor(site.URL, whole)); err != nil {
		t.Fatal(err)
	}
	o := optionsFor(site.URL, dir)
	o.Progress = func(p Progress) {
		if p.Done > 10 {
			cancel()
		}
	}
	if _, err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want context.Canceled", err)
	}
	if n := len(stored(t, dir)); n < 10 {
		t.Errorf("%d pages were kept", n)
	}
	o.Progress = nil
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	sameResults(t, dir, whole)
}

// TestCancelWhileWaiting calls a crawl off while a page does not answer.
func TestCancelWhileWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	asked := make(chan struct{})
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		close(asked)
		<-r.Context().Done()
	})
	go func() {
		<-asked
		cancel()
	}()
	if _, err := Run(ctx, optionsFor(server.URL, t.TempDir())); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestBoundsAreDeterministic(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 300, PerIndex: 30})
	var first string
	for range 3 {
		dir := t.TempDir()
		o := optionsFor(site.URL, dir)
		o.Sites[0].MaxPages = 50
		report, err := Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if report.Addresses != 50 || report.Sites[0].Skipped[SkipPages] == 0 {
			t.Errorf("%+v", report)
		}
		if first == "" {
			first = dir
		}
		sameResults(t, dir, first)
	}
}

func TestEndlessSiteEnds(t *testing.T) {
	server := newSite(t, crawltest.Options{Stories: 1})
	o := optionsFor(server.URL, t.TempDir())
	o.Sites[0].Start = append(o.Sites[0].Start, virtual+"calendar/1")
	o.Sites[0].MaxDepth = 30
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if n := report.Sites[0].Skipped[SkipDepth]; n != 1 || report.Pages != 33 {
		t.Errorf("%d pages, %d beyond the depth; want 33 and 1", report.Pages, n)
	}
}

func TestPatterns(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 30})
	o := optionsFor(site.URL, t.TempDir())
	o.Sites[0].Allow = []string{`/story/\d+$`}
	o.Sites[0].Deny = []string{`/story/1\d$`}
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	// The first index page links to 1..20 and each story to the next: 1..9 and
	// 20..30 are left, 10..19 and the second index page are not followed.
	if report.Stories != 20 || report.Sites[0].Skipped[SkipPattern] != 11 {
		t.Errorf("%d stories, skipped %v", report.Stories, report.Sites[0].Skipped)
	}
}

func TestTwoSites(t *testing.T) {
	one, two := newSite(t, crawltest.Options{Stories: 12}), newSite(t, crawltest.Options{Stories: 7})
	var first string
	for range 3 {
		dir := t.TempDir()
		o := optionsFor(one.URL, dir)
		o.Resolve["other.example"] = strings.TrimPrefix(two.URL, "http://")
		o.Sites = append(o.Sites,
			Site{Name: "other", Start: []string{"http://other.example/"}, Story: Story{Body: ".story"}},
			Site{Name: "again", Start: []string{virtual}, Story: Story{Body: ".story"}})
		report, err := Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		var stories []int64
		for _, s := range report.Sites {
			stories = append(stories, s.Stories)
		}
		if !slices.Equal(stories, []int64{12, 7, 0}) || report.Sites[2].Skipped[SkipDuplicate] != 12 {
			t.Errorf("stories by site %v, skipped of the third %v", stories, report.Sites[2].Skipped)
		}
		if first == "" {
			first = dir
		}
		sameResults(t, dir, first)
	}
	if n := one.Hits()["/robots.txt"]; n != 3 {
		t.Errorf("robots.txt was asked for %d times in 3 crawls", n)
	}
}

func TestStartRedirectsToAnotherHost(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 3})
	door := serve(t, func(w http.ResponseWriter, r *http.Request) {
		// robots.txt too: the host is asked for it before the site comes there.
		http.Redirect(w, r, strings.TrimSuffix(virtual, "/")+r.URL.Path, http.StatusMovedPermanently)
	})
	o := optionsFor(site.URL, t.TempDir())
	o.Resolve["door.example"] = strings.TrimPrefix(door.URL, "http://")
	o.Sites[0].Start = []string{"http://door.example/"}
	report, err := Run(context.Background(), o)
	if err != nil || report.Stories != 3 || report.Sites[0].Redirects != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	// The site's manners hold on the host that it came to.
	o.Dir, o.Scratch = t.TempDir(), t.TempDir()
	o.Sites[0].Concurrency, o.Sites[0].Delay = 2, time.Millisecond
	rules, err := o.compile()
	if err != nil {
		t.Fatal(err)
	}
	o.setDefaults()
	st, err := openStore(o.Scratch, o.Identity())
	if err != nil {
		t.Fatal(err)
	}
	defer st.close()
	r := &run{Options: o, rules: rules, store: st}
	if _, err := r.join(context.Background()); err != nil {
		t.Fatal(err)
	}
	gate := r.gates.hosts["tales.example"]
	if _, most := gate.slots.inUse(); most != 2 || gate.delay != time.Millisecond {
		t.Errorf("%d connections and a delay of %v where the start address leads to, want the site's", most, gate.delay)
	}
}

// TestPrivateAddresses has a start address that redirects into a private
// network, and to a name for this machine that no start address has.
func TestPrivateAddresses(t *testing.T) {
	inner := serve(t, func(w http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for", r.URL) })
	for name, target := range map[string]string{
		"loopback": inner.URL + "/", "mapped": strings.Replace(inner.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1) + "/",
		"link-local": "http://169.254.169.254/latest/meta-data/", "decimal": "http://2130706433/",
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				http.Redirect(w, r, target, http.StatusFound)
			})
			site := newSite(t, crawltest.Options{Stories: 1})
			o := optionsFor(site.URL, t.TempDir())
			o.Resolve["trap.example"] = strings.TrimPrefix(server.URL, "http://")
			o.Sites[0].Start = append(o.Sites[0].Start, "http://trap.example/")
			o.Sites[0].Contact = "me@tales.example"
			o.Sites[0].Delay = time.Millisecond
			report, err := Run(context.Background(), o)
			if err != nil || len(report.Sites[0].Failures[FailRefused]) != 1 {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
}

func TestRobotsInTrouble(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		want   string // "" is that the page is fetched
	}{
		"none":        {404, "", ""},
		"forbidden":   {403, "", ""},
		"in trouble":  {503, "", "robots.txt could not be had"},
		"all denied":  {200, "User-agent: *\nDisallow: /", "asks not to fetch"},
		"we denied":   {200, "User-agent: wakong\nDisallow: /\n\nUser-agent: *\nAllow: /", "asks not to fetch"},
		"others only": {200, "User-agent: other\nDisallow: /", ""},
		"html":        {200, "<html><body>Not found</body></html>", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var pages atomic.Int64
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					w.WriteHeader(test.status)
					fmt.Fprint(w, test.body)
					return
				}
				pages.Add(1)
				fmt.Fprint(w, storyPage)
			})
			o := optionsFor(server.URL, t.TempDir())
			o.Limits.MaxWait = time.Millisecond
			_, err := Run(context.Background(), o)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if fetched := pages.Load() > 0; fetched != (test.want == "") {
				t.Errorf("%d pages were asked for", pages.Load())
			}
		})
	}
}

func TestRequestIsHonest(t *testing.T) {
	agents := make(chan string, 10)
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agents <- r.URL.Path + " " + r.UserAgent() + r.Header.Get("Cookie")
		http.SetCookie(w, &http.Cookie{Name: "visit", Value: "1"})
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, storyPage+`<a href="/2">x</a>`)
	})
	o := optionsFor(server.URL, t.TempDir())
	o.Sites[0].Contact = "me@home.example"
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/robots.txt", "/", "/2"} {
		if got, want := <-agents, path+" wakong/1.0 (+me@home.example)"; got != want {
			t.Errorf("request %q, want %q", got, want)
		}
	}
}

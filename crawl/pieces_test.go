package crawl

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"HTTP://Tales.Example:80":                          "http://tales.example/",
		"https://a.example:443/x?#top":                     "https://a.example/x",
		"http://a.example/b/../c/./d":                      "http://a.example/c/d",
		"http://a.example/故事/一.html":                       "http://a.example/%E6%95%85%E4%BA%8B/%E4%B8%80.html",
		"http://a.example/?b=2&a=1&utm_source=x":           "http://a.example/?b=2&a=1",
		"http://a.example/p;jsessionid=AB12?PHPSESSID=9&x": "http://a.example/p?x",
		" http://a.example/a b ":                           "http://a.example/a%20b",
		"http://例子.example/":                               "http://xn--fsqu00a.example/",
		"http://0x7f.1/":                                   "http://127.0.0.1/",
	} {
		got, err := Canonical(in)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "story", "ftp://a.example/", "mailto:a@b.c", "javascript:alert(1)", "http://", "http://user:secret@a.example/",
		"file:///etc/passwd", "http://a.example/" + strings.Repeat("x", 5000),
	} {
		if got, err := Canonical(in); err == nil {
			t.Errorf("%.40q gives %q, want an error", in, got)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error holds a password: %v", err)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"http://a.example/;jsessionid=1?x#y", "https://[::1]:8080/%2e%2E/?&&a", "http://a/%zz", "HTTP:\\\\x\\y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		once, err := Canonical(address)
		if err != nil {
			return
		}
		if twice, err := Canonical(once); err != nil || twice != once {
			t.Errorf("%q: %q, and then %q, %v", address, once, twice, err)
		}
	})
}

func TestIsPublic(t *testing.T) {
	for in, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "255.255.255.255": false,
		"224.0.0.1": false, "::1": false, "::": false, "fe80::1": false, "fc00::1": false, "::ffff:10.0.0.1": false,
		"64:ff9b::a00:1": false, "2002:7f00:1::": false, "::7f00:1": false,
	} {
		if got := isPublic(netip.MustParseAddr(in)); got != want {
			t.Errorf("%s: public %v, want %v", in, got, want)
		}
	}
}

func TestRobotsRules(t *testing.T) {
	for name, test := range map[string]struct {
		text          string
		allow, forbid []string
	}{
		"empty":          {"", []string{"/"}, nil},
		"longest wins":   {"user-agent:*\nallow: /p\ndisallow: /", []string{"/page", "/p"}, []string{"/x", "/"}},
		"equals allow":   {"User-agent: *\nDisallow: /page\nAllow: /page", []string{"/page"}, nil},
		"stars and ends": {"User-agent: *\nDisallow: /*.gif$\nDisallow: /a*b", []string{"/x.gif?1", "/ac"}, []string{"/x.gif", "/axxb/c"}},
		"own group only": {"User-agent: *\nDisallow: /\nUser-agent: WaKong/2\nDisallow: /x", []string{"/y"}, []string{"/x1"}},
		"shared group":   {"User-agent: a\nUser-agent: wakong\nDisallow: /x\nUser-agent: b\nDisallow: /y", []string{"/y"}, []string{"/x"}},
		"groups joined":  {"User-agent: wakong\nDisallow: /x\nUser-agent: b\nDisallow: /\nUser-agent: wakong\nDisallow: /y", []string{"/z"}, []string{"/x", "/y"}},
		"empty disallow": {"User-agent: *\nDisallow:", []string{"/"}, nil},
		"percent":        {"User-agent: *\nDisallow: /故\nDisallow: /%e5%b9", []string{"/x"}, []string{"/%E6%95%85%E4", "/%E5%B9%B4"}},
		"unreserved":     {"User-agent: *\nDisallow: /private/\nDisallow: /%61%2d%7E", []string{"/%2Fprivate/", "/a%2A"}, []string{"/%70rivate/x", "/a-~x", "/%61%2D~"}},
		"reserved":       {"User-agent: *\nDisallow: /a%2fb\nDisallow: /x%y", []string{"/a/b", "/xy"}, []string{"/a%2Fb", "/x%y"}},
		"bad lines":      {"\xef\xbb\xbfUser-agent: *\r\nnonsense\r\nSitemap: x\r\nDisallow: /x # why\r\n", []string{"/y"}, []string{"/x"}},
		"anchored":       {"User-agent: *\nDisallow: /$\nDisallow: /a*$", []string{"/b"}, []string{"/", "/abc"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := parseRobots([]byte(test.text), "wakong")
			for _, path := range test.allow {
				if !r.allows(path) {
					t.Errorf("%s is forbidden", path)
				}
			}
			for _, path := range test.forbid {
				if r.allows(path) {
					t.Errorf("%s is allowed", path)
				}
			}
		})
	}
	if d := parseRobots([]byte("User-agent: *\nCrawl-delay: 2.5\n"), "wakong").delay; d != 2500*time.Millisecond {
		t.Errorf("delay %v", d)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /*a*b$\nCrawl-delay: NaN"), "/aab")
	f.Fuzz(func(t *testing.T, text []byte, path string) {
		r := parseRobots(text, "wakong")
		r.allows(path)
		if r.delay < 0 {
			t.Errorf("delay %v", r.delay)
		}
	})
}

func TestDecodeText(t *testing.T) {
	const simplified = "从前，森林里有一只狐狸，它在路上找到了一个苹果。“这个苹果真漂亮！”狐狸说。"
	const traditional = "從前，森林裡有一隻狐狸，牠在路上找到了一個蘋果。「這個蘋果真漂亮！」狐狸說。"
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String(simplified)
	gb18030, _ := simplifiedchinese.GB18030.NewEncoder().String(simplified + "𠀀")
	big5, _ := traditionalchinese.Big5.NewEncoder().String(traditional)
	for name, test := range map[string]struct{ body, head, want string }{
		"utf-8":            {simplified, "text/html; charset=utf-8", simplified},
		"utf-8 bom":        {"\xef\xbb\xbf" + simplified, "text/html", simplified},
		"undeclared utf-8": {simplified, "", simplified},
		"gbk head":         {gbk, "text/html; charset=GBK", simplified},
		"gb2312 head":      {gbk, "text/html; charset=gb2312", simplified},
		"gb18030":          {gb18030, "text/html; charset=gb18030", simplified + "𠀀"},
		"gbk meta":         {`<meta charset="gbk">` + gbk, "text/html", `<meta charset="gbk">` + simplified},
		"gbk undeclared":   {gbk, "text/html", simplified},
		"gbk as utf-8":     {gbk, "text/html; charset=utf-8", simplified},
		"utf-8 as gbk":     {simplified, "text/html; charset=gbk", simplified},
		"big5 head":        {big5, "text/html; charset=big5", traditional},
		"big5 undeclared":  {big5, "", traditional},
		"latin":            {"caf\xe9", "text/html", "café"},
		"one bad byte":     {simplified + "\xff", "text/html; charset=utf-8", simplified + "\uFFFD"},
		"utf-16":           {"\xff\xfe\x4e\x4f", "text/html", "\u4f4e"},
		"empty":            {"", "text/html", ""},
	} {
		if got := DecodeText([]byte(test.body), test.head); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestDecodeBody(t *testing.T) {
	const text = "从前有一只狐狸"
	pack := func(w io.WriteCloser, b *bytes.Buffer) []byte {
		io.WriteString(w, text)
		w.Close()
		return b.Bytes()
	}
	var a, b, c bytes.Buffer
	bare, _ := flate.NewWriter(&c, 6)
	zipped := pack(gzip.NewWriter(&a), &a)
	for name, test := range map[string]struct {
		encoding string
		body     []byte
		want     error
	}{
		"none": {"", []byte(text), nil}, "identity": {"identity", []byte(text), nil}, "gzip": {"gzip", zipped, nil},
		"x-gzip": {"X-GZIP", zipped, nil}, "zlib": {"deflate", pack(zlib.NewWriter(&b), &b), nil},
		"bare deflate": {"deflate", pack(bare, &c), nil}, "unknown": {"br", []byte(text), errEncoding},
		"broken": {"gzip", []byte(text), errEncoding}, "cut off": {"gzip", zipped[:len(zipped)-9], errEncoding},
		"layers": {"gzip, gzip, gzip", zipped, errEncoding},
	} {
		got, err := decodeBody(http.Header{"Content-Encoding": {test.encoding}}, test.body, 1000)
		if !errors.Is(err, test.want) || err == nil && string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := decodeBody(http.Header{"Content-Encoding": {"gzip"}}, zipped, 10); !errors.Is(err, errTooLarge) {
		t.Errorf("a body beyond the limit: %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	for in, want := range map[string]time.Duration{
		"": 0, "0": 0, "7": 7 * time.Second, "-3": 0, "99999999999999999999": 1 << 20 * time.Second, "soon": 1 << 20 * time.Second,
		"Fri, 31 Dec 1999 23:59:59 GMT": 0, "Mon, 06 May 2024 07:08:29 GMT": 20 * time.Second, "Fri, 31 Dec 2100 23:59:59 GMT": 1 << 20 * time.Second,
	} {
		if got := retryAfter(in, now); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
	r := &retrier{limits: Limits{RetryWait: time.Second, MaxWait: 10 * time.Second}}
	for attempt, most := range []time.Duration{1, 2, 4, 8, 10, 10} {
		if d := r.backoff("http://a/", attempt); d < most*time.Second/2 || d > most*time.Second {
			t.Errorf("attempt %d waits %v, want %ds at most and half of it at least", attempt, d, most)
		}
	}
}

// roundTrip is an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestHostGates has two hosts, one with a request that does not come back: the
// other is not held up, and the first lets no second request through.
func TestHostGates(t *testing.T) {
	entered, release := make(chan string, 10), make(chan struct{})
	g := &hostGates{
		rule: func(*url.URL) (manners, error) { return manners{concurrency: 1}, nil },
		next: roundTrip(func(r *http.Request) (*http.Response, error) {
			entered <- r.URL.Path
			if r.URL.Host == "slow.example" {
				<-release
			}
			return nil, io.EOF
		}),
	}
	get := func(ctx context.Context, address string) error {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		_, err := g.RoundTrip(req)
		return err
	}
	done := make(chan error)
	go func() { done <- get(context.Background(), "http://slow.example/1") }()
	if path := <-entered; path != "/1" {
		t.Fatal(path)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { done <- get(ctx, "http://slow.example/2") }()
	if err := get(context.Background(), "http://other.example/3"); err != io.EOF {
		t.Error(err)
	}
	if path := <-entered; path != "/3" {
		t.Errorf("%s passed the gate of a host that is busy", path)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("who waits when the crawl is called off: %v", err)
	}
	close(release)
	if err := <-done; err != io.EOF {
		t.Error(err)
	}
}

func TestDelay(t *testing.T) {
	r := &run{Options: Options{Sites: []Site{{}}, Resolve: map[string]string{"tales.example": "127.0.0.1:1"}}}
	r.dialer = newDialer(r.Resolve, nil)
	far, _ := url.Parse("https://far.example/")
	near, _ := url.Parse("http://tales.example/")
	r.rules = []*siteRules{{Site: Site{}, starts: []*url.URL{near}}}
	if _, err := r.manners(far); !errors.Is(err, errNoContact) {
		t.Errorf("another machine without a contact: %v", err)
	}
	if m, err := r.manners(near); err != nil || m != (manners{0, DefaultConcurrency, true}) {
		t.Errorf("this machine: %+v, %v", m, err)
	}
	r.rules = append(r.rules, &siteRules{Site: Site{Contact: "me@home.example", Delay: 3 * time.Second}, starts: []*url.URL{far}})
	if m, err := r.manners(far); err != nil || m != (manners{3 * time.Second, 1, false}) {
		t.Errorf("another machine: %+v, %v", m, err)
	}
	// Where a start address of a site leads to another host, its rules hold there too,
	// those of the most considerate site, also if the host was asked before.
	moved, _ := url.Parse("https://moved.example/")
	r.rules = append(r.rules, &siteRules{Site: Site{Delay: 5 * time.Second}, starts: []*url.URL{far}})
	r.gates = &hostGates{rule: r.manners}
	gate, err := r.gates.gate(moved)
	if err != nil || gate.delay != DefaultDelay {
		t.Fatalf("a host of no site: %+v, %v", gate, err)
	}
	r.rules[1].Concurrency, r.rules[2].Concurrency = 4, 2
	for i, want := range []manners{{delay: DefaultDelay, concurrency: 1}, {delay: 3 * time.Second, concurrency: 4}, {delay: 5 * time.Second, concurrency: 2}} {
		m := r.asks(i, moved)
		if _, most := gate.slots.inUse(); m != want || gate.delay != want.delay || most != want.concurrency {
			t.Errorf("after site %d asked: %+v, at the gate %v and %d; want %+v", i, m, gate.delay, most, want)
		}
	}
	r.rules[1].Concurrency, r.rules[2].Concurrency = 0, 0
	if m, err := r.mannersFor(2, near); err != nil || m.delay != 5*time.Second {
		t.Errorf("as if a site asked: %+v, %v", m, err)
	}
	if m, err := r.manners(near); err != nil || m.delay != 0 {
		t.Errorf("it did not ask: %+v, %v", m, err)
	}
	r.rules = r.rules[:2]
	g := &hostGates{rule: r.manners}
	g.crawlDelay(far, time.Hour)
	g.crawlDelay(near, time.Hour)
	for u, want := range map[*url.URL]time.Duration{far: MaxCrawlDelay, near: 0} {
		if h, err := g.gate(u); err != nil || h.pace() != want {
			t.Errorf("%s: delay %v, want %v", u, h.pace(), want)
		}
	}
}

func TestValidate(t *testing.T) {
	good := func() Options {
		return Options{Dir: "x", Sites: []Site{{Name: "a", Start: []string{"http://localhost:1/"}, Story: Story{Body: "p"}}}}
	}
	if err := good().Validate(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"no sites":    {func(o *Options) { o.Sites = nil }, "no sites"},
		"no name":     {func(o *Options) { o.Sites[0].Name = "" }, "no name"},
		"twice":       {func(o *Options) { o.Sites = append(o.Sites, o.Sites[0]) }, "stands twice"},
		"no start":    {func(o *Options) { o.Sites[0].Start = nil }, "no address"},
		"bad start":   {func(o *Options) { o.Sites[0].Start = []string{"tales"} }, "site a: start"},
		"scheme":      {func(o *Options) { o.Sites[0].Start = []string{"ftp://localhost/"} }, "neither http nor https"},
		"no contact":  {func(o *Options) { o.Sites[0].Start = []string{"http://far.example/"} }, "set contact to"},
		"bad contact": {func(o *Options) { o.Sites[0].Contact = "me" }, "neither an e-mail"},
		"bad next":    {func(o *Options) { o.Sites[0].Story.Next = "a[" }, "story.next"},
		"bad share":   {func(o *Options) { o.Sites[0].Story.MaxLinks = 2 }, "max_links"},
		"bad body":    {func(o *Options) { o.Sites[0].Story.Body = "p[" }, `story.body: "p["`},
		"bad title":   {func(o *Options) { o.Sites[0].Story.Title = ">>" }, "story.title"},
		"bad allow":   {func(o *Options) { o.Sites[0].Allow = []string{"("} }, "allow"},
		"resolve":     {func(o *Options) { o.Resolve = map[string]string{"a": "b"} }, "resolve a"},
		"agent":       {func(o *Options) { o.UserAgent = "a\nb" }, "user agent"},
	} {
		o := good()
		test.change(&o)
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, test.want)
		}
	}
	o := good()
	o.Dir = ""
	if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), "Options.Dir") {
		t.Errorf("no folder: %v", err)
	}
}

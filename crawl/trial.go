package crawl

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"sync"

	"wakong/crawl/warc"
)

// Trial is what one page yields under the rules of a site.
type Trial struct {
	URL string // canonical
	// Redirects are the addresses that led from URL to the page, itself last.
	Redirects []string
	Status    int    // of the last answer; 0 is none
	Failure   string // kind of failure, as in the report
	Skip      string // reason for which the page gives no story
	Bytes     int64  // as sent
	Charset   string // in which it was read
	// Story has what was found; also where Skip says that it is not used.
	Story Document
	Next  string // the page that goes on with the story
	// Script: the page shows next to nothing, and scripts would fill it.
	Script bool
	// Kept are the links that would be followed, Dropped those that would not be,
	// by reason, each in the page's order. Depth and number are not looked at.
	Kept     []string
	Dropped  map[string][]string
	Nofollow int // links that the page asks not to follow
}

// Try fetches one page as a crawl of the options' only site would, robots.txt,
// politeness and limits included, and says what it yields. It writes nothing.
// What is wrong with the page is in the Trial; the error is for options that
// make no sense, an address that is none, and a ctx that is done.
func Try(ctx context.Context, o Options, address string) (Trial, error) {
	rules, err := o.compile()
	if err != nil {
		return Trial{}, err
	}
	if len(rules) != 1 {
		return Trial{}, fmt.Errorf("crawl: a page is tried with one site, not %d", len(rules))
	}
	t := Trial{Dropped: map[string][]string{}}
	if t.URL, err = Canonical(address); err != nil {
		return Trial{}, fmt.Errorf("crawl: %w", err)
	}
	o.setDefaults()
	r := &run{Options: o, rules: rules}
	r.dialer = newDialer(o.Resolve, rules[0].starts)
	r.dialer.resolver = o.resolver
	transport, closeIdle := r.transport(&robotsMemory{})
	defer closeIdle()
	if len(o.Archives) > 0 {
		dir, err := os.MkdirTemp("", "wakong-archives-")
		if err != nil {
			return Trial{}, fmt.Errorf("crawl: %w", err)
		}
		defer os.RemoveAll(dir)
		if r.captures, err = openCaptures(ctx, o.Archives, dir); err != nil {
			return Trial{}, err
		}
		defer r.captures.close()
		transport.replays(r.captures, r)
	}
	f := r.fetcher(rules[0], transport)
	for at := t.URL; ; {
		if u, err := url.Parse(at); err == nil {
			r.asks(0, u)
		}
		got, data, err := f.fetch(ctx, entry{URL: at})
		if err != nil {
			return Trial{}, fmt.Errorf("crawl: %w", err)
		}
		t.Status, t.Failure, t.Skip = got.Status, got.Failure, got.Skip
		t.Bytes += got.Bytes
		if got.Location != "" {
			if len(t.Redirects) >= o.Limits.Redirects {
				t.Failure = FailRedirects
				return t, nil
			}
			at = got.Location
			t.Redirects = append(t.Redirects, at)
			continue
		}
		if got.Failure != "" || got.Skip != "" {
			return t, nil
		}
		t.links(rules[0], at, got)
		return t, t.read(rules[0], got, data, o.Limits)
	}
}

// read extracts from the exchange, as a crawl does.
func (t *Trial) read(rules *siteRules, got outcome, data []byte, limits Limits) error {
	in, err := warc.NewReader(bytes.NewReader(data[got.Response.Offset:][:got.Response.Length]))
	if err != nil {
		return fmt.Errorf("crawl: %w", err)
	}
	rec, err := in.Next()
	if err != nil {
		return fmt.Errorf("crawl: %w", err)
	}
	page, err := parsePage(rec, limits.Bytes)
	if err != nil {
		return fmt.Errorf("crawl: %w", err)
	}
	x, err := rules.extract.extract(page)
	if err != nil {
		t.Failure = FailHTML
		return nil
	}
	t.Charset, t.Story, t.Failure, t.Skip = x.charset, x.doc, x.failure, x.skip
	t.Script = x.failure == FailScript
	return nil
}

// links sorts the links of the page at an address by what a crawl does with them.
func (t *Trial) links(rules *siteRules, address string, got outcome) {
	t.Next, t.Nofollow = got.Next, got.Nofollow
	hosts := []string{}
	for _, u := range rules.starts {
		hosts = append(hosts, hostKey(u))
	}
	if u, err := url.Parse(address); err == nil {
		hosts = append(hosts, hostKey(u))
	}
	refusesHost := func(l lead) string {
		if !slices.Contains(hosts, hostKey(l.url)) {
			return SkipHost
		}
		return ""
	}
	seen := map[string]bool{}
	from := entry{URL: address, Depth: -1} // how deep it stands is not known
	for _, l := range from.leads(&outcome{Links: got.Links}, 0) {
		if seen[l.URL] {
			continue
		}
		seen[l.URL] = true
		if reason := rules.refuses(l, refusesHost); reason != "" {
			t.Dropped[reason] = append(t.Dropped[reason], l.URL)
			continue
		}
		t.Kept = append(t.Kept, l.URL)
	}
}

// robotsMemory keeps answers as long as a trial takes.
type robotsMemory struct{ answers sync.Map }

func (m *robotsMemory) robots(origin string) (robotsAnswer, bool, error) {
	a, ok := m.answers.Load(origin)
	if !ok {
		return robotsAnswer{}, false, nil
	}
	return a.(robotsAnswer), true, nil
}

func (m *robotsMemory) putRobots(origin string, a robotsAnswer, _ []exchange) error {
	m.answers.Store(origin, a)
	return nil
}

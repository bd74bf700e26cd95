package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"

	"wakong/crawl/sitemap"
)

// maxLinks is how many links of one page are followed.
const maxLinks = 10_000

// result is a fetched entry on its way to the store.
type result struct {
	job     job
	outcome outcome
	data    []byte // WARC members of the exchanges
	size    int64  // share of maxHeld
	err     error  // the crawl was called off, or cannot go on
}

// newCollector is colly as the crawl uses it: to make requests through our
// transport and to parse what comes back. Made without NewCollector, which takes
// settings from the environment.
func newCollector(transport http.RoundTripper, agent string) *colly.Collector {
	c := &colly.Collector{}
	c.Init()
	c.UserAgent = agent
	c.MaxBodySize = 0        // the transport's limits say when they are exceeded
	c.IgnoreRobotsTxt = true // the transport honours it
	c.SetRequestTimeout(0)   // the transport's is for one attempt, without the waits
	c.WithTransport(transport)
	// The frontier is what knows which addresses were asked for, durably; colly
	// would forget it, and count what was asked but never stored.
	c.AllowURLRevisit = true
	// No cookies: what a page holds then depends on its address alone, which
	// both a replay and a crawl by several connections need.
	c.DisableCookies()
	return c
}

// fetcher fetches one address at a time through colly; it may be used by many
// goroutines.
type fetcher struct {
	base    *colly.Collector
	product string // the name by which pages may call us
	headers ownHeaders
	proxy   *url.URL // nil is none
	now     func() time.Time
	// next finds the page that continues a story; nil finds none.
	next func(page *goquery.Selection, address string) string
}

// fetch asks for an entry and finds its links. What goes wrong with the page is
// in the outcome; err is only for a crawl that is called off.
func (f *fetcher) fetch(ctx context.Context, e entry) (o outcome, data []byte, err error) {
	c := &capture{}
	// A clone shares the client; its context and callbacks are this page's.
	page := f.base.Clone()
	page.Context = withProxy(withCapture(ctx, c), f.proxy)
	links := &linkSet{rules: pageRules{product: f.product}}
	if e.Map > 0 {
		c.anyType, c.limit = true, sitemap.MaxBytes
	} else {
		f.watch(page, links, &o)
	}
	var failed error
	page.OnError(func(_ *colly.Response, err error) { failed = err })
	if err := request(page, e.URL, f.headers.to(e.URL)); err != nil && failed == nil {
		failed = err
	}
	if ctx.Err() != nil {
		return outcome{}, nil, ctx.Err()
	}
	o.Attempts = c.attempts
	o.Bytes = bytesSent(c.exchanges)
	if data, o.Response, err = exchangeMembers(c.exchanges); err != nil {
		return outcome{}, nil, err
	}
	a := c.answer
	switch {
	case errors.Is(failed, errStore):
		return outcome{}, nil, failed
	case errors.Is(failed, errDenied):
		o.Skip = SkipRobots
	case errors.Is(failed, errNotHTML):
		o.Skip, o.Status = SkipNotHTML, http.StatusOK
	case errors.Is(failed, errNoContact):
		o.Skip = SkipNoContact
	case a == nil:
		o.Failure = failureKind(failed)
	case a.status >= 300 && a.status < 400:
		o.Status = a.status
		if o.Location = absolute(e.URL, a.location); o.Location == "" {
			o.Failure = FailRedirects
		}
	case a.status != http.StatusOK:
		o.Status, o.Failure = a.status, statusKind(a.status)
	case len(a.body) == 0:
		o.Status, o.Failure = a.status, FailEmpty
	case e.Map > 0:
		o.Status = a.status
		o.readSitemap(e.URL, a.body)
	case failed != nil:
		o.Status, o.Failure = a.status, FailHTML
	case !isPage(a):
		o.Status, o.Skip = a.status, SkipNotHTML
	default:
		o.Status = a.status
		links.rules.header(a.header)
		if o.Links, o.Nofollow = links.take(); links.rules.nofollow {
			o.Next = ""
		}
	}
	record, err := endingMember(e.URL, o, a != nil, failed, f.now())
	return o, append(data, record...), err
}

// watch has colly collect what matters of a page.
func (f *fetcher) watch(page *colly.Collector, links *linkSet, o *outcome) {
	page.OnHTML("meta[name]", links.onMeta)
	page.OnHTML("a[href], area[href], link[rel][href]", links.onLink)
	page.OnHTML("html", func(e *colly.HTMLElement) {
		if f.next != nil {
			o.Next = f.next(e.DOM, e.Request.URL.String())
		}
	})
}

// request runs colly for one address. A page that brings the parser down is that
// page's failure, not the crawl's.
func request(page *colly.Collector, address string, fields http.Header) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("reading %s: %v", address, p)
		}
	}()
	return page.Request(http.MethodGet, address, nil, nil, fields)
}

func isPage(a *answer) bool {
	if a.header.Get("Content-Type") == "" {
		return strings.HasPrefix(http.DetectContentType(a.body), "text/")
	}
	return mayBePage(a.header)
}

// absolute resolves a Location; "" is none that can be followed.
func absolute(base, location string) string {
	if location = strings.TrimSpace(location); location == "" {
		return ""
	}
	parsed, err := addressParser.ParseRef(base, location)
	if err != nil {
		return ""
	}
	canonical, err := Canonical(parsed.Href(true))
	if err != nil {
		return ""
	}
	return canonical
}

// linkSet collects the links of a page in the page's order.
type linkSet struct {
	links    []string
	nofollow int
	rules    pageRules
}

func (l *linkSet) onMeta(e *colly.HTMLElement) {
	l.rules.meta(e.Attr("name"), e.Attr("content"))
}

func (l *linkSet) onLink(e *colly.HTMLElement) {
	rel := strings.Fields(strings.ToLower(e.Attr("rel")))
	has := func(word string) bool {
		for _, r := range rel {
			if r == word {
				return true
			}
		}
		return false
	}
	if e.Name == "link" && !has("next") {
		return // style sheets and the like
	}
	href := strings.TrimSpace(e.Attr("href"))
	if href == "" || strings.HasPrefix(href, "#") {
		return
	}
	if has("nofollow") {
		l.nofollow++
		return
	}
	if len(l.links) < maxLinks {
		if address := e.Request.AbsoluteURL(href); address != "" {
			l.links = append(l.links, address)
		}
	}
}

func (l *linkSet) take() (links []string, nofollow int) {
	if l.rules.nofollow {
		return nil, l.nofollow + len(l.links)
	}
	return l.links, l.nofollow
}

package crawl

import (
	"bytes"
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
	var failed error
	if e.Map > 0 {
		c.anyType, c.limit = true, sitemap.MaxBytes
	} else {
		// Parsed here and not by colly, which resolves a base and links of any length:
		// that takes time by the square of it, and a long base's memory with every link.
		page.OnResponse(func(r *colly.Response) {
			if r.StatusCode == http.StatusOK {
				failed = f.read(r, links, &o)
			}
		})
	}
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

// read collects what matters of a page.
func (f *fetcher) read(r *colly.Response, links *linkSet, o *outcome) error {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(r.Body))
	if err != nil {
		return err
	}
	for _, n := range doc.FindMatcher(metaName).Nodes {
		links.rules.meta(attribute(n, "name"), attribute(n, "content"))
	}
	address := r.Request.URL.String()
	links.collect(doc.Selection, address)
	if f.next != nil {
		o.Next = f.next(doc.Selection, address)
	}
	return nil
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

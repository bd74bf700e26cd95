package crawl

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"net/url"
)

// histories tell what there is of an address; a history without exchanges and ending
// is nothing.
type histories interface {
	history(address string) (history, error)
}

// replay stands for the network, and all that is polite towards it, in a crawl
// without one: it answers as the archives say that the site did.
type replay struct {
	archives histories
	limits   Limits
	rule     func(*url.URL) (manners, error)
}

// replays has the gate take the answers from archives, for which nothing waits.
func (g *robotsGate) replays(archives histories, r *run) {
	g.next = &replay{archives: archives, limits: r.Limits, rule: r.manners}
	g.delay, g.wait = nil, 0
}

func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	if _, err := r.rule(req.URL); err != nil {
		return nil, err
	}
	c := captureOf(req)
	c.answer = nil
	address := req.URL.String()
	h, err := r.archives.history(address)
	if err != nil {
		return nil, err
	}
	last, _ := h.last()
	if !c.anyType && last.head != nil && h.ending.kind == "" {
		// Another crawler, or a crawl by other rules, read it for what it is.
		if status, header, ok := readHead(last.head); ok && status == http.StatusOK && !mayBePage(header) {
			return nil, errNotHTML
		}
	}
	if !c.has(address) { // a host in trouble is asked again
		c.attempts += len(h.exchanges)
		c.exchanges = append(c.exchanges, h.exchanges...)
	}
	switch {
	case h.ending.kind == endingSkip:
		return nil, fmt.Errorf("%w: %w", errNotHTML, endingError{h.ending})
	case h.ending.kind != "":
		return nil, endingError{h.ending}
	case len(h.exchanges) > 0:
		return c.takeArchived(req, last, max(r.limits.Bytes, c.limit))
	case c.robots:
		// A host that could not be asked, which the endings of its pages tell, or
		// one of which nothing is archived.
		c.answer = &answer{status: http.StatusNotFound, header: http.Header{}}
		return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: req}, nil
	}
	return nil, errNotArchived
}

// takeArchived makes an archived answer the capture's, as the wire would have
// brought it.
func (c *capture) takeArchived(req *http.Request, ex exchange, limit int64) (*http.Response, error) {
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(ex.head)), req)
	if err != nil {
		return nil, fmt.Errorf("crawl: %w: the archived head of %s: %w", errStore, ex.url, err)
	}
	resp.Body.Close()
	return c.take(resp, ex, limit)
}

// has tells whether an exchange of that address is captured.
func (c *capture) has(address string) bool {
	for _, ex := range c.exchanges {
		if ex.url == address {
			return true
		}
	}
	return false
}

package crawl

import (
	"bufio"
	"bytes"
	"net/http"

	"wakong/crawl/warc"
)

// recrawl asks for a page that an earlier crawl archived on condition that it
// changed. Where it did not, the old response is the answer, and goes into the new
// archive before the record of the revisit: so an archive is whole without those
// before it, which may be removed.
type recrawl struct {
	next     http.RoundTripper
	previous *previous
	limits   Limits
}

func (r *recrawl) RoundTrip(req *http.Request) (*http.Response, error) {
	c := captureOf(req)
	if c.robots {
		return r.next.RoundTrip(req) // small, and asked for once a host
	}
	h, err := r.previous.history(req.URL.String())
	if err != nil {
		return nil, err
	}
	limit := max(r.limits.Bytes, c.limit)
	old, latest, ok := h.reusable(limit)
	if !ok {
		return r.next.RoundTrip(req)
	}
	conditional := req.Clone(req.Context())
	asked := false
	for validator, field := range map[string]string{"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"} {
		if value := latest.Get(validator); value != "" {
			conditional.Header.Set(field, value)
			asked = true
		}
	}
	resp, err := r.next.RoundTrip(conditional)
	if err != nil || c.answer == nil || len(c.exchanges) == 0 {
		return resp, err
	}
	last := &c.exchanges[len(c.exchanges)-1]
	switch {
	case c.answer.status == http.StatusNotModified && asked:
		if !sameMeaning(old.header, c.answer.header, "X-Robots-Tag", "Content-Type") {
			// The page stays, but what it means is another thing: all of it then.
			return r.next.RoundTrip(req)
		}
		last.profile = warc.ProfileNotModified
	case c.answer.status == http.StatusOK && bytes.Equal(last.body, old.body) &&
		old.header.Get("X-Robots-Tag") == c.answer.header.Get("X-Robots-Tag") &&
		sameMeaning(old.header, c.answer.header, "Content-Type") && old.header.Get("Content-Encoding") == c.answer.header.Get("Content-Encoding"):
		last.profile = warc.ProfileIdentical
	default:
		return resp, nil
	}
	last.body = nil
	visit := *last
	c.exchanges = append(c.exchanges[:len(c.exchanges)-1], old.exchange, visit)
	return c.takeArchived(req, old.exchange, limit)
}

// sameMeaning tells whether fields that say how a page is to be read are as they
// were, or are left out.
func sameMeaning(old, now http.Header, names ...string) bool {
	for _, name := range names {
		if value := now.Get(name); value != "" && value != old.Get(name) {
			return false
		}
	}
	return true
}

// archivedPage is a response with its head taken apart.
type archivedPage struct {
	exchange
	header http.Header
}

// reusable is the page that an address had, and the head of the latest answer,
// which may be a revisit's; false is none that could be used again.
func (h history) reusable(limit int64) (old archivedPage, latest http.Header, ok bool) {
	ex, visit := h.last()
	if h.ending.kind != "" || ex.head == nil {
		return old, nil, false
	}
	status, header, ok := readHead(ex.head)
	if !ok || status != http.StatusOK {
		return old, nil, false
	}
	if _, err := decodeBody(header, ex.body, limit); err != nil {
		return old, nil, false
	}
	latest = header.Clone()
	if _, fields, ok := readHead(visit.head); ok {
		for _, name := range []string{"ETag", "Last-Modified"} {
			if value := fields.Get(name); value != "" {
				latest.Set(name, value)
			}
		}
	}
	return archivedPage{ex, header}, latest, true
}

// last is the last response, and the revisit behind it where there is one.
func (h history) last() (response, visit exchange) {
	for _, ex := range h.exchanges {
		if ex.profile != "" {
			visit = ex
		} else {
			response, visit = ex, exchange{}
		}
	}
	return response, visit
}

func readHead(head []byte) (status int, h http.Header, ok bool) {
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(head)), nil)
	if err != nil {
		return 0, nil, false
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Header, true
}

// bytesSent counts the bodies that came over the wire: not that of a response which
// an earlier crawl had, but what brought the same again.
func bytesSent(exchanges []exchange) (n int64) {
	for i, ex := range exchanges {
		switch {
		case ex.profile == warc.ProfileIdentical:
			n += int64(len(exchanges[i-1].body))
		case i+1 == len(exchanges) || exchanges[i+1].profile == "":
			n += int64(len(ex.body))
		}
	}
	return n
}

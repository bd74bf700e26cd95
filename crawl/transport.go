package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sort"
	"strings"
	"time"
)

// colly's own cache, limits, robots and redirects fall short of what a crawl
// needs (its cache repeats error answers for ever, its redirects go past robots
// and limits), so all of it happens underneath, in a stack of
// http.RoundTrippers of which colly sees the outermost:
//
//	robotsGate -> retrier -> hostGates -> wire -> http.Transport
//
// Each adds one behaviour. A page's capture travels down in the request's
// context and collects the exchanges.

// exchange is one request and its complete answer.
type exchange struct {
	url     string
	time    time.Time
	ip      string
	request []byte // request head as sent
	head    []byte // response head
	body    []byte // as sent, without the transfer encoding; none of a revisit
	// profile is that of a revisit: an answer that brought nothing but what the
	// exchange before it holds, which an earlier crawl had.
	profile string
}

// answer is what a round trip yields to the crawler.
type answer struct {
	status   int
	header   http.Header
	location string
	body     []byte // content decoding undone
}

// capture collects what happened while one address was fetched.
type capture struct {
	exchanges []exchange
	answer    *answer // of the last attempt; nil if it failed
	attempts  int
	robots    bool  // asks for a robots.txt
	anyType   bool  // read bodies that are no pages too (robots.txt)
	limit     int64 // of the body where it is more than Limits.Bytes
}

type captureKey struct{}

func withCapture(ctx context.Context, c *capture) context.Context {
	return context.WithValue(ctx, captureKey{}, c)
}

func captureOf(req *http.Request) *capture {
	if c, ok := req.Context().Value(captureKey{}).(*capture); ok {
		return c
	}
	return &capture{}
}

// wire is the innermost of ours: it makes one exchange within the limits and
// reads all of it, so that what is above holds finished answers only.
type wire struct {
	next   http.RoundTripper
	limits Limits
	now    func() time.Time
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	c := captureOf(req)
	c.attempts++
	c.answer = nil
	ctx, cancel := context.WithTimeout(req.Context(), w.limits.Time)
	defer cancel()
	ex := exchange{url: req.URL.String(), time: w.now()}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		if proxyOf(ctx) != nil {
			return // it is the proxy's, and says nothing about the site
		}
		if host, _, err := net.SplitHostPort(i.Conn.RemoteAddr().String()); err == nil {
			ex.ip = host
		}
	}})
	req = req.Clone(ctx)
	req.Header.Set("Accept-Encoding", "gzip")
	ex.request = requestHead(req)
	resp, err := w.next.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoAnswer, w.timeout(req, ctx, err))
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK && !c.anyType && !mayBePage(resp.Header) {
		kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
		return nil, fmt.Errorf("%w: %.60s", errNotHTML, kind)
	}
	limit := max(w.limits.Bytes, c.limit)
	if ex.body, err = readBody(resp.Body, resp.ContentLength, limit); err != nil {
		return nil, w.timeout(req, ctx, err)
	}
	ex.head = responseHead(resp)
	c.exchanges = append(c.exchanges, ex)
	return c.take(resp, ex, limit)
}

// take makes the exchange, which is read to its end, the answer.
func (c *capture) take(resp *http.Response, ex exchange, limit int64) (*http.Response, error) {
	body, err := decodeBody(resp.Header, ex.body, limit)
	if err != nil {
		return nil, err
	}
	c.answer = &answer{
		status: resp.StatusCode, header: resp.Header,
		location: resp.Header.Get("Location"), body: body,
	}
	return forColly(resp, body), nil
}

// timeout tells the page's time running out from the whole crawl's being called
// off: only the first is the page's failure.
func (w *wire) timeout(req *http.Request, ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("after %v: %w", w.limits.Time, context.DeadlineExceeded)
	}
	return err
}

// forColly is the response as colly gets it: the body decoded to UTF-8, so that
// its links are read right whatever the page's charset, and without a
// Location, since a redirect is an address like any other to the crawler.
func forColly(resp *http.Response, body []byte) *http.Response {
	out := *resp
	out.Header = resp.Header.Clone()
	out.Header.Del("Location")
	out.Header.Del("Content-Encoding")
	out.Uncompressed = true // colly is not to decompress by itself
	if mayBePage(resp.Header) {
		body = []byte(DecodeText(body, resp.Header.Get("Content-Type")))
		out.Header.Set("Content-Type", "text/html; charset=utf-8")
	}
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.ContentLength = int64(len(body))
	return &out
}

// mayBePage tells from the head whether the body is a page with links and text.
func mayBePage(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && kind == "" {
		return true // not declared: a page, as browsers take it
	}
	return kind == "text/html" || kind == "application/xhtml+xml"
}

// requestHead is the head that net/http sends for req: the host and the user
// agent, then the others of archivedFields by name.
func requestHead(req *http.Request) []byte {
	var b bytes.Buffer
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", req.Method, req.URL.RequestURI(), host)
	if agent := req.Header.Get("User-Agent"); agent != "" {
		fmt.Fprintf(&b, "User-Agent: %s\r\n", agent)
	}
	fields := http.Header{}
	for name, values := range req.Header {
		if archivedFields[name] {
			fields[name] = values
		}
	}
	writeFields(&b, fields, "User-Agent")
	return b.Bytes()
}

// responseHead is the answer's head, fields sorted by name: net/http does not
// tell their order. The transfer encoding is left out, it is undone.
func responseHead(resp *http.Response) []byte {
	var b bytes.Buffer
	status := strings.TrimSpace(resp.Status)
	fmt.Fprintf(&b, "%s %s\r\n", resp.Proto, status)
	header := resp.Header
	if resp.ContentLength >= 0 && header.Get("Content-Length") == "" {
		header = header.Clone()
		header.Set("Content-Length", fmt.Sprint(resp.ContentLength))
	}
	writeFields(&b, header, "Transfer-Encoding")
	return b.Bytes()
}

func writeFields(b *bytes.Buffer, h http.Header, without string) {
	names := make([]string, 0, len(h))
	for name := range h {
		if name != without {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		for _, value := range h[name] {
			value = strings.NewReplacer("\r", " ", "\n", " ").Replace(textproto.TrimString(value))
			fmt.Fprintf(b, "%s: %s\r\n", name, value)
		}
	}
	b.WriteString("\r\n")
}

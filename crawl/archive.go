package crawl

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"wakong/crawl/warc"
)

// Page is one answer of a site, as the archive holds it: the input of extraction.
type Page struct {
	URL    string // canonical address
	Time   time.Time
	Status int
	Header http.Header
	Body   []byte // content encoding undone, in the page's own charset
}

// maxMessage bounds the head of an archived message.
const maxMessage = 1 << 20

// exchangeMembers are the WARC records of a page's exchanges, one gzip member
// each, and the place of the last response among them.
func exchangeMembers(exchanges []exchange) (data []byte, response ref, err error) {
	var b bytes.Buffer
	var kept *warc.Record // the response that a revisit refers to
	for i, ex := range exchanges {
		salt := strconv.Itoa(i)
		var resp *warc.Record
		if ex.profile == "" {
			block := append(ex.head[:len(ex.head):len(ex.head)], ex.body...)
			resp = warc.NewRecord(warc.TypeResponse, ex.url, warc.ContentResponse, salt, ex.time, block)
			resp.Set("WARC-IP-Address", ex.ip)
			resp.Set("WARC-Payload-Digest", warc.Digest(ex.body))
			kept = resp
		} else if resp, err = revisitRecord(ex, salt, kept); err != nil {
			return nil, ref{}, err
		}
		from := int64(b.Len())
		if ex.request == nil {
			// Taken from another crawler's archive: what it asked was its own.
			if err := warc.WriteMember(&b, resp); err != nil {
				return nil, ref{}, err
			}
			response = ref{from, int64(b.Len()) - from}
			continue
		}
		req := warc.NewRecord(warc.TypeRequest, ex.url, warc.ContentRequest, salt, ex.time, ex.request)
		req.Set("WARC-IP-Address", ex.ip)
		req.Set("WARC-Concurrent-To", "<"+resp.ID()+">")
		if err := warc.WriteMember(&b, req); err != nil {
			return nil, ref{}, err
		}
		from = int64(b.Len())
		if err := warc.WriteMember(&b, resp); err != nil {
			return nil, ref{}, err
		}
		if ex.profile == "" {
			response = ref{from, int64(b.Len()) - from}
		}
	}
	return b.Bytes(), response, nil
}

// revisitRecord is the record of an answer that brought what kept holds.
func revisitRecord(ex exchange, salt string, kept *warc.Record) (*warc.Record, error) {
	if kept == nil {
		return nil, fmt.Errorf("crawl: %w: %s: a revisit without the response that it refers to", errStore, ex.url)
	}
	r := warc.NewRecord(warc.TypeRevisit, ex.url, warc.ContentResponse, salt, ex.time, ex.head)
	r.Set("WARC-IP-Address", ex.ip)
	r.Set("WARC-Payload-Digest", kept.Get("WARC-Payload-Digest"))
	r.Set("WARC-Profile", ex.profile)
	r.Set("WARC-Refers-To", "<"+kept.ID()+">")
	r.Set("WARC-Refers-To-Target-URI", ex.url)
	r.Set("WARC-Refers-To-Date", kept.Get("WARC-Date"))
	return r, nil
}

// infoRecord opens an archive. It depends on the options alone.
func infoRecord(file, agent string, at time.Time) *warc.Record {
	block := "software: wakong crawl\r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n" +
		"robots: obey\r\nhttp-header-user-agent: " + agent + "\r\n"
	r := warc.NewRecord(warc.TypeInfo, "", warc.ContentFields, "", at, []byte(block))
	r.Set("WARC-Filename", file)
	return r
}

// ReadArchive yields the HTML pages of a WARC archive, in its order: the
// responses with status 200, and resources that are HTML. What is in the archive but cannot be read as a page
// (a damaged encoding) is left out. The archive may be another crawler's.
func ReadArchive(r io.Reader) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		in, err := warc.NewReader(r)
		for err == nil {
			var rec *warc.Record
			rec, err = in.Next()
			if err != nil {
				break
			}
			page, perr := archivedAs(rec)
			if perr != nil || page.Status != http.StatusOK || !mayBePage(page.Header) || strings.HasSuffix(page.URL, "/robots.txt") {
				continue
			}
			if !yield(page, nil) {
				return
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(Page{}, fmt.Errorf("crawl: reading the archive: %w", err))
		}
	}
}

// archivedAs is the page that a record holds: a response, or a file that was
// archived without the exchange that brought it (a resource). Any other record, such
// as a revisit, a conversion or an answer of a name server, is a page with status 0.
func archivedAs(rec *warc.Record) (Page, error) {
	kind := strings.ToLower(rec.Get("Content-Type"))
	switch {
	case rec.Type() == warc.TypeResponse && isHTTP(rec):
		return parsePage(rec, warc.MaxBlock)
	case rec.Type() == warc.TypeResource && kind != "":
		p := pageOf(rec)
		p.Status, p.Header, p.Body = http.StatusOK, http.Header{"Content-Type": {kind}}, rec.Block
		return p, nil
	}
	return Page{}, nil
}

func isHTTP(rec *warc.Record) bool {
	return strings.HasPrefix(strings.ToLower(rec.Get("Content-Type")), "application/http")
}

// pageOf is a page with what the record's own head tells.
func pageOf(rec *warc.Record) Page {
	p := Page{URL: target(rec)}
	if canonical, err := Canonical(p.URL); err == nil {
		p.URL = canonical
	}
	p.Time = recordTime(rec)
	return p
}

// recordTime is the date of a record, to the second. WARC 1.1 allows fractions and
// dates that are cut short; converters leave the dates of older formats.
func recordTime(rec *warc.Record) time.Time {
	for _, layout := range []string{time.RFC3339, "20060102150405", "2006-01-02T15:04Z", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, rec.Get("WARC-Date")); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// parsePage takes apart the HTTP message of a response record.
func parsePage(rec *warc.Record, limit int64) (Page, error) {
	p, err := messageOf(rec, limit)
	if err != nil {
		return p, err
	}
	if p.Body, err = decodeBody(p.Header, p.Body, limit); err != nil {
		return p, fmt.Errorf("%s: %w", p.URL, err)
	}
	return p, nil
}

// messageOf is parsePage with the body as it was sent, but for the transfer encoding.
func messageOf(rec *warc.Record, limit int64) (Page, error) {
	p := pageOf(rec)
	head, _, ok := bytes.Cut(rec.Block, []byte("\r\n\r\n"))
	if !ok || len(head) > maxMessage {
		return p, fmt.Errorf("%s: not an HTTP message", p.URL)
	}
	// The Content-Length of other crawlers' heads may be that of what they
	// received before they were cut off; the record's own length is what counts.
	resp, err := http.ReadResponse(bufio.NewReader(io.MultiReader(bytes.NewReader(oneOne(head)), strings.NewReader("\r\n\r\n"))), nil)
	if err != nil {
		return p, fmt.Errorf("%s: %w", p.URL, err)
	}
	resp.Body.Close()
	p.Status, p.Header = resp.StatusCode, resp.Header
	body := rec.Block[len(head)+4:]
	if len(resp.TransferEncoding) > 0 {
		if whole, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(rec.Block)), nil); err == nil {
			plain, err := readBody(whole.Body, 0, limit)
			whole.Body.Close()
			if errors.Is(err, errTooLarge) {
				return p, fmt.Errorf("%s: %w", p.URL, err)
			}
			// Without one chunk, the crawler undid the encoding and kept the field; with
			// an error behind some, the body was cut off, as its page is.
			if err == nil || len(plain) > 0 {
				body = plain
			}
		}
	}
	if encoding := p.Header.Get("Content-Encoding"); strings.HasSuffix(strings.ToLower(encoding), "gzip") && !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		// The crawler undid this one too.
		p.Header = p.Header.Clone()
		p.Header.Del("Content-Encoding")
	}
	p.Body = body
	return p, nil
}

// oneOne is the head as of HTTP/1.1: browsers archive "HTTP/2 200", which is none.
func oneOne(head []byte) []byte {
	version, rest, _ := bytes.Cut(head, []byte(" "))
	if string(version) == "HTTP/2" || string(version) == "HTTP/3" {
		return append([]byte("HTTP/1.1 "), rest...)
	}
	return head
}

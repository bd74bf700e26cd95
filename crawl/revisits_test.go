package crawl

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What a revisit that was resolved answers: with a head of its own what that says, and
// else what the record says that it names.
func TestRevisits(t *testing.T) {
	const (
		date    = "2019-01-01T00:00:00Z"
		empty   = "WARC-Payload-Digest: sha1:EMPTY"
		page    = "WARC-Payload-Digest: sha1:PAGE"
		profile = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
		moved   = "HTTP/1.1 301 Moved\nContent-Type: text/html\nLocation: /to/"
	)
	visit := func(path, head string, fields ...string) string {
		return captureRecord("revisit", virtual+path, "2020-01-01T00:00:00Z", head, "", append(fields, profile)...)
	}
	bare := func(path string, fields ...string) string {
		return foreignRecord(fmt.Sprintf("WARC/1.0\nWARC-Type: revisit\nWARC-Target-URI: %s%s\nWARC-Date: 2020-01-01T00:00:00Z\nWARC-Record-ID: <urn:x:v>\n%s",
			virtual, path, strings.Join(append(fields, profile), "\n")), "")
	}
	records := []string{
		captureRecord("response", virtual+"a", date, moved+"1", "", empty),
		captureRecord("response", virtual+"b", date, moved+"2", "", empty),
		captureRecord("response", virtual+"c", date, moved+"3", "", empty),
		captureRecord("response", virtual+"gz", date, "HTTP/1.1 200 OK\nContent-Type: text/html; charset=gbk\nX-Robots-Tag: noindex\nContent-Length: 9", "payload", page),
		captureRecord("response", virtual+"gone", date, "HTTP/1.1 404 Gone\nContent-Type: text/html", "payload", page),
		// With a head of its own.
		visit("own", moved+"9", empty),
		visit("page", "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 77\nTransfer-Encoding: chunked\nContent-Type: text/html; charset=utf-8\nETag: x", page),
		visit("short", "HTTP/1.1 200 OK", page),
		visit("error", "HTTP/1.1 404 Not Found\nContent-Type: text/plain", page),
		// Without one.
		bare("by-id", empty, "WARC-Refers-To: <urn:x:"+virtual+"b>"),
		bare("by-address", empty, "WARC-Refers-To-Target-URI: <"+virtual+"c>"),
		bare("by-both", empty, "WARC-Refers-To-Target-URI: "+virtual+"c", "WARC-Refers-To: <urn:x:"+virtual+"b>"),
		bare("b", empty),
		bare("by-digest", page, "WARC-Refers-To: <urn:x:nowhere>"),
		bare("unknown", empty),
	}
	want := map[string]string{
		"own":        "301 /to/9 text/html",
		"page":       "200  text/html; charset=utf-8 payload",
		"short":      "200  text/html; charset=gbk payload",
		"error":      "404  text/plain payload",
		"by-id":      "301 /to/2 text/html",
		"by-address": "301 /to/3 text/html",
		"by-both":    "301 /to/2 text/html",
		"b":          "301 /to/2 text/html",
		"by-digest":  "200  text/html; charset=gbk payload",
		"unknown":    "",
	}
	for how, data := range packed(records) {
		dir := t.TempDir()
		c, err := openCaptures(context.Background(), []string{writeArchive(t, "a.warc", data)}, dir)
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range want {
			h, err := c.history(virtual + path)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(h.exchanges) > 0 {
				ex := h.exchanges[0]
				resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(ex.head)), nil)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				got = strings.TrimSpace(fmt.Sprintf("%d %s %s %s", resp.StatusCode, resp.Header.Get("Location"), resp.Header.Get("Content-Type"), ex.body))
				if coded := resp.Header.Get("Content-Encoding") + strings.Join(resp.TransferEncoding, ""); coded != "" {
					t.Errorf("%s, %s: coded as %s", how, path, coded)
				}
				if path == "page" && (resp.Header.Get("X-Robots-Tag") != "" || resp.Header.Get("ETag") != "x") {
					t.Errorf("%s: fields of another answer: %v", how, resp.Header)
				}
			}
			if got != want {
				t.Errorf("%s, %s: %q, want %q", how, path, got, want)
			}
		}
		if err := c.close(); err != nil {
			t.Error(err)
		}
	}
}

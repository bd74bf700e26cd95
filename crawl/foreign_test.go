package crawl

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// foreignRecord is a record as others write it, head and block as they are.
func foreignRecord(head, block string) string {
	return fmt.Sprintf("%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", strings.ReplaceAll(head, "\n", "\r\n"), len(block), block)
}

const foreignPage = `<!DOCTYPE html><meta charset="utf-8"><h1>灯笼</h1><div class="story"><p>从前有一盏灯笼。</p></div>`

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// foreign are archives in the ways of other crawlers, each with one page that holds
// a story, at http://tales.example/lantern.
var foreign = map[string][]string{
	// A line break within a field, one-line requests, dns: and robots.txt records.
	"Heritrix": {
		foreignRecord("WARC/1.0\nWARC-Type: warcinfo\nWARC-Date: 2019-01-02T03:04:05Z\nWARC-Filename: a.warc.gz\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\nContent-Type: application/warc-fields", "software: Heritrix/3.4.0\r\nrobots: obey\r\n"),
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Target-URI: dns:tales.example\nWARC-Date: 2019-01-02T03:04:05Z\nWARC-IP-Address: 192.0.2.1\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000002>\nContent-Type: text/dns", "20190102030405\ntales.example.\t300\tIN\tA\t192.0.2.2\n"),
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Target-URI: http://tales.example/robots.txt\nWARC-Date: 2019-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000003>\nContent-Type: application/http; msgtype=response", crlf("HTTP/1.1 200 OK\nContent-Type: text/html\n\n")+foreignPage),
		// The transfer encoding stands in the record, as it came.
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Target-URI: http://tales.example/lantern\nWARC-Date: 2019-01-02T03:04:05Z\nWARC-Payload-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000004>\nContent-Type: application/http; msgtype=response",
			crlf("HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked\n\n")+fmt.Sprintf("1e\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\n\r\n", foreignPage[:30], len(foreignPage)-30, foreignPage[30:])),
		foreignRecord("WARC/1.0\nWARC-Type: request\nWARC-Target-URI: http://tales.example/lantern\nWARC-Date: 2019-01-02T03:04:05Z\nWARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000004>\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000005>\nContent-Type: application/http; msgtype=request", crlf("GET /lantern HTTP/1.0\n\n")),
		foreignRecord("WARC/1.0\nWARC-Type: metadata\nWARC-Target-URI: http://tales.example/lantern\nWARC-Date: 2019-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000006>\nContent-Type: application/warc-fields", "via: http://tales.example/\r\nfetchTimeMs: 12\r\n"),
		foreignRecord("WARC/1.0\nWARC-Type: revisit\nWARC-Target-URI: http://tales.example/lantern\nWARC-Date: 2019-02-02T03:04:05Z\nWARC-Profile: http://netpreserve.org/warc/1.0/revisit/server-not-modified\nWARC-Truncated: length\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000007>\nContent-Type: application/http; msgtype=response", crlf("HTTP/1.1 304 Not Modified\nETag: \"x\"\n\n")),
	},
	// Addresses in angle brackets, a log as a resource, the field of a transfer
	// encoding that is undone.
	"wget": {
		foreignRecord("WARC/1.0\nWARC-Type: warcinfo\nContent-Type: application/warc-fields\nWARC-Date: 2020-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000011>", "software: Wget/1.21 (linux-gnu)\r\n"),
		foreignRecord("WARC/1.0\nWARC-Type: request\nWARC-Target-URI: <http://tales.example/lantern>\nContent-Type: application/http;msgtype=request\nWARC-Date: 2020-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000012>", crlf("GET /lantern HTTP/1.1\nHost: tales.example\n\n")),
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000013>\nWARC-Target-URI: <http://tales.example/lantern>\nWARC-Date: 2020-01-02T03:04:05Z\nContent-Type: application/http;msgtype=response", crlf("HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked\n\n")+foreignPage),
		foreignRecord("WARC/1.0\nWARC-Type: resource\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000014>\nWARC-Target-URI: <metadata://gnu.org/software/wget/warc/wget.log>\nWARC-Date: 2020-01-02T03:04:05Z\nContent-Type: text/plain", "--2020-01-02 03:04:05--  http://tales.example/lantern\n"),
	},
	// Heads whose encodings and lengths were renamed, a missing page, an image, text
	// taken out, a page that was cut off.
	"Common Crawl": {
		foreignRecord("WARC/1.0\nWARC-Type: warcinfo\nWARC-Date: 2021-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000021>\nContent-Type: application/warc-fields", "isPartOf: CC-MAIN\r\n"),
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Date: 2021-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000022>\nWARC-Target-URI: http://tales.example/none\nContent-Type: application/http; msgtype=response", crlf("HTTP/1.1 404 Not Found\nContent-Type: text/html\n\n")+foreignPage),
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Date: 2021-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000023>\nWARC-Target-URI: http://tales.example/a.png\nContent-Type: application/http; msgtype=response", crlf("HTTP/1.1 200 OK\nContent-Type: image/png\n\n")+"\x89PNG"),
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Date: 2021-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000024>\nWARC-Target-URI: http://tales.example/lantern\nWARC-Identified-Payload-Type: text/html\nWARC-Truncated: length\nContent-Type: application/http; msgtype=response", crlf("HTTP/1.1 200\nContent-Type: text/html\nX-Crawl-Content-Encoding: gzip\nX-Crawl-Content-Length: 99\nContent-Length: 1000000\n\n")+foreignPage),
		foreignRecord("WARC/1.0\nWARC-Type: conversion\nWARC-Target-URI: http://tales.example/lantern\nWARC-Date: 2021-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000025>\nContent-Type: text/plain", "灯笼\n从前有一盏灯笼。\n"),
	},
	// A file that was not fetched, WARC 1.1 with fractions of a second.
	"resources": {
		foreignRecord("WARC/1.1\nWARC-Type: resource\nWARC-Target-URI: http://tales.example/lantern\nWARC-Date: 2022-01-02T03:04:05.123456Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000031>\nContent-Type: text/html", foreignPage),
		foreignRecord("WARC/1.1\nWARC-Type: continuation\nWARC-Segment-Number: 2\nWARC-Target-URI: http://tales.example/x\nWARC-Date: 2022-01-02T03:04:05Z\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000032>", "rest"),
	},
	// A body whose last chunks are missing gives the page as far as it came.
	"cut off": {
		foreignRecord("WARC/1.0\nWARC-Type: response\nWARC-Target-URI: http://tales.example/lantern\nWARC-Date: 2019-01-02T03:04:05Z\nWARC-Truncated: time\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000041>\nContent-Type: application/http; msgtype=response",
			crlf("HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked\n\n")+fmt.Sprintf("%x\r\n%s", len(foreignPage)+500, foreignPage)),
	},
}

// Archives of other crawlers are read however they are compressed.
func TestForeignArchives(t *testing.T) {
	for name, records := range foreign {
		for how, data := range packed(records) {
			t.Run(name+", "+how, func(t *testing.T) {
				var pages []Page
				for page, err := range ReadArchive(bytes.NewReader(data)) {
					if err != nil {
						t.Fatal(err)
					}
					pages = append(pages, page)
				}
				if len(pages) != 1 || pages[0].URL != "http://tales.example/lantern" || pages[0].Time.IsZero() {
					t.Fatalf("pages: %+v", pages)
				}
				d, ok, err := Extract(pages[0], Story{Body: ".story"})
				if err != nil || !ok || d.Title != "灯笼" || d.Text != "从前有一盏灯笼。" {
					t.Errorf("%+v %v %v", d, ok, err)
				}
			})
		}
	}
}

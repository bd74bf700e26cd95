package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// capture is a page as another crawler archives it.
func capture(address, date, body string) string {
	block := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
	return fmt.Sprintf("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <%s>\r\nWARC-Date: %s\r\nWARC-Record-ID: <urn:x:1>\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
		address, date, len(block), block)
}

// Archives of other crawlers, named on the command line or in the configuration, give
// the pages of the sites, without the network and without a contact.
func TestCrawlArchives(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "warc", "one.warc"), capture("https://far.example/a", "2019-01-02T03:04:05Z", `<h1>旧</h1><p>旧的。</p>`)+
		capture("https://other.example/x", "2019-01-02T03:04:05Z", `<h1>别</h1><p>别的。</p>`))
	write(t, filepath.Join(dir, "warc", "two.warc"), capture("https://far.example/a", "2020-01-02T03:04:05Z", `<h1>新</h1><p>新的。</p>`))
	file := filepath.Join(dir, "pipeline.yaml")
	site := "sites: [{name: a, start: [\"https://far.example/\"], story: {body: p}, headers: [\"Cookie: ${NO_SUCH_COOKIE}\"]}]"
	args := []string{"crawl", "-c", file, "-w", filepath.Join(dir, "work")}
	with := func(more ...string) []string { return slices.Concat(args, more) }
	documents := func() []string {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(dir, "work", "cache", "crawl", "*", "documents.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, name := range found {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, string(data))
		}
		return all
	}

	write(t, file, "crawl: {"+site+"}\n")
	expect(t, exitUsage, `"NO_SUCH_COOKIE" is not set`, args...)
	t.Setenv("NO_SUCH_COOKIE", "a=b")
	expect(t, exitUsage, "set contact", args...)
	os.Unsetenv("NO_SUCH_COOKIE") // without the network no one is sent it
	expect(t, exitDone, "1 stories", with("--offline", "--archive", filepath.Join(dir, "warc", "*.warc"))...)
	if got := documents(); len(got) != 1 || !strings.Contains(got[0], "新的。") || strings.Count(got[0], "\n") != 1 {
		t.Errorf("%q", got)
	}
	// In the configuration they are the same inputs under other names, and --offline is implied.
	write(t, file, "crawl: {"+site+", archives: [\"warc/*.warc\"]}\n")
	expect(t, exitDone, "1 stories", args...)
	expect(t, exitDone, "nothing changed", with("--offline")...)
	if got := documents(); len(got) != 2 || got[0] != got[1] {
		t.Errorf("%q", got)
	}
	r := expect(t, exitDone, "", with("--try", "https://far.example/a")...)
	if !strings.Contains(r.out, "新的。") {
		t.Error(r.out)
	}
	write(t, filepath.Join(dir, "warc", "two.warc"), capture("https://far.example/a", "2020-01-02T03:04:05Z", `<h1>改</h1><p>改了。</p>`))
	expect(t, exitDone, "1 stories", args...)
	write(t, filepath.Join(dir, "warc", "two.warc"), "no archive\n")
	expect(t, exitFailed, "two.warc is no WARC archive", args...)
	write(t, filepath.Join(dir, "warc", "two.warc"), capture("https://far.example/b", "2020-01-02T03:04:05Z", `<p>二。</p>`)+"WARC/1.0\r\nbroken\r\n")
	expect(t, exitDone, "1 records of the archives could not be read; the first: two.warc at byte ", args...)

	expect(t, exitUsage, "--refresh", with("--refresh")...)
	expect(t, exitUsage, "give one of them", with("--refresh", "--archive", "x")...)
	expect(t, exitFailed, "none*.warc", with("--archive", filepath.Join(dir, "none*.warc"))...)
	expect(t, exitUsage, "stands under crawl.sites", "crawl", "--archive", "x", "-w", filepath.Join(dir, "demonstration"))
	write(t, file, "crawl: {"+site+", archives: [\"warc/none.warc\"]}\n")
	expect(t, exitUsage, "none.warc: no such file", args...)
	write(t, file, "crawl: {archives: [\"warc/none.warc\"]}\n")
	expect(t, exitUsage, "stands under crawl.sites", args...)
	write(t, file, "crawl: {"+site+", archives: [a.warc], redis: \"redis://localhost:1/0\", shared_crawl: a}\n")
	expect(t, exitUsage, "leave out crawl.redis", args...)
}

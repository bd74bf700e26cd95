package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// A second look at the pages, with another selector, costs no request; a refresh
// costs a conditional one a page, and brings what changed.
func TestCrawlRefresh(t *testing.T) {
	var asked, unchanged atomic.Int64
	var text atomic.Value
	text.Store("狐狸住在山里。")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		page := `<h1>狐狸</h1><div class="a">从前有一只狐狸。</div><div class="b">` + text.Load().(string) + `</div>`
		switch tag := `"` + text.Load().(string) + `"`; {
		case r.URL.Path != "/":
			http.NotFound(w, r)
		case r.Header.Get("If-None-Match") == tag:
			unchanged.Add(1)
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", tag)
			io.WriteString(w, page)
		}
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	work := filepath.Join(dir, "work[1]") // a pattern, to who takes it for one
	file := filepath.Join(dir, "pipeline.yaml")
	config := func(body string) {
		write(t, file, "crawl: {sites: [{name: a, start: [\""+server.URL+"/\"], story: {body: "+body+"}}]}\n")
	}
	requests := func(want, wantUnchanged int64) {
		t.Helper()
		if a, u := asked.Swap(0), unchanged.Swap(0); a != want || u != wantUnchanged {
			t.Errorf("%d requests, %d answered as unchanged; want %d and %d", a, u, want, wantUnchanged)
		}
	}
	args := []string{"crawl", "-c", file, "-w", work}
	refresh := slices.Concat(args, []string{"--refresh"})
	config(".none")
	expect(t, exitFailed, "matches text on none", refresh...) // nothing to refresh: a crawl
	requests(2, 0)
	for _, body := range []string{".a", ".b"} {
		config(body)
		expect(t, exitDone, "1 stories", args...)
	}
	requests(0, 0)
	expect(t, exitDone, "1 stories", refresh...)
	requests(2, 1)
	expect(t, exitDone, "nothing changed", args...)
	requests(0, 0)
	text.Store("狐狸搬走了。")
	expect(t, exitDone, "1 stories", refresh...)
	requests(2, 0)
	status := expect(t, exitDone, "", "status", "-c", file, "-w", work)
	if !strings.Contains(status.out, "fresh") {
		t.Error(status.out)
	}
	found, err := os.ReadDir(filepath.Join(work, "pages"))
	if err != nil || len(found) != 1 {
		t.Errorf("pages are kept of %v, %v; want of one crawl", found, err)
	}
	expect(t, exitUsage, "give one of them", slices.Concat(refresh, []string{"--offline"})...)

	// A snapshot holds no count of the refreshes, and what it holds is fresh all the same.
	packed, restored := filepath.Join(dir, "all.tar.zst"), filepath.Join(dir, "restored")
	expect(t, exitDone, "", "snapshot", "create", packed, "-c", file, "-w", work)
	expect(t, exitDone, "", "snapshot", "restore", packed, "-c", file, "-w", restored)
	expect(t, exitDone, "nothing changed", "crawl", "-c", file, "-w", restored)
	requests(0, 0)

	// A refresh that was stopped is gone on with, whatever is read from archives in the
	// meantime: that is a result of the crawl before.
	number := read(t, filepath.Join(work, "refresh.json"))
	write(t, filepath.Join(work, "refresh.json"), "{\"number\":3,\"ended\":false}\n")
	if number != "{\"number\":2,\"ended\":true}\n" {
		t.Errorf("after two refreshes: %s", number)
	}
	config(".a")
	expect(t, exitDone, "1 stories", slices.Concat(args, []string{"--offline"})...)
	requests(0, 0)
	expect(t, exitDone, "1 stories", args...)
	requests(2, 1)
	expect(t, exitUsage, "never changes", "crawl", "--refresh", "-w", filepath.Join(dir, "demonstration"))

	// A refresh whose result the cache has already has ended, too.
	write(t, filepath.Join(work, "refresh.json"), "{\"number\":2,\"ended\":false}\n")
	config(".b")
	expect(t, exitDone, "an earlier result is used again", args...)
	requests(0, 0)
	if state := read(t, filepath.Join(work, "refresh.json")); state != "{\"number\":2,\"ended\":true}\n" {
		t.Errorf("after an earlier result: %s", state)
	}

	// Without the results of crawls and what is kept of them all pages are asked for again.
	for _, folder := range []string{"cache", "pages"} {
		if err := os.RemoveAll(filepath.Join(work, folder)); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, exitFailed, "holds no archive of a crawl yet", slices.Concat(args, []string{"--offline"})...)
	expect(t, exitDone, "1 stories", args...)
	requests(2, 0)
	write(t, filepath.Join(work, "refresh.json"), "{\"number\": -3}\n")
	expect(t, exitFailed, "found the number -3", args...)
}

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
)

// A refresh of a shared crawl needs a name of its own: under the old one no page would
// be asked for, and the crawl come out empty.
func TestSharedCrawlRefresh(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		asked.Add(1)
		io.WriteString(w, `<h1>狐狸</h1><div class="a">从前有一只狐狸。</div>`)
	}))
	t.Cleanup(server.Close)
	redis := miniredis.RunT(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "pipeline.yaml")
	named := func(name string) {
		write(t, file, "crawl: {redis: \"redis://"+redis.Addr()+"/0\", shared_crawl: "+name+", sites: [{name: a, start: [\""+server.URL+"/\"], story: {body: .a}}]}\n")
	}
	args := []string{"crawl", "-c", file, "-w", filepath.Join(dir, "work")}
	refresh := slices.Concat(args, []string{"--refresh"})
	named("one")
	expect(t, exitDone, "1 stories", args...)
	expect(t, exitUsage, `the shared crawl "one" has ended`, refresh...)
	expect(t, exitDone, "nothing changed", args...)
	named("two")
	expect(t, exitDone, "1 stories", refresh...)
	if n := asked.Load(); n != 2 {
		t.Errorf("the page was asked for %d times, want once for each crawl", n)
	}
	expect(t, exitUsage, `the shared crawl "two" has ended`, refresh...)
	// Another name is another crawl, and what one process has of a shared one is not
	// what it gets alone.
	named("three")
	expect(t, exitDone, "1 stories", args...)
	redis.Close()
	expect(t, exitFailed, "redis at ", refresh...)
	write(t, file, "crawl: {sites: [{name: a, start: [\""+server.URL+"/\"], story: {body: .a}}]}\n")
	expect(t, exitDone, "1 stories", args...)
	if n := asked.Load(); n != 4 {
		t.Errorf("the page was asked for %d times, want once for each crawl", n)
	}
}

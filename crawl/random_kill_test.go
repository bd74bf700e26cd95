package crawl

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"wakong/crawl/crawltest"
)

// TestKilledAtRandom kills crawls by SIGKILL while the server is at a random
// request, ten times each, and lets them end. The environment variable
// WAKONG_CRAWL_KILLS sets how many kills there are in all, over crawls of 2,000
// pages. Then the same of crawls that find the site unchanged since an earlier one.
func TestKilledAtRandom(t *testing.T) {
	kills, pages := 5, 200
	if n, err := strconv.Atoi(os.Getenv("WAKONG_CRAWL_KILLS")); err == nil {
		kills, pages = n, 2000
	}
	site := newSite(t, crawltest.Options{Stories: pages, PerIndex: 50})
	server := &killing{next: &validated{next: site, kind: "ETag"}, reached: make(chan struct{}, 1)}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	first, again := t.TempDir(), t.TempDir()
	child(t, listener.URL, first, 0)
	t.Run("crawl", func(t *testing.T) { server.kill(t, listener.URL, kills, pages, first) })
	t.Setenv("CRAWL_TEST_PREVIOUS", filepath.Join(first, ArchiveFile))
	child(t, listener.URL, again, 0)
	t.Run("recrawl", func(t *testing.T) { server.kill(t, listener.URL, kills, pages, again) })
}

// killing tells of a request after so many.
type killing struct {
	next    http.Handler
	left    atomic.Int64
	reached chan struct{}
}

func (k *killing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if k.left.Add(-1) == 0 {
		k.reached <- struct{}{}
	}
	k.next.ServeHTTP(w, r)
}

// kill kills crawls and compares what they come to with an undisturbed one.
func (k *killing) kill(t *testing.T, address string, kills, pages int, whole string) {
	draw := rand.New(rand.NewPCG(1, 2))
	done := 0
	for done < kills {
		dir := t.TempDir()
		for range 10 {
			k.left.Store(1 + draw.Int64N(int64(pages/5)))
			ctx, cancel := context.WithCancel(context.Background())
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^$") // cancel is SIGKILL
			cmd.Env = append(os.Environ(), "CRAWL_TEST_CHILD="+dir, "CRAWL_TEST_SERVER="+address, "CRAWL_TEST_KILL=0")
			ended := make(chan error, 1)
			go func() { ended <- cmd.Run() }()
			select {
			case <-k.reached:
				cancel()
				<-ended
				done++
			case err := <-ended:
				if err != nil {
					t.Error(err)
				}
			}
			cancel()
			if done == kills {
				break
			}
		}
		k.left.Store(0)
		child(t, address, dir, 0)
		got, want := archived(t, dir), archived(t, whole)
		if !slices.Equal(got, want) {
			t.Errorf("%d pages archived, %d different, want %d", len(got), len(slices.Compact(slices.Clone(got))), len(want))
		}
		sameResults(t, dir, whole)
	}
	t.Logf("%d kills, crawls of %d stories", done, pages)
}

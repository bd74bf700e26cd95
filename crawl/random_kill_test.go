package crawl

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"wakong/crawl/crawltest"
)

// TestKilledAtRandom kills crawls by SIGKILL while the server is at a random
// request, ten times each, and lets them end. The environment variable
// WAKONG_CRAWL_KILLS sets how many kills there are in all, over crawls of 2,000
// pages.
func TestKilledAtRandom(t *testing.T) {
	kills, pages := 5, 200
	if n, err := strconv.Atoi(os.Getenv("WAKONG_CRAWL_KILLS")); err == nil {
		kills, pages = n, 2000
	}
	site := newSite(t, crawltest.Options{Stories: pages, PerIndex: 50})
	whole := t.TempDir()
	child(t, site.URL, whole, 0)
	var left atomic.Int64
	reached := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if left.Add(-1) == 0 {
			reached <- struct{}{}
		}
		site.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	draw := rand.New(rand.NewPCG(1, 2))
	done := 0
	for done < kills {
		dir := t.TempDir()
		for range 10 {
			left.Store(1 + draw.Int64N(int64(pages/5)))
			ctx, cancel := context.WithCancel(context.Background())
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^$") // cancel is SIGKILL
			cmd.Env = append(os.Environ(), "CRAWL_TEST_CHILD="+dir, "CRAWL_TEST_SERVER="+server.URL, "CRAWL_TEST_KILL=0")
			ended := make(chan error, 1)
			go func() { ended <- cmd.Run() }()
			select {
			case <-reached:
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
		left.Store(0)
		child(t, server.URL, dir, 0)
		got, want := archived(t, dir), archived(t, whole)
		if !slices.Equal(got, want) {
			t.Errorf("%d pages archived, %d different, want %d", len(got), len(slices.Compact(slices.Clone(got))), len(want))
		}
		if !bytes.Equal(readFile(t, dir, DocumentsFile), readFile(t, whole, DocumentsFile)) {
			t.Error("other documents than those of an undisturbed crawl")
		}
	}
	t.Logf("%d kills, crawls of %d stories", done, pages)
}

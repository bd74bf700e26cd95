package crawl

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"wakong/crawl/crawltest"
)

// memory is a line of /proc/self/status, in MB.
func memory(name string) float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), name+":")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseFloat(fields[0], 64)
	return kilobytes / 1000
}

// measured makes the crawl of a child tell the memory that it had of its own, and the most
// that was mapped of files (the program and the frontier), which the system
// takes back when it needs it.
func measured(o *Options) {
	var mu sync.Mutex
	var own []float64
	var mapped float64
	look := func() {
		mu.Lock()
		defer mu.Unlock()
		own, mapped = append(own, memory("RssAnon")), max(mapped, memory("RssFile"))
	}
	go func() {
		for range time.Tick(50 * time.Millisecond) {
			look()
		}
	}()
	last := o.checkpoint
	o.checkpoint = func(moment string) {
		if last(moment); moment == "results" {
			look()
			mu.Lock()
			defer mu.Unlock()
			slices.Sort(own)
			fmt.Fprintf(os.Stderr, "peak %.0f MB; median %.0f MB and at most %.0f MB anonymous, at most %.0f MB mapped from files\n",
				memory("VmHWM"), own[len(own)/2], own[len(own)-1], mapped)
		}
	}
}

// TestMemory crawls sites of the sizes in WAKONG_CRAWL_MEMORY ("1000 20000 100000"),
// each in a process of its own.
func TestMemory(t *testing.T) {
	sizes := strings.Fields(os.Getenv("WAKONG_CRAWL_MEMORY"))
	if len(sizes) == 0 {
		t.Skip("WAKONG_CRAWL_MEMORY does not say how many pages to crawl")
	}
	for _, size := range sizes {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		site := newSite(t, crawltest.Options{Stories: n, PerIndex: 100})
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), "CRAWL_TEST_CHILD="+t.TempDir(), "CRAWL_TEST_SERVER="+site.URL, "CRAWL_TEST_MEMORY=1")
		begun := time.Now()
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		first, _, _ := strings.Cut(string(out), "\n")
		t.Logf("%d pages, %.0f a second: %s", n, float64(n)/time.Since(begun).Seconds(), first)
	}
}

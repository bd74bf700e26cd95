package crawl

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
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

// measured makes the crawl of a child tell, at each progress, the most memory that
// it had of its own; what of the frontier's file is mapped the system takes back
// when it needs it.
func measured(o *Options) {
	own := 0.0
	o.Progress = func(Progress) { own = max(own, memory("RssAnon")) }
	last := o.checkpoint
	o.checkpoint = func(moment string) {
		if last(moment); moment == "results" {
			own = max(own, memory("RssAnon"))
			fmt.Fprintf(os.Stderr, "peak %.0f MB, of these at most %.0f MB not mapped from files\n", memory("VmHWM"), own)
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
		site := newSite(t, crawltest.Options{Stories: n, PerIndex: max(50, n/100)})
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

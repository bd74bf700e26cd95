package crawl

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"wakong/crawl/crawltest"
)

// crawlChild is the process that the tests below kill: this test binary, which
// crawls into dir and dies of SIGKILL at the given checkpoint.
func crawlChild(dir string) {
	last, _ := strconv.ParseInt(os.Getenv("CRAWL_TEST_KILL"), 10, 64)
	o := optionsFor(os.Getenv("CRAWL_TEST_SERVER"), dir)
	if address := os.Getenv("CRAWL_TEST_REDIS"); address != "" {
		o = shared(o, address, os.Getenv("CRAWL_TEST_NAME"))
	}
	if most, err := strconv.ParseUint(os.Getenv("CRAWL_TEST_FULL"), 10, 64); err == nil {
		// No file may grow beyond this: a disk that is full for whoever writes.
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	var passed atomic.Int64
	o.checkpoint = func(string) {
		if passed.Add(1) == last {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	if archive := os.Getenv("CRAWL_TEST_PREVIOUS"); archive != "" {
		o.Previous = [][]string{{archive}}
	}
	if os.Getenv("CRAWL_TEST_MEMORY") != "" {
		o.Sites[0].MaxPages, o.Sites[0].MaxDepth = -1, -1
		measured(&o)
	}
	if _, err := Run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(passed.Load())
	os.Exit(0)
}

// child runs crawlChild; killed tells that it died of SIGKILL.
func child(t *testing.T, server, dir string, at int) (checkpoints int, killed bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "CRAWL_TEST_CHILD="+dir, "CRAWL_TEST_SERVER="+server, "CRAWL_TEST_KILL="+strconv.Itoa(at))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
			return 0, true
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	checkpoints, err = strconv.Atoi(string(out))
	if err != nil {
		t.Fatal(err)
	}
	return checkpoints, false
}

// stored are the paths whose outcome a killed crawl had stored.
func stored(t *testing.T, dir string) map[string]int {
	t.Helper()
	st, err := openStore(filepath.Join(dir, "scratch"), optionsFor("", dir).Identity())
	if err != nil {
		t.Fatal(err)
	}
	defer st.close()
	paths := map[string]int{}
	err = st.view(func(tx *txn) error {
		s, err := tx.site(0)
		if err != nil {
			return err
		}
		for seq := uint64(0); seq < s.Added; seq++ {
			_, found, err := tx.outcome(0, seq)
			if err != nil {
				return err
			}
			e, err := tx.entry(0, seq)
			if err != nil {
				return err
			}
			if found {
				paths[e.URL[len(virtual)-1:]]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, found, _ := st.robots(virtual[:len(virtual)-1]); found {
		paths["/robots.txt"]++
	}
	return paths
}

func TestKilledCrawlGoesOn(t *testing.T) {
	site := crawltest.Options{Stories: 60, PerIndex: 9}
	whole := t.TempDir()
	server := newSite(t, site)
	checkpoints, _ := child(t, server.URL, whole, 0)
	all := server.Hits()
	if checkpoints < 60 {
		t.Fatalf("%d checkpoints in the whole crawl", checkpoints)
	}
	moments := 25
	if testing.Short() {
		moments = 5
	}
	for i := range moments {
		at := 1 + i*checkpoints/moments
		if i == moments-1 {
			at = checkpoints - 1
		}
		dir := t.TempDir()
		// A server for each run, so that requests which were under way when the
		// first was killed do not count for the second.
		first, second := crawltest.New(site), crawltest.New(site)
		_, killed := child(t, first.URL, dir, at)
		first.Close()
		// How many checkpoints there are depends on how pages come in, so that a
		// late one may not be reached.
		if !killed && at < checkpoints/2 {
			t.Errorf("checkpoint %d of %d was not reached", at, checkpoints)
		}
		kept := stored(t, dir)
		child(t, second.URL, dir, 0)
		second.Close()
		if i > moments/2 && len(kept) < 10 {
			t.Errorf("killed at %d of %d: %d pages were kept", at, checkpoints, len(kept))
		}
		want := maps.Clone(all)
		for path, n := range kept {
			if want[path] -= n; want[path] == 0 {
				delete(want, path)
			}
		}
		if got := second.Hits(); !maps.Equal(got, want) {
			t.Errorf("killed at %d: the second run asked for\n%v, not stored were\n%v", at, got, want)
		}
		sameResults(t, dir, whole)
	}
}

// TestKilledAgainAndAgain kills each run after a few checkpoints, until one
// comes to the end.
func TestKilledAgainAndAgain(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 40})
	whole, dir := t.TempDir(), t.TempDir()
	child(t, site.URL, whole, 0)
	kills := 0
	for killed := true; killed; kills++ {
		if kills > 200 {
			t.Fatal("the crawl makes no progress between kills")
		}
		_, killed = child(t, site.URL, dir, 23)
	}
	if kills < 3 {
		t.Errorf("the crawl was killed %d times, the test expects more", kills-1)
	}
	sameResults(t, dir, whole)
}

// TestFullDisk lets a crawl run out of room, early and late: it fails, says
// where, leaves no half result, and goes on once there is room.
func TestFullDisk(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 100})
	whole := t.TempDir()
	child(t, site.URL, whole, 0)
	for _, room := range []int{20_000, 70_000, 120_000} {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), "CRAWL_TEST_CHILD="+dir, "CRAWL_TEST_SERVER="+site.URL, "CRAWL_TEST_FULL="+strconv.Itoa(room))
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(out), "file too large") || !strings.Contains(string(out), dir) {
			t.Errorf("with %d bytes a file: %v\n%s", room, err, out)
		}
		for _, name := range resultFiles {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				t.Errorf("with %d bytes a file, %s was left", room, name)
			}
		}
		child(t, site.URL, dir, 0)
		sameResults(t, dir, whole)
	}
}

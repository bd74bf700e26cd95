package crawl

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"wakong/crawl/crawltest"
	"wakong/crawl/warc"
)

func shared(o Options, address, name string) Options {
	o.Shared = Shared{URL: "redis://" + address + "/0", Crawl: name, Lease: 2 * time.Second}
	return o
}

// archived are the (address, payload digest) pairs of the pages in an archive.
func archived(t *testing.T, dir string) (pairs []string) {
	t.Helper()
	r, err := warc.NewReader(bytes.NewReader(readFile(t, dir, ArchiveFile)))
	for err == nil {
		var rec *warc.Record
		if rec, err = r.Next(); err == nil && rec.Type() == warc.TypeResponse && !strings.HasSuffix(rec.Get("WARC-Target-URI"), "/robots.txt") {
			pairs = append(pairs, rec.Get("WARC-Target-URI")+" "+rec.Get("WARC-Payload-Digest"))
		}
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	slices.Sort(pairs)
	return pairs
}

// sameTogether compares what several processes archived and extracted with an
// undisturbed crawl's.
func sameTogether(t *testing.T, whole string, parts ...string) {
	t.Helper()
	var pages, stories []string
	for _, dir := range parts {
		pages = append(pages, archived(t, dir)...)
		stories = append(stories, strings.SplitAfter(string(readFile(t, dir, DocumentsFile)), "\n")...)
	}
	want := archived(t, whole)
	slices.Sort(pages)
	if !slices.Equal(pages, want) {
		t.Errorf("%d pages in all archives, %d different; want %d", len(pages), len(slices.Compact(slices.Clone(pages))), len(want))
	}
	all := strings.SplitAfter(string(readFile(t, whole, DocumentsFile)), "\n")
	lines := func(s []string) []string {
		s = slices.DeleteFunc(s, func(line string) bool { return line == "" })
		slices.Sort(s)
		return s
	}
	if !slices.Equal(lines(stories), lines(all)) {
		t.Errorf("%d stories together, want %d", len(stories), len(all))
	}
}

func TestSharedCrawl(t *testing.T) {
	server := miniredis.RunT(t)
	site := newSite(t, crawltest.Options{Stories: 150, PerIndex: 40})
	whole, parts := t.TempDir(), []string{t.TempDir(), t.TempDir(), t.TempDir()}
	if _, err := Run(context.Background(), optionsFor(site.URL, whole)); err != nil {
		t.Fatal(err)
	}
	before := site.Hits()
	var g errgroup.Group
	for _, dir := range parts {
		g.Go(func() error {
			_, err := Run(context.Background(), shared(optionsFor(site.URL, dir), server.Addr(), "once"))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	sameTogether(t, whole, parts...)
	for path, n := range site.Hits() {
		if path != "/robots.txt" && n != 2*before[path] {
			t.Errorf("%s was asked for %d times by the processes that share a crawl", path, n-before[path])
		}
	}
}

// TestSharedBounds: max_pages holds for all together.
func TestSharedBounds(t *testing.T) {
	server := miniredis.RunT(t)
	site := newSite(t, crawltest.Options{Stories: 100})
	var g errgroup.Group
	reports := make([]Report, 2)
	for i := range reports {
		o := shared(optionsFor(site.URL, t.TempDir()), server.Addr(), "bounded")
		o.Sites[0].MaxPages = 30
		g.Go(func() (err error) {
			reports[i], err = Run(context.Background(), o)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := reports[0].Addresses + reports[1].Addresses; n != 30 {
		t.Errorf("%d addresses, want 30", n)
	}
}

func TestSharedOptions(t *testing.T) {
	for address, want := range map[string]string{
		"tales": "not an address", "redis://:secret@localhost:1/0": "password", "redis://localhost:1/0": "localhost:1",
	} {
		o := optionsFor("http://127.0.0.1:1", t.TempDir())
		o.Shared = Shared{URL: address, Crawl: "x"}
		if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v, want one with %q", address, err, want)
		}
	}
}

// redisServer starts Debian's redis-server on a free loopback port.
func redisServer(t *testing.T) string {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed: the shared crawl is tested with an imitation only")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.Command(binary, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 200 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return address
		}
		sleep(context.Background(), 25*time.Millisecond)
	}
	t.Fatal("redis-server does not answer")
	return ""
}

// TestSharedProcesses has three processes share a crawl on a real server. One is
// killed in the middle and does not come back for long: the others do what it had
// claimed. When it comes back, it hands in what it had stored.
func TestSharedProcesses(t *testing.T) {
	address := redisServer(t)
	site := newSite(t, crawltest.Options{Stories: 300, PerIndex: 50})
	whole := t.TempDir()
	child(t, site.URL, whole, 0)
	moments := []string{"45"}
	if os.Getenv("WAKONG_CRAWL_KILLS") != "" {
		moments = []string{"12", "45", "90"}
	}
	for i, at := range moments {
		parts := []string{t.TempDir(), t.TempDir(), t.TempDir()}
		var g errgroup.Group
		start := func(dir, kill string) *exec.Cmd {
			cmd := exec.Command(os.Args[0], "-test.run=^$")
			cmd.Env = append(os.Environ(), "CRAWL_TEST_CHILD="+dir, "CRAWL_TEST_SERVER="+site.URL, "CRAWL_TEST_KILL="+kill,
				"CRAWL_TEST_REDIS="+address, "CRAWL_TEST_NAME=killed-"+strconv.Itoa(i))
			cmd.Stderr = os.Stderr
			return cmd
		}
		for j, dir := range parts {
			kill := "0"
			if j == 0 {
				kill = at
			}
			g.Go(func() error {
				err := start(dir, kill).Run()
				if kill != "0" {
					return nil // killed, if the others left it so much to do
				}
				return err
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if err := start(parts[0], "0").Run(); err != nil {
			t.Fatal(err)
		}
		sameTogether(t, whole, parts...)
		if t.Failed() {
			for _, dir := range parts {
				t.Logf("%s", readFile(t, dir, ReportFile))
			}
			t.Fatal(fmt.Sprint("killed at ", at, " in ", filepath.Dir(parts[0])))
		}
	}
}

// A page that was found too deep first is fetched when a shorter way leads there.
func TestSharedDepth(t *testing.T) {
	ctx := context.Background()
	client := redis.NewClient(&redis.Options{Addr: miniredis.RunT(t).Addr()})
	defer client.Close()
	s := &server{client: client, prefix: "x:", worker: "a", lease: time.Minute, most: -1}
	link := func(reason string) []sharedLink {
		return []sharedLink{{Key: "k", Host: "h", Start: true, Enter: true, Reason: reason, Entry: `{"u":"http://h/"}`}}
	}
	for i, c := range []struct{ reason, want string }{{SkipDepth, SkipDepth}, {SkipDepth, "seen"}, {"", ""}, {"", "seen"}, {SkipDepth, "seen"}} {
		if fates, err := s.done(ctx, "", link(c.reason)); err != nil || len(fates) != 1 || fates[0] != c.want {
			t.Errorf("%d: %q %v, want %q", i, fates, err, c.want)
		}
	}
}

package crawl

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wakong/crawl/crawltest"
)

// noNetwork fails the test at any request, and gives where to send them.
func noNetwork(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a crawl without the network asked for %s", r.URL)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// A crawl from the archive, with other rules than the archive was made by, leaves
// what a crawl of the site with those rules leaves: the same bytes in all files,
// whatever went wrong on the site.
func TestOffline(t *testing.T) {
	trouble := crawltest.Options{Stories: 3, Trouble: true, HugeBytes: 300_000}
	first := t.TempDir()
	options := func(server, dir string) Options {
		o := optionsFor(server, dir)
		o.Limits = Limits{Time: time.Second, Bytes: 200_000, Retries: 1, RetryWait: time.Millisecond}
		return o
	}
	if _, err := Run(context.Background(), options(newSite(t, trouble).URL, first)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Site){
		"the same rules": func(*Site) {},
		"other rules": func(s *Site) {
			s.Story = Story{Title: "title", Body: "p", Remove: "a"}
			s.Deny = []string{"/story/2", "/slow"}
			s.MaxDepth = 3
		},
	} {
		t.Run(name, func(t *testing.T) {
			online, offline := t.TempDir(), t.TempDir()
			o := options(newSite(t, trouble).URL, online)
			change(&o.Sites[0])
			if _, err := Run(context.Background(), o); err != nil {
				t.Fatal(err)
			}
			o = options(noNetwork(t), offline)
			change(&o.Sites[0])
			o.Offline, o.Previous = true, [][]string{{filepath.Join(first, ArchiveFile)}}
			if _, err := Run(context.Background(), o); err != nil {
				t.Fatal(err)
			}
			sameResults(t, offline, online)
		})
	}
}

// What the archive lacks is a failure with a kind of its own.
func TestOfflineLacksPages(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 10})
	first, dir := t.TempDir(), t.TempDir()
	o := optionsFor(site.URL, first)
	o.Sites[0].Deny = []string{"/story/[12]$"}
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	o = optionsFor(noNetwork(t), dir)
	o.Offline, o.Previous = true, [][]string{{filepath.Join(first, ArchiveFile)}}
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := report.Sites[0].Failures[FailNoArchive]; len(got) != 2 || report.Stories != 8 {
		t.Errorf("%d stories, lacking %v; want 8 and two", report.Stories, got)
	}
}

func TestOfflineBadArchives(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 3})
	first := t.TempDir()
	if _, err := Run(context.Background(), optionsFor(site.URL, first)); err != nil {
		t.Fatal(err)
	}
	whole := readFile(t, first, ArchiveFile)
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"none":    {nil, "no such file"},
		"cut":     {whole[:len(whole)-20], "at byte "},
		"no head": {whole[:5], "is no WARC archive"},
		"no end":  {append(bytes.Repeat([]byte("x"), 100), 10), "found \"xxxxxxxxxxxxxxxxxxxx\", expected a line like WARC/1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.warc.gz")
			if test.data != nil {
				if err := os.WriteFile(path, test.data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			o := optionsFor(noNetwork(t), t.TempDir())
			o.Offline, o.Previous = true, [][]string{{path}}
			_, err := Run(context.Background(), o)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
	o := optionsFor(noNetwork(t), t.TempDir())
	o.Offline = true
	if _, err := Run(context.Background(), o); !errors.Is(err, ErrUnreachable) {
		t.Errorf("without any archive: %v", err)
	}
}

package crawl

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wakong/crawl/crawltest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("CRAWL_TEST_CHILD"); dir != "" {
		crawlChild(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// fixedNow is the capture time of all tests, so that archives can be compared.
func fixedNow() time.Time { return time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC) }

const virtual = "http://tales.example/"

// optionsFor crawls a test site under a virtual address, which does not change
// from run to run as its port does.
func optionsFor(server, dir string) Options {
	return Options{
		Sites:   []Site{{Name: "tales", Start: []string{virtual}, Story: Story{Title: "h1", Body: ".story"}}},
		Dir:     dir,
		Resolve: map[string]string{"tales.example": strings.TrimPrefix(server, "http://")},
		Now:     fixedNow,
		Limits:  Limits{RetryWait: time.Millisecond, Time: 20 * time.Second},
	}
}

func newSite(t testing.TB, o crawltest.Options) *crawltest.Site {
	s := crawltest.New(o)
	t.Cleanup(s.Close)
	return s
}

func readDocuments(t testing.TB, dir string) []Document {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, DocumentsFile))
	if err != nil {
		t.Fatal(err)
	}
	var docs []Document
	for line := range bytes.Lines(data) {
		var d Document
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		docs = append(docs, d)
	}
	return docs
}

func readFile(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var resultFiles = []string{DocumentsFile, ReportFile, ArchiveFile}

// sameResults compares the three result files of two crawls byte by byte.
func sameResults(t *testing.T, got, want string) {
	t.Helper()
	for _, name := range resultFiles {
		if a, b := readFile(t, got, name), readFile(t, want, name); !bytes.Equal(a, b) {
			t.Errorf("%s: %d bytes differ from the %d of the other crawl", name, len(a), len(b))
		}
	}
}

func TestRun(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 60})
	dir := t.TempDir()
	o := optionsFor(site.URL, dir)
	var done, total int64
	var last Progress
	o.Progress = func(p Progress) {
		last = p
		d, n := p.Done, p.Known
		if d < done || n < total || d > n {
			t.Errorf("progress went from %d/%d to %d/%d", done, total, d, n)
		}
		done, total = d, n
	}
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if report.Stories != 60 || report.Pages != 63 || done != 63 || total != 63 {
		t.Errorf("%d stories on %d pages, progress %d/%d; want 60, 63, 63/63", report.Stories, report.Pages, done, total)
	}
	if last.Pages != 63 || last.Failed != 0 || last.Bytes != report.Bytes || last.Queued() != 0 {
		t.Errorf("last told %+v, want 63 pages of %d bytes", last, report.Bytes)
	}
	docs := readDocuments(t, dir)
	if len(docs) != 60 {
		t.Fatalf("%d documents, want 60", len(docs))
	}
	d := docs[0]
	want := Document{ID: DocumentID(virtual + "story/1"), URL: virtual + "story/1", Title: "第1个故事", Text: strings.Join(crawltest.Lines(1), "\n"), Site: "tales"}
	if d != want {
		t.Errorf("first document\n%+v, want\n%+v", d, want)
	}
	for path, n := range site.Hits() {
		if n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
}

func TestSameSiteSameBytes(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for _, dir := range []string{a, b} {
		// Another port each time.
		site := newSite(t, crawltest.Options{Stories: 200, PerIndex: 37})
		if _, err := Run(context.Background(), optionsFor(site.URL, dir)); err != nil {
			t.Fatal(err)
		}
	}
	sameResults(t, a, b)
}

func TestDoneCrawlNeedsNoNetwork(t *testing.T) {
	site := crawltest.New(crawltest.Options{Stories: 30})
	dir, again := t.TempDir(), t.TempDir()
	o := optionsFor(site.URL, dir)
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	site.Close()
	o.Dir, o.Scratch = again, filepath.Join(dir, "scratch")
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	sameResults(t, again, dir)
}

package crawl

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"wakong/crawl/crawltest"
	"wakong/crawl/warc"
)

// validated answers as next does, and says that a page has not changed to who has it.
// It counts the bodies that it sends.
type validated struct {
	next    http.Handler
	kind    string // "ETag", "Last-Modified", or "" for none
	headers http.Header
	change  func(path string, body []byte) []byte
	bodies  atomic.Int64
	small   atomic.Int64 // answers without one
}

func (v *validated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	v.next.ServeHTTP(rec, r)
	body := rec.Body.Bytes()
	if v.change != nil {
		body = v.change(r.URL.Path, body)
	}
	w.Header()["Date"] = nil
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	for name, values := range v.headers {
		w.Header()[name] = values
	}
	if r.URL.Path != "/robots.txt" && rec.Code == http.StatusOK {
		sum := sha256.Sum256(body)
		value, condition := fmt.Sprintf(`"%x"`, sum[:8]), "If-None-Match"
		if v.kind == "Last-Modified" {
			// A date made of the content, for a server whose files never lie.
			value, condition = fmt.Sprintf("Mon, 06 May 2024 %02d:%02d:%02d GMT", sum[0]%24, sum[1]%60, sum[2]%60), "If-Modified-Since"
		}
		if v.kind != "" {
			w.Header().Set(v.kind, value)
			if r.Header.Get(condition) == value {
				v.small.Add(1)
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		v.bodies.Add(1)
	}
	w.WriteHeader(rec.Code)
	w.Write(body)
}

// recrawled crawls the site that v makes of a test site, with archives of earlier
// crawls.
func recrawled(t *testing.T, v *validated, previous ...string) (dir string, report Report) {
	t.Helper()
	if v.next == nil {
		v.next = newSite(t, crawltest.Options{Stories: 30})
	}
	server := httptest.NewServer(v)
	t.Cleanup(server.Close)
	dir = t.TempDir()
	o := optionsFor(server.URL, dir)
	for _, p := range previous {
		o.Previous = append(o.Previous, []string{filepath.Join(p, ArchiveFile)})
	}
	report, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, report
}

func sameFile(t *testing.T, name, got, want string) {
	t.Helper()
	if !bytes.Equal(readFile(t, got, name), readFile(t, want, name)) {
		t.Errorf("%s differs from that of the other crawl", name)
	}
}

// countProfiles counts the revisit records of an archive, each of which must refer
// to the response before it.
func countProfiles(t *testing.T, dir string) map[string]int {
	t.Helper()
	in, err := warc.NewReader(bytes.NewReader(readFile(t, dir, ArchiveFile)))
	counts := map[string]int{}
	var kept *warc.Record
	for err == nil {
		var rec *warc.Record
		if rec, err = in.Next(); err != nil {
			break
		}
		switch rec.Type() {
		case warc.TypeResponse:
			kept = rec
		case warc.TypeRevisit:
			counts[rec.Get("WARC-Profile")]++
			for field, want := range map[string]string{
				"WARC-Refers-To": "<" + kept.ID() + ">", "WARC-Refers-To-Target-URI": kept.Get("WARC-Target-URI"),
				"WARC-Refers-To-Date": kept.Get("WARC-Date"), "WARC-Payload-Digest": kept.Get("WARC-Payload-Digest"), "WARC-Target-URI": kept.Get("WARC-Target-URI"),
			} {
				if got := rec.Get(field); got != want {
					t.Errorf("%s: %s is %q, want %q", rec.Get("WARC-Target-URI"), field, got, want)
				}
			}
		}
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	return counts
}

// An unchanged site costs one small answer a page, again and again, and its stories
// and archive are whole without the earlier archives.
func TestRecrawlOfAnUnchangedSite(t *testing.T) {
	for kind, profile := range map[string]string{"ETag": warc.ProfileNotModified, "Last-Modified": warc.ProfileNotModified, "": warc.ProfileIdentical} {
		t.Run("by "+kind, func(t *testing.T) {
			first, whole := recrawled(t, &validated{kind: kind})
			before := first
			for range 2 { // the second time from the first one's archive alone
				v := &validated{kind: kind}
				again, report := recrawled(t, v, before)
				pages := int(report.Pages)
				if kind != "" && (v.bodies.Load() != 0 || int(v.small.Load()) != pages || report.Bytes != 0) {
					t.Errorf("%d bodies and %d small answers for %d pages, %d bytes", v.bodies.Load(), v.small.Load(), pages, report.Bytes)
				}
				if kind == "" && report.Bytes != whole.Bytes {
					t.Errorf("%d bytes, want %d", report.Bytes, whole.Bytes)
				}
				if got := countProfiles(t, again); got[profile] != pages || len(got) != 1 {
					t.Errorf("revisits: %v, want %d of %s", got, pages, profile)
				}
				sameFile(t, DocumentsFile, again, first)
				// And without the network: all files, to the byte.
				offline := t.TempDir()
				o := optionsFor(noNetwork(t), offline)
				o.Offline, o.Previous = true, [][]string{{filepath.Join(again, ArchiveFile)}}
				if _, err := Run(context.Background(), o); err != nil {
					t.Fatal(err)
				}
				sameResults(t, offline, again)
				before = again
			}
		})
	}
}

// Of a site that changed, the stories are those of a crawl that knows nothing, and
// only what changed is sent.
func TestRecrawlOfAChangedSite(t *testing.T) {
	first, _ := recrawled(t, &validated{kind: "ETag"})
	change := func(path string, body []byte) []byte {
		if path == "/story/7" || path == "/story/8" {
			return bytes.ReplaceAll(body, []byte("从前"), []byte("很久以前"))
		}
		return body
	}
	fresh, _ := recrawled(t, &validated{kind: "ETag", change: change})
	v := &validated{kind: "ETag", change: change}
	again, _ := recrawled(t, v, first)
	if v.bodies.Load() != 2 {
		t.Errorf("%d bodies were sent, want 2", v.bodies.Load())
	}
	sameFile(t, DocumentsFile, again, fresh)
	if !strings.Contains(string(readFile(t, again, DocumentsFile)), "很久以前") {
		t.Error("the changed text is missing")
	}
}

// What an unchanged page means can change by its head alone.
func TestRecrawlSeesNoindex(t *testing.T) {
	first, _ := recrawled(t, &validated{kind: "ETag"})
	site := newSite(t, crawltest.Options{Stories: 30})
	noindex := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/story/3" {
			w.Header().Set("X-Robots-Tag", "noindex")
		}
		site.ServeHTTP(w, r)
	})
	_, report := recrawled(t, &validated{kind: "ETag", next: noindex}, first)
	if report.Stories != 29 || report.Sites[0].Skipped[SkipNoindex] != 1 {
		t.Errorf("%d stories, skipped %v; want 29 and one noindex", report.Stories, report.Sites[0].Skipped)
	}
}

// A page that failed the time before, and one that is gone, are asked for and told
// as ever.
func TestRecrawlOfTrouble(t *testing.T) {
	trouble := crawltest.Options{Stories: 3, Trouble: true, HugeBytes: 300_000}
	run := func(previous [][]string) (string, Report) {
		dir := t.TempDir()
		o := optionsFor(newSite(t, trouble).URL, dir)
		o.Limits.Time, o.Limits.Bytes, o.Limits.Retries = 500_000_000, 200_000, 1
		o.Previous = previous
		report, err := Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		return dir, report
	}
	first, _ := run(nil)
	again, _ := run([][]string{{filepath.Join(first, ArchiveFile)}})
	sameFile(t, DocumentsFile, again, first)
	sameFile(t, ReportFile, again, first)
}

// An archive's files keep within their size, and hold together what one file holds.
func TestArchiveFiles(t *testing.T) {
	site := newSite(t, crawltest.Options{Stories: 60})
	// A folder whose name is no pattern, though it reads like one.
	one, several := t.TempDir(), filepath.Join(t.TempDir(), "tales[1]")
	if _, err := Run(context.Background(), optionsFor(site.URL, one)); err != nil {
		t.Fatal(err)
	}
	const limit = 20_000
	if err := os.Mkdir(several, 0o755); err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(several, archiveName(90))
	if err := os.WriteFile(stale, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	o := optionsFor(site.URL, several)
	o.ArchiveBytes = limit
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(several)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "crawl-") {
			files = append(files, filepath.Join(several, e.Name()))
		}
	}
	if len(files) < 3 || files[len(files)-1] == stale {
		t.Fatalf("files: %v", files)
	}
	ids := func(files ...string) (all []string) {
		for _, path := range files {
			data := readFile(t, path)
			if len(files) > 1 && len(data) > limit {
				t.Errorf("%s has %d bytes", path, len(data))
			}
			in, err := warc.NewReader(bytes.NewReader(data))
			for err == nil {
				var rec *warc.Record
				if rec, err = in.Next(); err == nil && rec.Type() != warc.TypeInfo {
					all = append(all, rec.ID())
				} else if err == nil && rec.Get("WARC-Filename") != filepath.Base(path) {
					t.Errorf("%s says it is %s", path, rec.Get("WARC-Filename"))
				}
			}
		}
		return all
	}
	if got, want := strings.Join(ids(files...), "\n"), strings.Join(ids(filepath.Join(one, ArchiveFile)), "\n"); got != want {
		t.Error("other records than in one file")
	}
	sameFile(t, DocumentsFile, several, one)
	o = optionsFor(noNetwork(t), t.TempDir())
	o.Offline, o.Previous, o.ArchiveBytes = true, [][]string{files}, limit
	if _, err := Run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		sameFile(t, filepath.Base(path), o.Dir, several)
	}
}

package beam

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/memfs"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"wakong/internal/pipeline"
)

// A segmenter that has to learn is refused.
func TestLearnedIsRefused(t *testing.T) {
	c := configuration(t, t.TempDir(), "segment: {learned: true, sources: [{format: cmrc2017, path: a}]}\n")
	if _, err := NewSettings(c); err == nil || !strings.Contains(err.Error(), "segment.learned: a segmenter learns from all segmented text in one place") {
		t.Errorf("got %v", err)
	}
}

// record is a page in a WARC archive.
func record(address, html string) string {
	answer := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
	return fmt.Sprintf("WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012x>\r\n"+
		"WARC-Date: 2020-01-02T03:04:05Z\r\nWARC-Target-URI: %s\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
		len(address)+len(html), address, len(answer), answer)
}

func gzipped(t testing.TB, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	for _, part := range parts { // a member each, as in archives
		w := gzip.NewWriter(&out)
		if _, err := w.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// TestSources: the archives of several crawlers by one pattern, packed and not;
// packed lines and texts; and words of a user's dictionary are what they are to the
// stages.
func TestSources(t *testing.T) {
	dir := t.TempDir()
	texts, err := filepath.Glob(filepath.Join(demonstration(t), "tales", "*.txt"))
	if err != nil || len(texts) < 20 {
		t.Fatalf("%d tales, %v", len(texts), err)
	}
	var records, lines []string
	for i, path := range texts[:20] {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if i < 12 {
			records = append(records, record(fmt.Sprintf("http://tales.example/%d", i%9), fmt.Sprintf("<html><body><h1>t%d</h1><p>菜单</p><div class=\"story\"><p>%s</p></div></body></html>", i, b)))
			continue
		}
		lines = append(lines, fmt.Sprintf("{\"id\": \"%d\", \"text\": %q}\n", i%3, b))
	}
	write(t, filepath.Join(dir, "crawl-a", "archive-0.warc.gz"), gzipped(t, records[:5]...))
	write(t, filepath.Join(dir, "crawl-a", "archive-1.warc"), strings.Join(records[5:7], ""))
	write(t, filepath.Join(dir, "crawl-b", "archive-0.warc.gz"), gzipped(t, records[7:]...))
	write(t, filepath.Join(dir, "lines", "0.jsonl.gz"), gzipped(t, strings.Join(lines[:4], "")))
	packed, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "lines", "1.jsonl.zst"), string(packed.EncodeAll([]byte(strings.Join(lines[4:], "")), nil)))
	text, err := os.ReadFile(texts[0])
	if err != nil {
		t.Fatal(err)
	}
	first := []rune(string(text))
	write(t, filepath.Join(dir, "words.txt.gz"), gzipped(t, "走过木桥 1000 n\n"+string(first[:4])+" 1000 n\n"))
	c := configuration(t, dir, `
segment:
  user_dictionary: words.txt.gz
  sources:
    - {format: warc, path: "crawl-*/archive-*", story: {title: h1, body: .story}}
    - {format: jsonl, path: "lines/*"}
embed: {size: 2, epochs: 1, negative: 1, min_count: 1}
build: {train: [{format: generate}]}
`)
	stages := onThisMachine(t, c, pipeline.Build)
	joined := onBeam(t, settingsOf(t, c))
	// Tags are of passages alone.
	if _, err := os.Stat(filepath.Join(joined, buildFolder, tagsFile)); !os.IsNotExist(err) {
		t.Errorf("%s: %v, want none where no passages are asked for", tagsFile, err)
	}
	files := append(segmentFiles, "embed/vocab.tsv", "build/train.bin", "build/report.json")
	compare(t, joined, stages, files...)
	// The same with an output that is not this machine's own, as in buckets.
	remote := settingsOf(t, c)
	remote.Output = "memfs://bucket/" + t.Name()
	compare(t, onBeam(t, remote), stages, files...)
	// The comparison says nothing where nothing was read.
	for name, want := range map[string][]string{
		"documents.jsonl": {`"url":"http://tales.example/0"`, `"url":"http://tales.example/8"`, string(first[:4])},
		"report.json":     {`"files": 3`, `"files": 2`, `"samples": 12`},
	} {
		got, err := os.ReadFile(filepath.Join(stages(pipeline.Segment), name))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !bytes.Contains(got, []byte(w)) {
				t.Errorf("%s has no %q", name, w)
			}
		}
	}
}

package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wakong/corpus"
	"wakong/crawl/warc"
	"wakong/internal/compressed"
	"wakong/internal/config"
)

const storyPage = `<html><head><title>%s</title></head><body><div class="menu"><a href="/">首页</a></div>
<div class="text"><p>从前，森林里有一只%[1]s，它住在一棵大树下面，每天早晨都到小河边去打水。</p>
<p>有一天，%[1]s在河边捡到一盏旧灯笼，灯笼请它送自己回磨坊去，因为山羊爷爷等着照亮晚上的路。</p>
<p>%[1]s提着灯笼走过木桥，一直走到天黑，山羊爷爷煮了一锅南瓜汤谢谢它，它们成了好朋友。</p></div></body></html>`

// archiveOf is an archive with a response for each address and body.
func archiveOf(t *testing.T, pages ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	for i, page := range pages {
		message := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page[1]
		rec := warc.NewRecord(warc.TypeResponse, page[0], warc.ContentResponse, fmt.Sprint(i), time.Unix(0, 0), []byte(message))
		if err := warc.WriteMember(&b, rec); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func tale(name string) string { return fmt.Sprintf(storyPage, name) }

func TestArchiveSource(t *testing.T) {
	whole := archiveOf(t,
		[2]string{"http://tales.example/1", tale("刺猬")},
		[2]string{"http://tales.example/", "<html><body><a href='/1'>刺猬</a></body></html>"},
		[2]string{"http://tales.example/2", tale("狐狸")},
		[2]string{"http://tales.example/1", tale("松鼠")})
	path := filepath.Join(t.TempDir(), "tales.warc.gz")
	for _, c := range []struct {
		name  string
		bytes []byte
		story config.Story
		skip  string
		want  string // titles
		fault string
	}{
		{name: "automatic", bytes: whole, want: "刺猬 狐狸"},
		{name: "selectors", bytes: whole, story: config.Story{Title: ".menu", Body: ".text p:first-child"}, want: "首页 首页"},
		{name: "cut off", bytes: whole[:len(whole)-40], want: "刺猬 狐狸", fault: "tales.warc.gz:3: behind 3 pages: crawl: reading the archive: warc: record 4"},
		{name: "cut off and skipped", bytes: whole[:len(whole)-40], skip: "skip", want: "刺猬 狐狸"},
		{name: "no story", bytes: archiveOf(t, [2]string{"http://h/", "<p>无</p>"}), fault: "tales.warc.gz: found 1 pages without a story"},
		{name: "no archive", bytes: packedText(t, "从前\n"), fault: "tales.warc.gz: behind 0 pages: crawl: reading the archive: warc: record 1: warc: not a WARC record"},
	} {
		if err := os.WriteFile(path, c.bytes, 0o644); err != nil {
			t.Fatal(err)
		}
		var report corpus.SourceReport
		source := corpus.Source{Format: corpus.FormatWARC, Path: path, Name: "tales.warc.gz", OnError: c.skip, Pages: storyPages(c.story)}
		var titles []string
		var failed error
		for d, err := range source.Documents(t.Context(), &report) {
			if err != nil {
				failed = err
				break
			}
			titles = append(titles, d.Title)
			if !strings.HasPrefix(d.Text, "从前") || !strings.HasPrefix(d.URL, "http://tales.example/") || d.Line < 1 {
				t.Errorf("%s: %+v", c.name, d)
			}
		}
		if got := strings.Join(titles, " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		var in *corpus.InputError
		if c.fault == "" && failed != nil || c.fault != "" && (!errors.As(failed, &in) || !strings.HasPrefix(failed.Error(), c.fault)) {
			t.Errorf("%s: got %v, want %s", c.name, failed, c.fault)
		}
		if c.name == "automatic" && (report.WithoutStory != 1 || report.Repeated != 1 || report.Documents != 2) {
			t.Errorf("%+v", report)
		}
	}
}

func packedText(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := compressed.Gzip.Write(&b, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

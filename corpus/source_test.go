package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file in a folder of the test's own and returns its path.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, s Source) ([]Document, SourceReport, error) {
	t.Helper()
	var report SourceReport
	var all []Document
	for d, err := range s.Documents(t.Context(), &report) {
		if err != nil {
			return all, report, err
		}
		all = append(all, d)
	}
	return all, report, nil
}

func describe(documents []Document) string {
	var b strings.Builder
	for _, d := range documents {
		fmt.Fprintf(&b, "%s [%s] %s:%d\n", d.ID, d.Title, d.File, d.Line)
		for _, s := range d.Sentences {
			fmt.Fprintf(&b, "    %s\n", strings.Join(s, " "))
		}
		if len(d.Sentences) == 0 {
			fmt.Fprintf(&b, "    %q\n", d.Text)
		}
	}
	return b.String()
}

func TestSources(t *testing.T) {
	var b strings.Builder
	for _, s := range []Source{
		{Format: FormatCMRC2017, Path: "testdata/fox.doc_query"},
		{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: "testdata/fox.answer", Name: "fox"},
		{Format: FormatPDCFT, Path: "testdata/well.cft"},
		{Format: FormatJSONLines, Path: "testdata/passages.jsonl"},
		{Format: FormatText, Path: "testdata/tales"},
		{Format: FormatText, Path: "testdata/tales/snow.md"},
	} {
		if err := s.Probe(); err != nil {
			t.Errorf("%s: %v", s.Path, err)
		}
		documents, report, err := read(t, s)
		if err != nil {
			t.Errorf("%s: %v", s.Path, err)
		}
		fmt.Fprintf(&b, "== %s %s %s\n%+v\n%s", s.Format, s.Path, s.Answers, report, describe(documents))
	}
	golden(t, "sources.txt", b.String())
}

// A passage in a source of samples is one document, but Samples gives all.
func TestSamplesRepeat(t *testing.T) {
	n := 0
	for _, err := range (Source{Format: FormatPDCFT, Path: "testdata/well.cft"}).Samples(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d samples, want 3", n)
	}
}

func TestSourceErrors(t *testing.T) {
	empty := write(t, "empty.jsonl", "\n \n")
	folder := t.TempDir()
	for _, c := range []struct {
		source Source
		want   string // FILE stands for the path
	}{
		{Source{Format: "html", Path: "x"}, `source x: unknown format "html", expected cmrc2017, pdcft, jsonl, text, documents or warc`},
		{Source{Format: FormatText}, "source of format text: no path"},
		{Source{Format: FormatText, Path: "x", Field: "y"}, "source x: format text has no field"},
		{Source{Format: FormatText, Path: "x", Answers: "y"}, "source x: format text has no answers"},
		{Source{Format: FormatText, Path: "x", OnError: "ignore"}, `source x: unknown on_error "ignore", expected fail or skip`},
		{Source{Format: FormatText, Path: "x", Encoding: "latin7"}, `source x: unknown encoding "latin7"`},
		{Source{Format: FormatText, Path: "testdata/none"}, "testdata/none: no such file or directory"},
		{Source{Format: FormatText, Path: "testdata/none", Name: "none", OnError: OnErrorSkip}, "none: no such file or directory"},
		{Source{Format: FormatJSONLines, Path: folder, Name: "dir"}, "dir: found a folder, expected a file"},
		{Source{Format: FormatText, Path: folder, Name: "dir"}, "dir: found a folder without text files, expected .txt or .md files"},
		{Source{Format: FormatJSONLines, Path: empty}, "FILE: empty, expected a JSON object with a string \"text\" in each line"},
		{Source{Format: FormatText, Path: empty}, "FILE: empty, expected text"},
		{Source{Format: FormatDocuments, Path: empty}, "FILE: empty, expected a JSON object with \"id\" and \"text\" in each line"},
		{Source{Format: FormatCMRC2017, Path: empty}, "FILE: empty, expected `n ||| sentence` or `<qid_k> ||| query` lines"},
		{Source{Format: FormatPDCFT, Path: "testdata/fox.doc_query"}, "FILE:4: found \"<qid_0>\" (is the format cmrc2017?)"},
		{Source{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: "testdata/none"}, "testdata/none: no such file or directory"},
		{Source{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: write(t, "a", "<qid_0> ||| 篮子\n<qid_1> ||| 篮子\n"), OnError: "fail"}, "/a:2: found an answer for <qid_1>, expected ids that the questions have"},
		{Source{Format: FormatJSONLines, Path: write(t, "j", "{\"text\": \"一\"}\n[1]\n")}, "FILE:2: found \"[1]\", which is no JSON object"},
		{Source{Format: FormatJSONLines, Path: write(t, "j", "{\"text\": \"一\n")}, "FILE:1: found \"{\\\"text\\\": \\\"一\", which is no JSON (unexpected end of JSON input)"},
		{Source{Format: FormatJSONLines, Path: write(t, "j", "{\"text\": 5}\n")}, "FILE:1: found \"text\" of another type: \"5\""},
		{Source{Format: FormatJSONLines, Path: write(t, "j", "{\"text\": null}\n")}, "FILE:1: found \"text\" of another type: \"null\""},
		{Source{Format: FormatJSONLines, Path: write(t, "j", "{\"body\": \"一\"}\n")}, "FILE:1: found an object without \"text\""},
		{Source{Format: FormatJSONLines, Field: "body", Path: write(t, "j", "{\"text\": \"一\"}\n")}, "FILE:1: found an object without \"body\""},
		{Source{Format: FormatJSONLines, Path: write(t, "j", "{\"text\": \" \"}\n")}, "FILE:1: found \"text\" without text"},
		{Source{Format: FormatDocuments, Path: write(t, "j", "{\"id\": \"a\", \"text\": \"b\"}\n{\"text\": \"b\"}\n")}, "FILE:2: found an object without \"id\""},
		{Source{Format: FormatDocuments, Path: write(t, "j", "{\"id\": 7, \"text\": \"b\"}\n")}, "FILE:1: found \"id\" of type number"},
		{Source{Format: FormatText, Path: write(t, "t.txt", "一\n\xC4\xE3\n")}, "FILE:2: found byte 0xC4 at column 1, which is no UTF-8"},
		{Source{Format: FormatText, Path: write(t, "t.md", "# 标题\n")}, "FILE: found nothing but headings, expected text"},
	} {
		want := strings.ReplaceAll(c.want, "FILE", c.source.Path)
		_, _, err := read(t, c.source)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v:\n got %v\nwant %s", c.source, err, want)
		}
		// What stands in the first samples is found by a probe too.
		if err := c.source.Probe(); (err == nil || !strings.Contains(err.Error(), want)) && !strings.Contains(want, "nothing but headings") {
			t.Errorf("probing %+v:\n got %v\nwant %s", c.source, err, want)
		}
	}
	_, _, err := read(t, Source{Format: FormatText, Path: "testdata/none"})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is no fs.ErrNotExist", err)
	}
}

func TestSkip(t *testing.T) {
	s := Source{Format: FormatCMRC2017, Name: "s", OnError: OnErrorSkip,
		Path: write(t, "s", "1 ||| 一 。\n3 ||| 三 。\n<qid_0> ||| 一\n1 ||| 好 。\n<qid_1> ||| 好\n<qid_2> ||| 无\n")}
	if err := s.Probe(); err != nil {
		t.Error(err)
	}
	documents, report, err := read(t, s)
	if err != nil || len(documents) != 1 || report.Skipped != 2 {
		t.Fatalf("%d documents, %+v, %v", len(documents), report, err)
	}
	got := fmt.Sprint(report.Skips)
	want := "[{s 2 found sentence number 3, expected number 2 or `<qid_k> ||| query`} {s 6 found a query without a passage, expected `n ||| sentence` lines before it}]"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// An empty file among good ones is passed over, a missing one is not.
	dir := t.TempDir()
	for name, content := range map[string]string{"a.txt": "", "b.txt": "一。"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	documents, report, err = read(t, Source{Format: FormatText, Path: dir, Name: "d", OnError: OnErrorSkip})
	if err != nil || len(documents) != 1 || fmt.Sprint(report.Skips) != "[{d/a.txt 0 empty, expected text}]" {
		t.Errorf("%d documents, %+v, %v", len(documents), report, err)
	}
	// The list is bounded, the count is not.
	many := strings.Repeat("x\n", mostSkips+10)
	_, report, err = read(t, Source{Format: FormatJSONLines, Path: write(t, "many", many), OnError: OnErrorSkip})
	if err != nil || report.Skipped != mostSkips+10 || len(report.Skips) != mostSkips {
		t.Errorf("%d skipped, %d listed, %v", report.Skipped, len(report.Skips), err)
	}
}

func TestEncoding(t *testing.T) {
	documents, report, err := read(t, Source{Format: FormatCMRC2017, Encoding: "gbk",
		Path: write(t, "g", "1 ||| \xC4\xE3 \xFF \x00 \xBA\xC3\n<qid_0> ||| \xC4\xE3\n")})
	if err != nil || len(documents) != 1 || documents[0].Sentences[0][0] != "你" || report.Undecoded != 1 {
		t.Errorf("%v %+v %v", documents, report, err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range (Source{Format: FormatPDCFT, Path: "testdata/well.cft"}).Documents(ctx, nil) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

func paths(files []File) string {
	var all []string
	for _, f := range files {
		all = append(all, f.Path)
	}
	return strings.Join(all, " ")
}

func TestFiles(t *testing.T) {
	files, err := Source{Format: FormatText, Path: "testdata/tales"}.Files()
	if got := paths(files); err != nil || got != "testdata/tales/lighthouse.txt testdata/tales/snow.md testdata/tales/sub/river.txt" {
		t.Errorf("%s %v", got, err)
	}
	files, err = QuestionSource{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: "testdata/fox.answer"}.Files()
	if got := paths(files); err != nil || got != "testdata/fox.doc_query testdata/fox.answer" {
		t.Errorf("%s %v", got, err)
	}
}

func TestMarkdown(t *testing.T) {
	var b strings.Builder
	for r := rune(0xE000); r < 0xF900; r++ {
		b.WriteRune(r)
	}
	allPrivate := b.String()
	for _, c := range []struct{ in, title, body string }{
		{"# 一 #\n二", "一", "二"},
		{"一\n===\n二\n---\n三", "一", "二\n三"},
		{"#标签\n二", "", "#标签\n二"},
		{"---\ntitle: x\n---\n# 一\n二", "一", "二"},
		{"**很** *好* __很__ _好_ ~~不~~ `码` 3*4*5", "", "很 好 很 好 不 码 345"},
		{"snake_case_name 2 * 3 * 4", "", "snake_case_name 2 * 3 * 4"},
		{"![图](a.png)[链](b \"c\")[参][1]<https://a.b/c>\n[1]: http://x", "", "图链参"},
		{"1. 一\n- 二\n> > 三\n* * *\n\\*四\\*", "", "一\n二\n三\n*四*"},
		{"<p class=\"x\">一<br/>二</p><!-- 三\n三 -->四 1<2", "", "一二四 1<2"},
		{"```\n# 一\n```\n二", "", "# 一\n二"},
		{"##\n一", "", "一"},
		{"\uE141\uE000\uF8FF \\*一\\* *二*", "", "\uE141\uE000\uF8FF *一* 二"},
		{allPrivate + "*一*", "", allPrivate + "一"},
	} {
		title, body := stripMarkdown(c.in)
		if title != c.title || body != c.body {
			t.Errorf("%q: got %q, %q; want %q, %q", c.in, title, body, c.title, c.body)
		}
	}
}

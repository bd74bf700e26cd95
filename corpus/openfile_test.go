//go:build unix

package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func symlink(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

func TestLinkedFolder(t *testing.T) {
	dir := t.TempDir()
	tales := filepath.Join(dir, "tales")
	target, err := filepath.Abs("testdata/tales")
	if err != nil {
		t.Fatal(err)
	}
	symlink(t, target, tales)
	s := Source{Format: FormatText, Path: tales, Name: "tales"}
	if err := s.Probe(); err != nil {
		t.Error(err)
	}
	documents, _, err := read(t, s)
	if err != nil || len(documents) != 3 || documents[2].ID != "tales/sub/river.txt" {
		t.Errorf("%v %v", documents, err)
	}
	files, err := s.Files()
	if err != nil || len(files) != 3 || files[0].Path != filepath.Join(tales, "lighthouse.txt") {
		t.Errorf("%v %v", files, err)
	}
}

func TestLinksInFolder(t *testing.T) {
	dir := t.TempDir()
	tale, err := filepath.Abs("testdata/tales/lighthouse.txt")
	if err != nil {
		t.Fatal(err)
	}
	symlink(t, tale, filepath.Join(dir, "a.txt")) // a file is followed
	symlink(t, "nowhere", filepath.Join(dir, "image.png"))
	s := Source{Format: FormatText, Path: dir, Name: "d"}
	if documents, _, err := read(t, s); err != nil || len(documents) != 1 {
		t.Errorf("%v %v", documents, err)
	}
	symlink(t, ".", filepath.Join(dir, "b"))
	symlink(t, "nowhere", filepath.Join(dir, "c.txt"))
	const want = "d/b: found a link to a folder, expected folders and files themselves"
	_, _, err = read(t, s)
	_, files := s.Files()
	for _, err := range []error{err, files, s.Probe()} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v", err)
		}
	}
	s.OnError = OnErrorSkip
	documents, report, err := read(t, s)
	if err != nil || len(documents) != 1 || report.Skipped != 2 || report.Skips[0].File != "d/b" || report.Skips[1].File != "d/c.txt" {
		t.Errorf("%v %+v %v", documents, report, err)
	}
	if err := s.Probe(); err != nil {
		t.Error(err)
	}
	if files, err := s.Files(); err != nil || len(files) != 1 {
		t.Errorf("%v %v", files, err)
	}
}

// A pipe that nobody writes into is refused and not waited for.
func TestPipes(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.txt")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	var errs []error
	for _, s := range []Source{
		{Format: FormatText, Path: pipe, Name: "p"},
		{Format: FormatJSONLines, Path: pipe, Name: "p"},
		{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: pipe, AnswersName: "p"},
	} {
		_, _, err := read(t, s)
		errs = append(errs, err, s.Probe())
	}
	for _, s := range []QuestionSource{
		{Format: FormatText, Path: pipe, Name: "p"},
		{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: pipe, AnswersName: "p"},
	} {
		_, err := questions(t, s, QuestionOptions{})
		errs = append(errs, err, s.Probe())
	}
	_, _, err := read(t, Source{Format: FormatText, Path: dir, Name: "d"})
	if err == nil || err.Error() != "d/pipe.txt: found a named pipe, expected a regular file" {
		t.Errorf("in a folder: %v", err)
	}
	for i, err := range errs {
		if err == nil || err.Error() != "p: found a named pipe, expected a regular file" {
			t.Errorf("%d: %v", i, err)
		}
	}
	if _, err := NewJieba(JiebaOptions{UserDictionary: pipe}); err == nil || !strings.Contains(err.Error(), "named pipe") {
		t.Errorf("got %v", err)
	}
}

// No report tells where a file of answers lies on this machine.
func TestAnswersName(t *testing.T) {
	dir := t.TempDir()
	answers := func(content string) string {
		path := filepath.Join(dir, fmt.Sprint(len(content)))
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for content, want := range map[string]string{
		"<x> ||| 猫\n":   "fox.answer",
		"<qid_0> ||| 猫": "fox.answer",
		"<qid_0> ||| 猫\n<qid_2> ||| 猫\n<qid_5> ||| 猫": "fox.answer:3: ",
		"<qid_0> ||| 猫 狗":                             "fox.answer:1: ",
		"<qid_0> 猫狗":                                  "fox.answer:1: ",
		" \n":                                         "fox.answer: empty",
	} {
		q := QuestionSource{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: answers(content), AnswersName: "fox.answer"}
		_, err := questions(t, q, QuestionOptions{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), dir) {
			t.Errorf("%q: got %v", content, err)
		}
		s := Source{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: answers(content), AnswersName: "fox.answer"}
		if _, _, err := read(t, s); err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("%q: got %v", content, err)
		}
		q.OnError = OnErrorSkip
		var report SourceReport
		if _, err := questions(t, q, QuestionOptions{Report: &report}); strings.Contains(fmt.Sprint(report, err), dir) {
			t.Errorf("%q: %+v %v", content, report, err)
		}
	}
}

func TestCheckEncoding(t *testing.T) {
	for _, name := range []string{"", "gb18030", "GBK", "utf-16"} {
		if err := CheckEncoding(name); err != nil {
			t.Error(err)
		}
	}
	if err := CheckEncoding("latin7"); err == nil || !strings.Contains(err.Error(), `unknown encoding "latin7"`) {
		t.Errorf("got %v", err)
	}
}

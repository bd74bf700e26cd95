package pipeline

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wakong/internal/ui"
)

// Questions and answers are the same bytes after any way through the formats.
func TestConvertQuestions(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	const questions, answers = "1 ||| 狐狸 把 XXXXX 挂 好 。\n2 ||| 篮子 不见 了 。\n<qid_3> ||| 狐狸 把 XXXXX 挂 好 。\n", "<qid_3> ||| 篮子\n"
	for name, text := range map[string]string{"q.doc_query": questions, "a": answers} {
		if err := os.WriteFile(in(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	reporter := ui.New(ui.Options{Out: &out, Err: io.Discard})
	for _, o := range []ConvertOptions{
		{Inputs: []string{in("q.doc_query")}, Answers: in("a"), Output: in("1.parquet")},
		{Inputs: []string{in("1.parquet")}, Output: in("2.jsonl.gz")},
		{Inputs: []string{in("2.jsonl.gz")}, Output: in("3.parquet")},
		{Inputs: []string{in("3.parquet")}, Output: in("4.doc_query"), AnswersOutput: in("4.answer")},
		{Inputs: []string{in("2.jsonl.gz")}, Output: in("5.doc_query.zst")},
	} {
		if err := Convert(t.Context(), o, reporter); err != nil {
			t.Fatal(err)
		}
	}
	for _, pair := range [][2]string{{"q.doc_query", "4.doc_query"}, {"a", "4.answer"}, {"1.parquet", "3.parquet"}} {
		x, errX := os.ReadFile(in(pair[0]))
		y, errY := os.ReadFile(in(pair[1]))
		if errX != nil || errY != nil || !bytes.Equal(x, y) {
			t.Errorf("%s: %v %v\n%s\n%s", pair, errX, errY, x, y)
		}
	}
	if !strings.Contains(out.String(), "1 question written to ") {
		t.Errorf("%s", out.String())
	}
}

// Nothing is written over what is read, nor two files into one, under whatever name
// they have until they are whole.
func TestConvertKeepsApart(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	const questions = "1 ||| 狐狸 把 XXXXX 挂 好 。\n<qid_3> ||| 狐狸 把 XXXXX 挂 好 。\n"
	reporter := ui.New(ui.Options{Out: io.Discard, Err: io.Discard})
	for _, o := range []ConvertOptions{
		{Inputs: []string{in("a.jsonl")}, Output: in("a.jsonl")},
		{Inputs: []string{in("b.jsonl.tmp")}, Output: in("b.jsonl"), From: "cmrc2017"},
		{Inputs: []string{in("c.bin.tmp")}, Output: in("c.bin")},
		{Inputs: []string{in("q")}, From: "cmrc2017", Answers: in("d.jsonl.tmp"), Output: in("d.jsonl")},
		{Inputs: []string{in("q")}, From: "cmrc2017", Output: in("e.doc_query"), AnswersOutput: in("./e.doc_query")},
		{Inputs: []string{in("q")}, From: "cmrc2017", To: "cmrc2017", Output: in("f"), AnswersOutput: in("f.tmp")},
		{Inputs: []string{in("q")}, From: "cmrc2017", To: "cmrc2017", Output: in("f.tmp"), AnswersOutput: in("f")},
	} {
		files := append([]string{in("q")}, o.Inputs...)
		if o.Answers != "" {
			files = append(files, o.Answers)
		}
		for _, name := range files {
			if err := os.WriteFile(name, []byte(questions), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := Convert(t.Context(), o, reporter); !errors.Is(err, ErrUsage) {
			t.Errorf("%+v: %v", o, err)
		}
		for _, name := range files {
			if data, err := os.ReadFile(name); err != nil || string(data) != questions {
				t.Errorf("%s is %q, %v", name, data, err)
			}
		}
	}
}

func TestConvertDocuments(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(in("a.md"), []byte("# 灯塔\n\n灯塔亮了。\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	reporter := ui.New(ui.Options{Out: io.Discard, Err: io.Discard})
	for _, o := range []ConvertOptions{
		{Inputs: []string{in("a.md")}, Output: in("a.jsonl")},
		{Inputs: []string{in("a.jsonl")}, Output: in("b.parquet")},
		{Inputs: []string{in("b.parquet")}, Output: in("c.jsonl")},
	} {
		if err := Convert(t.Context(), o, reporter); err != nil {
			t.Fatal(err)
		}
	}
	a, _ := os.ReadFile(in("a.jsonl"))
	c, _ := os.ReadFile(in("c.jsonl"))
	if len(a) == 0 || !bytes.Equal(a, c) {
		t.Errorf("%s\n%s", a, c)
	}
	for _, x := range []struct {
		o    ConvertOptions
		want string
	}{
		{ConvertOptions{Inputs: []string{in("a.jsonl")}, Output: in("d.doc_query")}, "found documents, expected questions"},
		{ConvertOptions{Inputs: []string{in("a.jsonl")}, Output: in("a.jsonl")}, "is input and output"},
		{ConvertOptions{Inputs: []string{in("a.jsonl")}, Output: in("d.xml")}, "found no extension that names a format"},
		{ConvertOptions{Inputs: []string{in("a.jsonl")}, Output: in("d.parquet.gz")}, "Parquet is compressed within"},
	} {
		if err := Convert(t.Context(), x.o, reporter); !errors.Is(err, ErrUsage) || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%v: %v", x.o, err)
		}
	}
	if _, err := os.Stat(in("d.doc_query")); err == nil {
		t.Error("a file is left of a conversion that failed")
	}
	damaged := in("e.parquet")
	if err := os.WriteFile(damaged, []byte("PAR1"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Convert(t.Context(), ConvertOptions{Inputs: []string{damaged}, Output: in("f.jsonl")}, reporter); err == nil || !strings.HasPrefix(err.Error(), damaged+": ") {
		t.Errorf("%v", err)
	}
}

// Vectors are the same after any way through their formats.
func TestConvertVectors(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	const text = "3 2\n狐狸 0.1 -2.5\n狼 1e-20 3\n井 7 0.33333334\n"
	if err := os.WriteFile(in("a.vec"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, warnings bytes.Buffer
	reporter := ui.New(ui.Options{Out: &out, Err: &warnings})
	names := []string{"a.vec", "b.bin", "c.npy", "d.txt.gz", "e.bin.zst", "f.npy.gz", "g.vec"}
	for i, name := range names[1:] {
		if err := Convert(t.Context(), ConvertOptions{Inputs: []string{in(names[i])}, Output: in(name)}, reporter); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(in("g.vec")); err != nil || string(got) != text {
		t.Errorf("%v: found %q, expected %q", err, got, text)
	}
	if want := "3 word vectors written to " + in("c.npy") + " and " + in("c.vocab.tsv") + "\n"; !strings.Contains(out.String(), want) {
		t.Errorf("said %q, expected in it %q", &out, want)
	}
	if err := os.WriteFile(in("odd.vec"), []byte("2 1\n. . 1\n狼 2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Convert(t.Context(), ConvertOptions{Inputs: []string{in("odd.vec")}, Output: in("even.vec")}, reporter); err != nil || !strings.Contains(warnings.String(), "odd.vec:2") {
		t.Errorf("%v, %q", err, &warnings)
	}
	for _, o := range []ConvertOptions{
		{Inputs: []string{in("a.vec"), in("b.bin")}, Output: in("h.bin")},
		{Inputs: []string{in("a.vec")}, Output: in("h.bin"), Encoding: "gbk"},
		{Inputs: []string{in("a.vec")}, Output: in("h.bin"), From: "text"},
	} {
		if err := Convert(t.Context(), o, reporter); !errors.Is(err, ErrUsage) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if err := Convert(t.Context(), ConvertOptions{Inputs: []string{in("nowhere.vec")}, Output: in("h.bin")}, reporter); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing to read: %v", err)
	}
	if _, err := os.Stat(in("h.bin")); err == nil {
		t.Error("wrote a file after an error")
	}
}

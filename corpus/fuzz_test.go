package corpus

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"wakong/internal/compressed"
)

// seeds adds the files of testdata that match, and some bad input.
func seeds(f *testing.F, patterns ...string) {
	f.Helper()
	for _, p := range patterns {
		names, err := filepath.Glob(filepath.Join("testdata", p))
		if err != nil || len(names) == 0 {
			f.Fatalf("no seeds %s: %v", p, err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
			f.Add(b[:len(b)*2/3])
		}
	}
	f.Add([]byte(""))
	f.Add([]byte("\xEF\xBB\xBF\r\n\x00"))
	f.Add([]byte("\xFF\xFE1\x00"))
	f.Add([]byte("1 ||| \n1 ||| ||| \n<> ||| \n<a> |||"))
	f.Add([]byte(`{"id": "a", "text": "\ud800", "passage": "XXXXX", "sentences": [[""]]}`))
}

// checkError holds every error about input to its form.
func checkError(t *testing.T, err error) {
	t.Helper()
	var in *InputError
	if !errors.As(err, &in) || in.File != "f" || in.Line < 0 || !strings.HasPrefix(err.Error(), "f:") || in.Reason() == "" {
		t.Fatalf("the error %v", err)
	}
	if !utf8.ValidString(err.Error()) || len(err.Error()) > 2000 {
		t.Fatalf("the message is no text, or a flood: %q", err.Error())
	}
}

func fuzzSamples(f *testing.F, read func(io.Reader, string) iter.Seq2[Sample, error]) {
	f.Fuzz(func(t *testing.T, in []byte) {
		n := 0
		last := 0
		for s, err := range read(strings.NewReader(string(in)), "f") {
			n++
			if err != nil {
				checkError(t, err)
				continue
			}
			if len(s.Sentences) == 0 || len(s.Sentences) != len(s.Lines) || s.Line != s.Lines[0] || s.Line <= last || s.QueryLine <= s.Line {
				t.Fatalf("%+v", s)
			}
			last = s.QueryLine
			d := s.document(sourceFile{key: "f", name: "f"}, "答案", &SourceReport{})
			if strings.Contains(d.Text, Blank) {
				t.Fatalf("a blank is left in %q", d.Text)
			}
		}
		if n == 0 {
			t.Fatal("neither a sample nor an error")
		}
	})
}

func FuzzReadCMRC2017(f *testing.F) {
	seeds(f, "*.doc_query", "*.cft")
	fuzzSamples(f, ReadCMRC2017)
}

func FuzzReadPDCFT(f *testing.F) {
	seeds(f, "*.doc_query", "*.cft")
	fuzzSamples(f, ReadPDCFT)
}

func FuzzReadAnswers(f *testing.F) {
	seeds(f, "*.answer")
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := ReadAnswers(strings.NewReader(string(in)), "f")
		if err != nil {
			checkError(t, err)
			return
		}
		if a.Len() == 0 {
			t.Fatal("no answers and no error")
		}
		for id := range a.All() {
			if a.Line(id) == 0 {
				t.Fatalf("%s has no line", id)
			}
		}
	})
}

func FuzzReadDocuments(f *testing.F) {
	seeds(f, "*.jsonl", "golden/documents.jsonl")
	f.Fuzz(func(t *testing.T, in []byte) {
		n := 0
		for d, err := range ReadDocuments(strings.NewReader(string(in)), "f") {
			n++
			if err != nil {
				checkError(t, err)
			} else if d.ID == "" || d.Line == 0 {
				t.Fatalf("%+v", d)
			}
		}
		if n == 0 {
			t.Fatal("neither a document nor an error")
		}
	})
}

// FuzzQuestions reads the same bytes in each format of questions, plain and
// in an encoding.
func FuzzQuestions(f *testing.F) {
	seeds(f, "questions.*", "*.doc_query", "*.cft")
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, format := range []string{FormatCMRC2017, FormatPDCFT, FormatJSONLines, FormatText} {
			for _, encoding := range []string{"", "gb18030"} {
				s := QuestionSource{Format: format, Name: "f", OnError: OnErrorSkip, Encoding: encoding}
				var report SourceReport
				n := 0
				for q, err := range s.Read(t.Context(), strings.NewReader(string(in)), QuestionOptions{Segmenter: single{}, Report: &report}) {
					if err != nil {
						t.Fatal(err)
					}
					n++
					if q.ID == "" || q.Blank < 0 || q.Blank > len(q.Words) || q.Surface != nil && len(q.Surface) != len(q.Words) {
						t.Fatalf("%+v", q)
					}
					for _, w := range q.Words {
						if w == "" || tooLong(w) || strings.Contains(w, Blank) || len(strings.Fields(w)) != 1 {
							t.Fatalf("the word %q of %+v", w, q)
						}
					}
				}
				if n == 0 && report.Skipped == 0 {
					t.Fatal("neither a question nor a fault")
				}
			}
		}
	})
}

func FuzzJSONLines(f *testing.F) {
	seeds(f, "*.jsonl")
	f.Fuzz(func(t *testing.T, in []byte) {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, in, 0o644); err != nil {
			t.Fatal(err)
		}
		for d, err := range (Source{Format: FormatJSONLines, Path: path, Name: "f"}).Documents(t.Context(), nil) {
			if err != nil {
				checkError(t, err)
			} else if d.ID == "" || strings.TrimSpace(d.Text) == "" {
				t.Fatalf("%+v", d)
			}
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	seeds(f, "tales/*.md")
	f.Fuzz(func(t *testing.T, in []byte) {
		if !utf8.Valid(in) {
			return // the reader refuses it before
		}
		title, body := stripMarkdown(string(in))
		if !utf8.ValidString(title) || !utf8.ValidString(body) || strings.Contains(title, "\n") {
			t.Fatalf("%q, %q", title, body)
		}
	})
}

func FuzzUserDictionary(f *testing.F) {
	f.Add([]byte("巫巫女 nr\n心愿瓶 20 n\n彩虹披风 3\n月光坚果\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		u, err := readUserDictionary(strings.NewReader(string(in)), "f")
		if err != nil {
			checkError(t, err)
			return
		}
		// cppjieba splits at single spaces and wants two or three fields.
		for line := range strings.Lines(string(u.file)) {
			if n := len(strings.Split(line, " ")); n != 2 && n != 3 || strings.TrimSpace(line) == "" {
				t.Fatalf("the line %q", line)
			}
		}
	})
}

func FuzzSentences(f *testing.F) {
	seeds(f, "tales/*.*", "tales/sub/*")
	f.Fuzz(func(t *testing.T, in []byte) {
		if got := strings.Join(Sentences(string(in)), ""); got != string(in) {
			t.Fatalf("%q became %q", in, got)
		}
	})
}

func FuzzClean(f *testing.F) {
	seeds(f, "tales/*.*", "tales/sub/*")
	c := NewCleaner(StandardSteps()...)
	f.Fuzz(func(t *testing.T, in []byte) {
		once := c.Clean(string(in), c.Steps())
		if twice := c.Clean(once, nil); twice != once {
			t.Fatalf("%q: cleaned %q, cleaned again %q", in, once, twice)
		}
	})
}

// What is read as samples of JSON Lines is written as such again.
func FuzzReadSamples(f *testing.F) {
	seeds(f, "*.jsonl")
	f.Add([]byte(`{"id":"qid_0","passage":"狐狸 XXXXX","sentences":["狐狸 XXXXX"],"query":"狐狸 XXXXX","answer":"回家"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		n := 0
		for s, err := range ReadSamples(strings.NewReader(string(in)), "f") {
			n++
			if err != nil {
				checkError(t, err)
				continue
			}
			if s.ID == "" || s.Query == "" || len(s.Sentences) == 0 || s.Line == 0 {
				t.Fatalf("%+v", s)
			}
			one := func(yield func(Sample, error) bool) { yield(s, nil) }
			if _, err := WriteSamples(io.Discard, one); err != nil {
				t.Fatal(err)
			}
		}
		if n == 0 {
			t.Fatal("neither a sample nor an error")
		}
	})
}

// Whatever stands in a file that is packed by its name, there are lines or an error
// that names the file.
func FuzzPacked(f *testing.F) {
	for _, kind := range []compressed.Kind{compressed.Gzip, compressed.Zstandard} {
		var b bytes.Buffer
		if err := kind.Write(&b, func(w io.Writer) error {
			_, err := io.WriteString(w, "{\"text\": \"狐狸提着灯笼。\"}\n")
			return err
		}); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes(), kind == compressed.Gzip)
		f.Add(b.Bytes()[:b.Len()-3], kind == compressed.Gzip)
	}
	f.Fuzz(func(t *testing.T, data []byte, gzip bool) {
		name := "f.jsonl.zst"
		if gzip {
			name = "f.jsonl.gz"
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		s := Source{Format: FormatJSONLines, Path: path, Name: name}
		for d, err := range s.Documents(t.Context(), nil) {
			if err != nil && !strings.Contains(err.Error(), name) {
				t.Errorf("an error without the file: %v", err)
			}
			if err == nil && d.Text == "" {
				t.Error("a document without text")
			}
		}
	})
}

package embed

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"wakong/vocab"
)

func tiny(t testing.TB) *Vectors {
	t.Helper()
	v, err := vocab.New([]string{"狐狸", "\"", "井"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Vectors{Vocabulary: v, Size: 2, Data: []float32{0, 0, 0.1, -2.5, 1e-20, 3, math.MaxFloat32, -0.33333334}}
}

func TestFormatsRoundTrip(t *testing.T) {
	v := tiny(t)
	for name, f := range map[string]struct {
		write func(io.Writer) error
		read  func(io.Reader, string) (*Vectors, error)
	}{"text": {v.WriteText, ReadText}, "binary": {v.WriteBinary, ReadBinary}} {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			t.Fatal(err)
		}
		raw := b.Bytes()
		got, err := f.read(bytes.NewReader(raw), "v")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !slices.Equal(got.Data, v.Data) || got.Vocabulary.Word(1) != "狐狸" || got.Vocabulary.Len() != 4 {
			t.Errorf("%s: read back %v", name, got)
		}
		for i := range len(raw) - 1 {
			if got, err := f.read(bytes.NewReader(raw[:i]), "v"); err == nil && name == "binary" {
				t.Errorf("%s cut off at %d: %v", name, i, got.Vocabulary.Len())
			}
		}
	}
}

func TestForeignFiles(t *testing.T) {
	headerless := "a 1 2\nb 3 4\n"
	v, err := ReadText(strings.NewReader(headerless), "v")
	if err != nil || v.Size != 2 || v.Vocabulary.Len() != 3 || v.Vector(2)[1] != 4 {
		t.Errorf("a file without header: %v %v", v, err)
	}
	// gensim puts no line end behind a binary vector, word2vec.c does, and
	// word2vec.c leaves a space behind the last number of a text line.
	v, err = ReadBinary(strings.NewReader("2 1\na \x00\x00\x80\x3fb \x00\x00\x00\x40"), "v")
	if err != nil || v.Vector(1)[0] != 1 || v.Vector(2)[0] != 2 {
		t.Errorf("gensim's binary form: %v %v", v, err)
	}
	if v, err = ReadText(strings.NewReader("1 2\na 1 2 \n"), "v"); err != nil || v.Vector(1)[1] != 2 {
		t.Errorf("word2vec.c's text form: %v %v", v, err)
	}
}

func TestBadVectorFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "v: found no vectors",
		"2 2\na 1 2\n":             "v: found 1 words, expected the 2",
		"99999999999 2\na 1 2\n":   "v:1: found 99999999999 words",
		"2 99999999\na 1 2\n":      "v:1: found 2 words of size 99999999",
		"1 2\na 1\n":               "v:2: found 1 numbers",
		"1 2\na 1 2 3\n":           "v:2: found \"a 1\", which holds the separator U+0020",
		"1 2\na 1 x\n":             "v:2: found \"x\" as number 2",
		"1 2\na 1 NaN\n":           "v:2: found \"NaN\" as number 2",
		"1 2\na 1 1e99\n":          "v:2: found \"1e99\" as number 2",
		"2 1\na 1\na 2\n":          "v:3: found \"a\" a second time",
		"1 1\n\u3000 1\n":          "v:2: found",
		strings.Repeat("x", 1<<20): "v:1: found a line of more than",
	} {
		if _, err := ReadText(strings.NewReader(text), "v"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.30q: %v, expected %s", text, err, want)
		}
	}
	for raw, want := range map[string]string{
		"":               "v:1: found \"\"",
		"hello\n":        "v:1: found \"hello",
		"9999999999 1\n": "v:1: found 9999999999 words",
		"2 1\na \x00\x00\x00\x00a \x00\x00\x00\x00": "v: word 2: found \"a\" a second time",
		"1 1\na \x00\x00":                         "v: word 1 of 1, \"a\": the file is cut off",
		"2 1\na \x00\x00\x00\x00":                 "v: word 2 of 2: the file is cut off",
		"1 1\na \x00\x00\xc0\x7f":                 "v: word 1, \"a\": found NaN",
		"1 1\na \x00\x00\x00\x00b":                "v: found more after the 1 words",
		"1 1\n" + strings.Repeat("w", 5000) + " ": "v: word 1 of 1: found a word of more than",
	} {
		if _, err := ReadBinary(strings.NewReader(raw), "v"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.30q: %v, expected %s", raw, err, want)
		}
	}
}

func FuzzReadText(f *testing.F) {
	f.Add("2 2\na 1 2\nb 3 4\n")
	f.Add("a 1 2\nb 3 4\n")
	f.Fuzz(func(t *testing.T, s string) { again(t, s, ReadText) })
}

func FuzzReadBinary(f *testing.F) {
	var b bytes.Buffer
	if err := tiny(f).WriteBinary(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Fuzz(func(t *testing.T, s string) { again(t, s, ReadBinary) })
}

// again writes what was read and reads it once more.
func again(t *testing.T, s string, read func(io.Reader, string) (*Vectors, error)) {
	v, err := read(strings.NewReader(s), "v")
	if err != nil {
		return
	}
	for _, f := range []struct {
		write func(io.Writer) error
		read  func(io.Reader, string) (*Vectors, error)
	}{{v.WriteText, ReadText}, {v.WriteBinary, ReadBinary}} {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			t.Fatal(err)
		}
		got, err := f.read(&b, "again")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Data, v.Data) {
			t.Fatal("other numbers when written and read again")
		}
	}
}

func ExampleVectors_Nearest() {
	words, err := vocab.New([]string{"狐狸", "狼", "井"}, nil)
	if err != nil {
		panic(err)
	}
	v := &Vectors{Vocabulary: words, Size: 2, Data: []float32{0, 0, 1, 0.1, 0.9, 0.2, -0.1, 1}}
	near, err := v.Nearest("狐狸", 2)
	if err != nil {
		panic(err)
	}
	for _, n := range near {
		fmt.Printf("%s %.2f\n", n.Word, n.Similarity)
	}
	// Output:
	// 狼 0.99
	// 井 0.00
}

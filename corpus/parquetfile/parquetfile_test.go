package parquetfile

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"reflect"
	"strings"
	"testing"

	"wakong/corpus"
)

func all[T any](t *testing.T, items iter.Seq2[T, error]) []T {
	t.Helper()
	var out []T
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, item)
	}
	return out
}

func each[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// Questions of CMRC 2017 are the same bytes after Parquet and after JSON Lines.
func TestQuestionsRoundTrip(t *testing.T) {
	const file = "../testdata/fox.doc_query"
	original, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var table, again, lines, contest bytes.Buffer
	for _, w := range []*bytes.Buffer{&table, &again} {
		if n, err := WriteSamples(w, corpus.ReadCMRC2017(bytes.NewReader(original), file)); err != nil || n == 0 {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if !bytes.Equal(table.Bytes(), again.Bytes()) {
		t.Error("other bytes the second time")
	}
	r := bytes.NewReader(table.Bytes())
	if found, err := HoldsQuestions(r, r.Size(), "f"); err != nil || !found {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := corpus.WriteSamples(&lines, ReadSamples(r, r.Size(), "f")); err != nil {
		t.Fatal(err)
	}
	if _, err := corpus.WriteCMRC2017(&contest, nil, corpus.ReadSamples(&lines, "f")); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(contest.Bytes(), original) {
		t.Errorf("got\n%s\nwant\n%s", contest.Bytes(), original)
	}
}

var documents = []corpus.Document{
	{ID: "a", Title: "灯塔", Source: "s", URL: "http://tales.example/1", Text: "灯塔亮了。\n船走了。\n"},
	{ID: "b", Sentences: [][]string{{"狐狸", "回家", "。"}, {"下雪", "了"}}},
}

func TestDocumentsRoundTrip(t *testing.T) {
	var b bytes.Buffer
	if n, err := WriteDocuments(&b, each(documents)); err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
	got := all(t, ReadDocuments(bytes.NewReader(b.Bytes()), int64(b.Len()), "f"))
	for i := range got {
		if got[i].File != "f" || got[i].Line != i+1 {
			t.Errorf("%+v", got[i])
		}
		got[i].File, got[i].Line = "", 0
	}
	if !reflect.DeepEqual(got, documents) {
		t.Errorf("got %+v", got)
	}
	for row, err := range ReadSamples(bytes.NewReader(b.Bytes()), int64(b.Len()), "f") {
		if err == nil || !strings.HasPrefix(err.Error(), "f: found no column query") {
			t.Errorf("%v, %v", row, err)
		}
	}
}

// Whatever the bytes, there is an end and no panic, and errors name the file.
func FuzzReadDocuments(f *testing.F) {
	var b bytes.Buffer
	if _, err := WriteDocuments(&b, each(documents)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte("PAR1PAR1"))
	for i := 0; i < b.Len(); i += 7 {
		damaged := bytes.Clone(b.Bytes())
		damaged[i] ^= 0x55
		f.Add(damaged)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		rows := 0
		for _, err := range ReadDocuments(bytes.NewReader(in), int64(len(in)), "f") {
			var fault *corpus.InputError
			if err != nil && (!errors.As(err, &fault) || fault.File != "f") {
				t.Fatal(err)
			}
			if rows++; rows > 1000 {
				return
			}
		}
	})
}

// The length of the footer is a claim of the file, for which no memory is taken.
func TestFooterClaims(t *testing.T) {
	var b bytes.Buffer
	if _, err := WriteDocuments(&b, each(documents)); err != nil {
		t.Fatal(err)
	}
	claim := bytes.Clone(b.Bytes())
	copy(claim[len(claim)-8:], "\xff\xff\xff\xff")
	for _, in := range [][]byte{claim, []byte("PAR1"), nil} {
		_, err := HoldsQuestions(bytes.NewReader(in), int64(len(in)), "f")
		var fault *corpus.InputError
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), "f: found ") {
			t.Errorf("%d bytes: %v", len(in), err)
		}
	}
}

// Long texts are read as they were written; where the footer would hold more of them
// than is read, nothing is written as if it could be.
func TestLongTexts(t *testing.T) {
	texts := func(n, size int) []corpus.Document {
		var out []corpus.Document
		for i := range n {
			out = append(out, corpus.Document{ID: strings.Repeat("a", i+1), Text: strings.Repeat("狐狸。", size/9)})
		}
		return out
	}
	var table bytes.Buffer
	want := texts(2, 20<<20)
	if _, err := WriteDocuments(&table, each(want)); err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(table.Bytes())
	got := all(t, ReadDocuments(r, r.Size(), "f"))
	if table.Len() > 50<<20 {
		t.Errorf("%d bytes: the pages have statistics, too", table.Len())
	}
	if len(got) != 2 || got[1].Text != want[1].Text {
		t.Errorf("%d documents came back", len(got))
	}
	if _, err := WriteDocuments(io.Discard, each(texts(4, 20<<20))); err == nil || !strings.Contains(err.Error(), "so long that the footer") {
		t.Errorf("got %v", err)
	}
}

// Questions that could not be read back are not written.
func TestWriteSamplesRefuses(t *testing.T) {
	good := corpus.Sample{ID: "a", Sentences: []string{"好 XXXXX"}, Query: "XXXXX", File: "f", Line: 7}
	nameless, long, bare := good, good, good
	nameless.ID, long.ID, bare.Query = "", strings.Repeat("a", corpus.MaxID+1), ""
	for want, samples := range map[string][]corpus.Sample{
		`f:7: found the id "a" twice`:                    {good, nameless, nameless, good},
		"f:7: found an id of 1025 bytes":                 {long},
		"f:7: found a question without passage or query": {bare},
	} {
		_, err := WriteSamples(io.Discard, each(samples))
		var fault *corpus.InputError
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

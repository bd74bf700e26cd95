package corpus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wakong/corpus/minhash"
)

// folderFS is a file system of one folder under another scheme.
type folderFS string

func (f folderFS) at(path string) string {
	return filepath.Join(string(f), strings.TrimPrefix(path, "test://"))
}

func (f folderFS) Open(path string) (io.ReadCloser, error) { return os.Open(f.at(path)) }

func (f folderFS) Match(pattern string) ([]string, error) {
	names, err := filepath.Glob(f.at(pattern))
	for i, n := range names {
		names[i] = "test://" + strings.TrimPrefix(filepath.ToSlash(n), string(f)+"/")
	}
	return names, err
}

// Read file by file, here or in another file system, a source gives the same
// documents and the same report as at once.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		var b strings.Builder
		for j := range 5 {
			fmt.Fprintf(&b, "{\"id\": %d, \"text\": \"第%d只狐狸过桥。\"}\n", j, 10*i+j)
		}
		b.WriteString("{\"text\": 1}\n")
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("part-%d.jsonl", i)), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "part-9.jsonl"), []byte("\xc4\xe3\xba\xc3"), 0o644); err != nil {
		t.Fatal(err)
	}
	local := Source{Format: FormatJSONLines, Path: filepath.Join(dir, "part-*.jsonl"), Name: "parts/part-*.jsonl", OnError: OnErrorSkip, Encoding: EncodingAuto}
	remote := local
	remote.Path, remote.FS = "test://part-*.jsonl", folderFS(dir)
	var want SourceReport
	documents := all(t, local.Samples(t.Context(), &want))
	if len(documents) != 15 || want.Skipped != 4 || want.Files != 4 || len(want.Encodings) == 0 {
		t.Fatalf("%d documents, %+v", len(documents), want)
	}
	for _, s := range []Source{local, remote} {
		files, err := s.SourceFiles()
		if err != nil {
			t.Fatal(err)
		}
		var got []Document
		var sum SourceReport
		for _, f := range files {
			var one SourceReport
			got = append(got, all(t, s.ReadFile(t.Context(), f, &one))...)
			sum.Merge(one)
		}
		if !reflect.DeepEqual(got, documents) {
			t.Errorf("%s: documents\n%v, want\n%v", s.Path, got, documents)
		}
		if !reflect.DeepEqual(sum, want) {
			t.Errorf("%s: report\n%+v, want\n%+v", s.Path, sum, want)
		}
	}
	remote.Path = "test://none-*"
	if _, err := remote.SourceFiles(); err == nil || !strings.Contains(err.Error(), "no file that matches") {
		t.Errorf("got %v", err)
	}
}

// all are the documents of a stream that must not fail.
func all[T any](t *testing.T, in iter.Seq2[T, error]) []T {
	t.Helper()
	var out []T
	for v, err := range in {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// The steps one by one, and reports of parts merged, give what Prepare gives.
func TestPreparerStepByStep(t *testing.T) {
	var documents []Document
	for i := range 30 {
		d := Document{ID: fmt.Sprint(i % 11), File: "f", Line: i + 1, Text: fmt.Sprintf("第%d只狐貍\u3000提着燈籠過橋。Hello.\n它说 XXXXX 是空的。", i)}
		if i%7 == 3 {
			d.Text = "..."
		}
		if i == 20 {
			d.Text = "小河一直流到大海去看白色的浪花和蓝色的天空。"
		}
		documents = append(documents, d)
	}
	leaks, err := NewLeaks(0)
	if err != nil {
		t.Fatal(err)
	}
	leaks.Add("q", []string{"小河一直流到大海去看白色的浪花和蓝色的天空"})
	o := PrepareOptions{Segmenter: testJieba(t), Leaks: leaks, KeepDuplicates: true, DropText: true}
	prepared, want := Prepare(t.Context(), seqOf(documents), o)
	wantDocuments := all(t, prepared)

	p, err := NewPreparer(o)
	if err != nil {
		t.Fatal(err)
	}
	report := p.NewReport()
	ids := IDs{}
	var got []Document
	for part := range slices.Chunk(documents, 7) {
		counts := p.NewReport()
		var stay []ScreenedDocument
		for _, d := range all(t, p.Screen(t.Context(), seqOf(part))) {
			counts.Samples++
			if d.Leaks {
				counts.Leaks.Merge(LeakReport{1, 1, []LeakCase{{d.Document.File, d.Document.Line, d.Leak}}})
				continue
			}
			stay = append(stay, d)
		}
		for _, d := range all(t, p.Segment(t.Context(), seqOf(stay))) {
			if counts.Count(d) {
				d.Document.ID = ids.Unique(d.Document.ID, d.Hash())
				got = append(got, d.Document)
			}
		}
		report.Merge(counts)
	}
	if !reflect.DeepEqual(got, wantDocuments) {
		t.Errorf("documents\n%v, want\n%v", got, wantDocuments)
	}
	a, _ := json.Marshal(report)
	b, _ := json.Marshal(want)
	if !bytes.Equal(a, b) {
		t.Errorf("report\n%s, want\n%s", a, b)
	}
	if want.Leaks.Samples != 1 || want.Empty == 0 || want.Documents == 0 {
		t.Errorf("the test's text has no leak or nothing empty: %s", b)
	}
}

func seqOf[T any](values []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Whatever the ids, those of one base can be named apart without the others.
func TestBaseID(t *testing.T) {
	for id, want := range map[string]string{"": "", "a": "a", "a@01234567": "a", "a@0123456": "a@0123456", "a@0123456g": "a@0123456g",
		"a@01234567@89abcdef": "a", "@01234567": "", "a@01234567x": "a@01234567x", "狐@ffffffff": "狐"} {
		if got := BaseID(id); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	hashes := []minhash.Hash{{1, 2, 3, 4}, {0xff}, {9, 9, 9, 9, 9}}
	var ids []string
	var contents []minhash.Hash
	for range 300 {
		id := fmt.Sprint(r.IntN(9))
		for range r.IntN(3) {
			id += fmt.Sprintf("@%x", hashes[r.IntN(len(hashes))][:4])
		}
		ids, contents = append(ids, id), append(contents, hashes[r.IntN(len(hashes))])
	}
	together, apart := IDs{}, map[string]IDs{}
	for i, id := range ids {
		base := BaseID(id)
		if apart[base] == nil {
			apart[base] = IDs{}
		}
		if a, b := together.Unique(id, contents[i]), apart[base].Unique(id, contents[i]); a != b {
			t.Errorf("%q becomes %q among all and %q among those of its base", id, a, b)
		}
	}
}

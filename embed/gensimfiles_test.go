package embed

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wakong/internal/python"
	"wakong/vocab"
)

// fromGensim is what testdata/gensim/make.py writes.
func fromGensim(t testing.TB) *Vectors {
	t.Helper()
	words, err := vocab.New([]string{"狐狸", "灯笼", "“", "café", "𠮷"}, []int64{5, 4, 3, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	return &Vectors{Vocabulary: words, Size: 3, Data: []float32{0, 0, 0,
		0.1, -2.5, 1e-20, 3, float32(1) / 3, 0, 1e30, 2, 3, 7, -8, 9, 0.25, 0.5, 1}}
}

func sameVectors(t *testing.T, name string, got, want *Vectors) {
	t.Helper()
	if got.Size != want.Size || got.Vocabulary.Len() != want.Vocabulary.Len() || !slices.Equal(got.Data, want.Data) {
		t.Errorf("%s: read %d words of size %d: %v", name, got.Vocabulary.Len()-1, got.Size, got.Data)
		return
	}
	for id := range int32(want.Vocabulary.Len()) {
		if got.Vocabulary.Word(id) != want.Vocabulary.Word(id) {
			t.Errorf("%s: word %d is %q, expected %q", name, id, got.Vocabulary.Word(id), want.Vocabulary.Word(id))
		}
	}
}

// Files that gensim and NumPy have written, testdata/gensim/make.py.
func TestGensimWroteTheseFiles(t *testing.T) {
	want := fromGensim(t)
	for _, name := range []string{"vectors.bin", "vectors.txt", "headerless.txt", "vectors.npy", "double.npy"} {
		got, err := Open(filepath.Join("testdata", "gensim", name), ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sameVectors(t, name, got, want)
		if strings.HasSuffix(name, ".npy") && got.Vocabulary.Count(1) != 5 {
			t.Errorf("%s: count %d, expected 5", name, got.Vocabulary.Count(1))
		}
	}
	theirs, err := os.ReadFile("testdata/gensim/vectors.npy")
	if err != nil {
		t.Fatal(err)
	}
	var ours bytes.Buffer
	if err := want.writeNPY(&ours); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(ours.Bytes()[:128], theirs[:128]) || len(theirs) != ours.Len() {
		t.Errorf("numpy.save writes the header\n%q, ours is\n%q", theirs[:128], ours.Bytes()[:128])
	}
}

// Files of ours, read by gensim.
func TestGensimReadsOurs(t *testing.T) {
	interpreter := python.With(t, "gensim")
	v := fromGensim(t)
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"v.bin", "v.txt", "v.vec", "v.txt.gz", "v.bin.gz"} {
		paths = append(paths, filepath.Join(dir, name))
		if err := v.Save(paths[len(paths)-1]); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := v.WriteHeaderless(&b); err != nil {
		t.Fatal(err)
	}
	paths = append(paths, filepath.Join(dir, "headerless.txt"))
	if err := os.WriteFile(paths[len(paths)-1], b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(interpreter, append([]string{"testdata/gensim/load.py"}, paths...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 5*len(paths) {
		t.Fatalf("%d lines, expected %d:\n%s", len(lines), 5*len(paths), out)
	}
	for i, line := range lines {
		fields := strings.Fields(line)
		id := int32(i%5 + 1)
		want := []float32{}
		for _, field := range fields[1:] {
			var x float64
			if _, err := fmt.Sscan(field, &x); err != nil {
				t.Fatal(err)
			}
			want = append(want, float32(x))
		}
		if fields[0] != v.Vocabulary.Word(id) || !slices.Equal(want, v.Vector(id)) {
			t.Errorf("%s: gensim read %s", paths[i/5], line)
		}
	}
}

// There and back: what gensim saves of our vectors are our vectors, to the bit in
// binary, and in text too.
func TestGensimRoundTrip(t *testing.T) {
	interpreter := python.With(t, "gensim")
	v := fromGensim(t)
	dir := t.TempDir()
	ours, binary, text := filepath.Join(dir, "ours.bin"), filepath.Join(dir, "theirs.bin"), filepath.Join(dir, "theirs.txt")
	if err := v.Save(ours); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(interpreter, "-c", `
import sys, gensim
vectors = gensim.models.KeyedVectors.load_word2vec_format(sys.argv[1], binary=True)
vectors.save_word2vec_format(sys.argv[2], binary=True, sort_attr=None)
vectors.save_word2vec_format(sys.argv[3], binary=False, sort_attr=None)
`, ours, binary, text).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, path := range []string{binary, text} {
		got, err := Open(path, ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sameVectors(t, filepath.Base(path), got, v)
	}
}

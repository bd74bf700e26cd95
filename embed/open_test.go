package embed

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wakong/vocab"
)

var extensions = []string{".txt", ".vec", ".bin", ".npy"}

func TestSaveAndOpen(t *testing.T) {
	v := fromGensim(t)
	for _, extension := range extensions {
		for _, packed := range []string{"", ".gz", ".zst"} {
			path := filepath.Join(t.TempDir(), "v"+extension+packed)
			for range 2 { // the second time over the first
				if err := v.Save(path); err != nil {
					t.Fatal(err)
				}
			}
			got, err := Open(path, ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			sameVectors(t, path, got, v)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if again := filepath.Join(t.TempDir(), "v"+extension+packed); v.Save(again) != nil {
				t.Fatal("saving it again failed")
			} else if other, err := os.ReadFile(again); err != nil || !bytes.Equal(raw, other) {
				t.Errorf("%s: other bytes the second time (%v)", path, err)
			}
			for _, limit := range []int{1, 3, 5, 99} {
				got, err := Open(path, ReadOptions{Limit: limit})
				if err != nil {
					t.Fatalf("%s, limit %d: %v", path, limit, err)
				}
				n := min(limit, 5) + 1
				if got.Vocabulary.Len() != n || !slices.Equal(got.Data, v.Data[:n*v.Size]) {
					t.Errorf("%s, limit %d: %d words", path, limit, got.Vocabulary.Len()-1)
				}
			}
			if packed == "" && extension != ".bin" && extension != ".npy" {
				continue // text cut off within its last number cannot be told
			}
			for n := range raw {
				if err := os.WriteFile(path, raw[:n], 0o644); err != nil {
					t.Fatal(err)
				}
				// The line end behind the last vector may be missing.
				if _, err := Open(path, ReadOptions{}); err == nil && !(packed == "" && n == len(raw)-1) {
					t.Errorf("%s: cut off after %d of %d bytes, was read", path, n, len(raw))
				}
			}
		}
	}
	if err := v.Save(filepath.Join(t.TempDir(), "v.dat")); err == nil || !strings.Contains(err.Error(), ".npy") {
		t.Errorf("an extension without a format: %v", err)
	}
	if _, err := Open(t.TempDir(), ReadOptions{}); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := Open("nowhere.bin", ReadOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// What is refused as a word, is refused by name; what is taken comes back from
// every format.
func TestWordsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		odd := rapid.SampledFrom([]string{" ", "\u00a0", "\u3000", "\u2028", "\u2029", "\x00", "\x1c", "\x85", "\r", "\n", "\t", "\v", "\u200b", "\ufeff", "狐", "𠮷", "|", "\"", "#", "1", ":"})
		word := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOfN(odd, 0, 4), func(s []string) string { return strings.Join(s, "") }))
		words := rapid.SliceOfNDistinct(word, 1, 6, rapid.ID).Draw(t, "words")
		vocabulary, err := vocab.New(words, nil)
		if err != nil {
			bad := slices.IndexFunc(words, func(w string) bool { return vocab.CheckWord(w) != nil })
			if bad < 0 || words[bad] != "" && !strings.Contains(err.Error(), fmt.Sprintf("%q", words[bad])) {
				t.Fatalf("%q: the error does not name the word: %v", words, err)
			}
			return
		}
		v := &Vectors{Vocabulary: vocabulary, Size: 2, Data: make([]float32, 2*(len(words)+1))}
		var text, binary, table bytes.Buffer
		_, err = vocabulary.WriteTo(&table)
		if err := errors.Join(err, v.WriteText(&text), v.WriteBinary(&binary)); err != nil {
			t.Fatal(err)
		}
		fromText, err1 := ReadText(&text, "text")
		fromBinary, err2 := ReadBinary(&binary, "binary")
		fromTable, err3 := vocab.Read(&table, "table")
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		for i, w := range words {
			for _, got := range []*vocab.Vocabulary{fromText.Vocabulary, fromBinary.Vocabulary, fromTable} {
				if got.Word(int32(i+1)) != w {
					t.Fatalf("%q came back as %q", w, got.Word(int32(i+1)))
				}
			}
			// In sentences words stand between spaces.
			if fields := strings.Fields("a " + w + " b"); len(fields) != 3 || fields[1] != w {
				t.Fatalf("%q in a sentence is %q", w, fields)
			}
		}
	})
}

func TestSkipped(t *testing.T) {
	text := "4 1\na 1\n. . 2\na 3\nb 4\n"
	if _, err := ReadText(strings.NewReader(text), "v"); err == nil || !strings.HasPrefix(err.Error(), `v:3: found ". ."`) {
		t.Errorf("a word with a space: %v", err)
	}
	var skipped []string
	v, err := Read(strings.NewReader(text), "v", FormatText, ReadOptions{Skipped: func(err error) { skipped = append(skipped, err.Error()) }})
	if err != nil || v.Vocabulary.Len() != 3 || v.Vector(2)[0] != 4 || len(skipped) != 2 || !strings.HasPrefix(skipped[1], `v:4: found "a" a second time`) {
		t.Errorf("%v %v %q", v, err, skipped)
	}
	binary := "2 1\n\u3000 \x00\x00\x80\x3f\nb \x00\x00\x00\x40\n"
	v, err = Read(strings.NewReader(binary), "v", FormatBinary, ReadOptions{Skipped: func(error) {}})
	if err != nil || v.Vocabulary.Len() != 2 || v.Vector(1)[0] != 2 {
		t.Errorf("binary: %v %v", v, err)
	}
	if _, err := Read(strings.NewReader(text), "v", FormatText, ReadOptions{Limit: -1}); err == nil {
		t.Error("a negative limit was taken")
	}
	if _, err := ReadBinary(strings.NewReader("\xba\x16\x4f\x2f\x0c\x00"), "v"); err == nil || !strings.Contains(err.Error(), "fastText") {
		t.Errorf("a model of fastText: %v", err)
	}
}

// The two forms share their first line, and are taken for each other.
func TestFormsTakenForEachOther(t *testing.T) {
	v := fromGensim(t)
	var text, binary bytes.Buffer
	if err := errors.Join(v.WriteText(&text), v.WriteBinary(&binary)); err != nil {
		t.Fatal(err)
	}
	_, asBinary := Read(bytes.NewReader(text.Bytes()), "v", FormatBinary, ReadOptions{})
	_, asText := Read(bytes.NewReader(binary.Bytes()), "v", FormatText, ReadOptions{})
	_, cut := Read(bytes.NewReader(binary.Bytes()[:50]), "v", FormatBinary, ReadOptions{})
	for _, c := range []struct {
		err  error
		want string
	}{{asBinary, "; it seems to be in the text form, whose files are named .txt or .vec"}, {asText, "; it seems to be in the binary form, whose files are named .bin"}, {cut, "EOF"}} {
		if c.err == nil || !strings.HasSuffix(c.err.Error(), c.want) {
			t.Errorf("%v, expected %q at its end", c.err, c.want)
		}
	}
}

// A header must not make a reader ask for memory that the file cannot fill.
func TestHeadersThatPromiseTooMuch(t *testing.T) {
	dir := t.TempDir()
	npy := func(shape string) string {
		h := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }\n", shape)
		return npyMagic + "\x01\x00" + string([]byte{byte(len(h)), byte(len(h) >> 8)}) + h
	}
	for name, content := range map[string]string{
		"a.bin": "67108864 16384\n", "a.txt": "67108864 16384\n", "b.npy": npy("67108864, 16384"), "c.npy": npy("1000000000000, 1"),
		"d.npy": npyMagic + "\x02\x00\xff\xff\xff\xff", "e.npy": npyMagic, "f.npy": npy("3"), "g.npy": npy("2, 2, 2"),
		"h.bin": "1000000000000 1\na 1\n", "i.npy": strings.Replace(npy("2, 2"), "False", "True", 1), "j.npy": strings.Replace(npy("2, 2"), "<f4", "|O", 1),
	} {
		path := filepath.Join(dir, name)
		words := strings.TrimSuffix(name, ".npy") + ".vocab.tsv"
		if err := errors.Join(os.WriteFile(path, []byte(content), 0o644), os.WriteFile(filepath.Join(dir, words), []byte("a\t1\nb\t1\n"), 0o644)); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Open(path, ReadOptions{})
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		allocated := after.TotalAlloc - before.TotalAlloc
		if allocated > 32<<20 {
			t.Errorf("%s: %d bytes were asked for", name, allocated)
		}
	}
}

func FuzzReadNPY(f *testing.F) {
	var b bytes.Buffer
	if err := tiny(f).writeNPY(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(npyMagic + "\x02\x00\xff\xff\xff\xff"))
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "v.vocab.tsv"), []byte("a\t3\nb\t2\nc\t1\n"), 0o644); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, _ := kindOf(filepath.Join(dir, "v.npy"))
		v, err := readNPY(bytes.NewReader(raw), "v.npy", kind, ReadOptions{})
		if err == nil && v.check() != nil {
			t.Fatal("read vectors that do not belong together")
		}
	})
}

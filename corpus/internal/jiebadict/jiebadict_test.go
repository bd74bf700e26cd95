package jiebadict

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/yanyiwu/gojieba"
)

// What is packed is what the library of go.mod's version ships.
func TestPackedIsOriginal(t *testing.T) {
	for path, read := range map[string]func() ([]byte, error){gojieba.DICT_PATH: Dictionary, gojieba.HMM_PATH: Model} {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Skipf("gojieba's own dictionary is not at hand: %v", err)
		}
		got, err := read()
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from what is packed (go generate packs it anew): %v", filepath.Base(path), err)
		}
	}
}

func TestColumns(t *testing.T) {
	const dictionary = "天 7 n\n天上 12 s\n地 3 n\n"
	c, err := Split([]byte(dictionary))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Join(); err != nil || string(got) != dictionary {
		t.Errorf("got %q, %v", got, err)
	}
	for _, bad := range []string{"天 7\n", "天 x n\n", "天 07 n\n", "天 0 n\n", "天  n\n"} {
		if _, err := Split([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	c.Suffix = c.Suffix[:4]
	if _, err := c.Join(); err == nil {
		t.Error("a damaged column is taken")
	}
}

func TestTagger(t *testing.T) {
	tagger, err := NewTagger()
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(tagger.order); i++ {
		if tagger.word(tagger.order[i-1]) >= tagger.word(tagger.order[i]) {
			t.Fatal("the words are not in order")
		}
	}
	for word, want := range map[string]string{"狐狸": "n", "AT&T": "nz", "": "", "狐狸狐狸": ""} {
		if got := tagger.Tag(word); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestUnpack(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	for range 4 { // as processes that start at once
		group.Go(func() {
			if _, err := Unpack(dir, []byte("天地 n\n")); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	p, err := Unpack(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*.tmp-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
	m, err := readManifest()
	if err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		for path, want := range map[string]string{p.Dictionary: m.Dictionary, p.Model: m.Model, p.User: hashOf(nil), p.IDF: hashOf([]byte(tinyIDF))} {
			if b, err := os.ReadFile(path); err != nil || hashOf(b) != want {
				t.Errorf("%s is not what it should be: %v", path, err)
			}
		}
	}
	check()
	// Damage heals.
	b, err := os.ReadFile(p.Dictionary)
	if err != nil {
		t.Fatal(err)
	}
	b[1000] ^= 1
	if err := os.WriteFile(p.Dictionary, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(p.Model, 10); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(p.IDF); err != nil {
		t.Fatal(err)
	}
	if _, err := Unpack(dir, nil); err != nil {
		t.Fatal(err)
	}
	check()
}

// Where the user's cache folder cannot be used, the folder for temporary
// files is; where neither can, the error names both.
func TestUnpackElsewhere(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	temporary := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", blocked)
	t.Setenv("TMPDIR", temporary)
	p, err := Unpack("", nil)
	if err != nil || !strings.HasPrefix(p.Dictionary, temporary) {
		t.Errorf("%+v %v", p, err)
	}
	t.Setenv("TMPDIR", blocked)
	_, err = Unpack("", nil)
	if err == nil || strings.Count(err.Error(), blocked) < 2 || !strings.Contains(err.Error(), "XDG_CACHE_HOME and TMPDIR choose others") {
		t.Errorf("got %v", err)
	}
	if _, err := Unpack(filepath.Join(temporary, "a;b"), nil); err == nil || !strings.Contains(err.Error(), "with | or ;") {
		t.Errorf("got %v", err)
	}
}

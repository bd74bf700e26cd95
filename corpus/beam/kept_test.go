package beam

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// A failure is not kept, a value is.
func TestKept(t *testing.T) {
	var k kept[int]
	made := 0
	fault := errors.New("passing")
	for _, fails := range []bool{true, true, false, true} {
		got, err := k.get(func() (int, error) {
			if fails {
				return 0, fault
			}
			made++
			return 7, nil
		})
		if want := made == 0; want != errors.Is(err, fault) || !want && (got != 7 || err != nil) {
			t.Errorf("made %d: got %d, %v", made, got, err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times", made)
	}
}

// What kept a worker from its work once does not for as long as it lives.
func TestWorkAfterFailure(t *testing.T) {
	path := "memfs://bucket/" + t.Name() + "/valid.jsonl"
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.txt"), "狐狸回家。")
	c := configuration(t, dir, `
segment: {sources: [{format: text, path: a.txt}]}
build: {train: [{format: generate}], valid: [{format: jsonl, path: a.jsonl}]}
`)
	s := settingsOf(t, c)
	s.Valid[0].Path, s.Valid[0].Name = path, path
	if _, err := s.work(t.Context()); err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v, want a file that is missing", err)
	}
	err := writeFile(t.Context(), path, func(w io.Writer) error {
		_, err := w.Write([]byte(`{"id": "1", "passage": "狐狸 提 着 灯笼 回 XXXXX 。", "answer": "家"}`))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.work(canceled); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want that it was called off", err)
	}
	w, err := s.work(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.work(canceled); err != nil || again != w {
		t.Errorf("made again, %v", err)
	}
}

// A packed dictionary is sent unpacked, and a bad one refused where it has its name.
func TestUserDictionary(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "words.txt.gz")
	c := configuration(t, dir, "segment: {user_dictionary: words.txt.gz, sources: [{format: text, path: a}]}\n")
	write(t, path, gzipped(t, "彩虹披风 1000 n\n"))
	s, err := NewSettings(c)
	if err != nil || !bytes.Equal(s.UserDictionary, []byte("彩虹披风 1000 n\n")) {
		t.Fatalf("%q, %v", s.UserDictionary, err)
	}
	jieba, err := s.newJieba()
	if err != nil || strings.Join(jieba.Words("彩虹披风"), " ") != "彩虹披风" {
		t.Errorf("%v", err)
	}
	write(t, path, gzipped(t, "彩虹披风 x n\n"))
	if _, err := NewSettings(c); err == nil || !strings.Contains(err.Error(), path+`:1: found frequency "x"`) {
		t.Errorf("got %v", err)
	}
	write(t, path, "彩虹披风 1000 n\n")
	if _, err := NewSettings(c); err == nil || !strings.Contains(err.Error(), path+": unpacking") {
		t.Errorf("got %v", err)
	}
}

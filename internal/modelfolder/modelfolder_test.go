package modelfolder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// made is a folder of two files.
func made(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "model")
	if err := Create(t.Context(), dir, Manifest{Holds: "folder", Program: "test", Kernel: "auto"}, fillWith("weights", "words")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func fillWith(weights, words string) func(string) error {
	return func(folder string) error {
		return errors.Join(
			os.WriteFile(filepath.Join(folder, "model.safetensors"), []byte(weights), 0o644),
			os.WriteFile(filepath.Join(folder, "vocab.tsv"), []byte(words), 0o644))
	}
}

func TestCreateAndOpen(t *testing.T) {
	dir := made(t)
	f, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if f.Holds != "folder" || f.Program != "test" || f.Kernel != "auto" || len(f.Files) != 2 {
		t.Errorf("%+v", f)
	}
	path, err := f.Path("vocab.tsv")
	if data, readErr := os.ReadFile(path); err != nil || readErr != nil || string(data) != "words" {
		t.Errorf("%q %v %v", data, err, readErr)
	}
	if _, err := f.Path("vectors.bin"); !errors.Is(err, ErrNoFile) {
		t.Errorf("found %v", err)
	}
	entries, _ := os.ReadDir(filepath.Dir(dir))
	inside, _ := os.ReadDir(dir)
	if len(entries) != 1 || len(inside) != 3 {
		t.Errorf("left behind: %v, %v", entries, inside)
	}
}

// Every byte of every file counts: cut off anywhere, or with any byte altered, a
// file is refused under its own name. The manifest has bytes that change no other
// file, such as white space and the version: those of consequence are for the
// caller to look at.
func TestDamage(t *testing.T) {
	dir := made(t)
	for _, name := range []string{"model.safetensors", "vocab.tsv", ManifestFile} {
		path := filepath.Join(dir, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		refused := func(what string, data []byte, harmless bool) {
			t.Helper()
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), dir)
			if err == nil && !harmless {
				t.Errorf("%s %s: opened", name, what)
			}
			if err != nil && name != ManifestFile && !strings.Contains(err.Error(), path) {
				t.Errorf("%s %s: %v", name, what, err)
			}
		}
		end := len(whole)
		if name == ManifestFile {
			end = len(strings.TrimSpace(string(whole)))
		}
		for i := range end {
			refused("cut off", whole[:i], false)
			altered := append([]byte(nil), whole...)
			altered[i] ^= 1
			refused("altered", altered, name == ManifestFile)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s removed: %v", name, err)
		}
		if err := os.WriteFile(path, whole, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(t.Context(), dir); err != nil {
		t.Errorf("whole again: %v", err)
	}
}

func TestRefusedManifests(t *testing.T) {
	hash := strings.Repeat("0", 64)
	for _, c := range []struct{ manifest, message string }{
		{`{"format":2}`, "update it"},
		{`{"format":0}`, "found format 0"},
		{`{"format":1,"files":{}}`, "found no files"},
		{`{"format":1,"extra":1,"files":{}}`, "unknown field"},
		{`{"format":1,"files":{"../a":{"size":1,"sha256":"` + hash + `"}}}`, "without a path"},
		{`{"format":1,"files":{"manifest.json":{"size":1,"sha256":"` + hash + `"}}}`, "without a path"},
		{`{"format":1,"files":{"a":{"size":-1,"sha256":"` + hash + `"}}}`, "found size -1"},
		{`{"format":1,"files":{"a":{"size":1,"sha256":"x"}}}`, `hash "x"`},
		{`[]`, "found no manifest"},
		{strings.Repeat(" ", maxManifest+1), "more than"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ManifestFile), []byte(c.manifest), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), dir); err == nil || !strings.Contains(err.Error(), c.message) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%.60s: found %v, expected %q", c.manifest, err, c.message)
		}
	}
	if _, err := Open(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func TestCreateRefusesAndClearsAway(t *testing.T) {
	dir := made(t)
	m := Manifest{Holds: "folder"}
	if err := Create(t.Context(), dir, m, fillWith("a", "b")); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("over a folder: %v", err)
	}
	parent := t.TempDir()
	file := filepath.Join(parent, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Create(t.Context(), file, m, fillWith("a", "b")); err == nil || !strings.Contains(err.Error(), "a file stands there") {
		t.Errorf("over a file: %v", err)
	}
	broken := errors.New("broken")
	failing := filepath.Join(parent, "failing")
	if err := Create(t.Context(), failing, m, func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("found %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Create(ended, failing, m, fillWith("a", "b")); !errors.Is(err, context.Canceled) {
		t.Errorf("found %v", err)
	}
	if entries, _ := os.ReadDir(parent); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	// What a killed process has left is cleared away.
	left := filepath.Join(parent, ".failing.exporting")
	if err := os.MkdirAll(filepath.Join(left, "half"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Create(t.Context(), failing, m, fillWith("a", "b")); err != nil {
		t.Fatal(err)
	}
	if f, err := Open(t.Context(), failing); err != nil || len(f.Files) != 2 {
		t.Errorf("%+v %v", f, err)
	}
}

// Two at once: one writes, the other says so.
func TestCreateOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "model")
	err := Create(t.Context(), dir, Manifest{Holds: "folder"}, func(folder string) error {
		err := Create(t.Context(), dir, Manifest{Holds: "folder"}, fillWith("a", "b"))
		if err == nil || !strings.Contains(err.Error(), "another process is writing it") {
			t.Errorf("found %v", err)
		}
		return fillWith("a", "b")(folder)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format":1,"holds":"folder","program":"p","kernel":"auto","files":{"a":{"size":1,"sha256":"` + strings.Repeat("a", 64) + `"}}}`))
	f.Add([]byte(`{"format":1,"files":{"/etc/passwd":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(data)
		if err != nil {
			return
		}
		for name := range m.Files {
			if filepath.Base(name) != name || !filepath.IsLocal(name) {
				t.Errorf("took the name %q", name)
			}
		}
	})
}

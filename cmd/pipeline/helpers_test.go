package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// asCommand, set in the environment, makes the test binary behave as the
// command: tests can then kill it without building anything.
const asCommand = "WAKONG_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// result is what a command left behind.
type result struct {
	code     int
	out, err string
}

// command runs a command line in this process.
func command(t *testing.T, args ...string) result {
	t.Helper()
	return commandWith(t.Context(), "", args...)
}

func commandWith(ctx context.Context, stdin string, args ...string) result {
	var out, err bytes.Buffer
	a := &app{in: strings.NewReader(stdin), out: &out, err: &err}
	code := a.run(ctx, args)
	return result{code, out.String(), err.String()}
}

// expect runs a command and holds its exit code and its messages against what is
// expected.
func expect(t *testing.T, code int, message string, args ...string) result {
	t.Helper()
	r := command(t, args...)
	if r.code != code || !strings.Contains(r.err, message) {
		t.Fatalf("pipeline %s: exit code %d, want %d with %q\nstdout:\n%s\nstderr:\n%s",
			strings.Join(args, " "), r.code, code, message, r.out, r.err)
	}
	return r
}

// smallConfig trains a network that is far too small in a second.
const smallConfig = `
segment: {sources: [{format: text, path: stories/}]}
embed: {size: 8, epochs: 1, min_count: 1}
build:
  train: [{format: generate, per_passage: 4}]
  valid: [{format: cmrc2017, path: q.doc_query, answers: q.answer}]
  batch: 8
train: {units: 4, layers: 1, epochs: 3, validate_every: 2, checkpoint_every: 0.001, kernel: portable}
predict: {input: q.doc_query}
`

// project makes a folder with a configuration and its inputs, and returns the
// flags that name configuration and workspace.
func project(t *testing.T, config string) (dir string, flags []string) {
	t.Helper()
	dir = t.TempDir()
	demo := filepath.Join("..", "..", "testdata", "demo")
	copyFile(t, filepath.Join(demo, "questions.doc_query"), filepath.Join(dir, "q.doc_query"))
	copyFile(t, filepath.Join(demo, "questions.answer"), filepath.Join(dir, "q.answer"))
	for _, tale := range []string{"001", "002", "003", "004", "005", "006", "007", "008", "009", "010", "011", "012"} {
		copyFile(t, filepath.Join(demo, "tales", tale+".txt"), filepath.Join(dir, "stories", tale+".txt"))
	}
	write(t, filepath.Join(dir, "my.yaml"), config)
	return dir, []string{"-c", filepath.Join(dir, "my.yaml"), "-w", filepath.Join(dir, "work")}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(data))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// results reads the files of a workspace that are promised to be the same: the
// lock and the cache without logs.
func results(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{"pipeline.lock": read(t, filepath.Join(dir, "pipeline.lock"))}
	err := filepath.WalkDir(filepath.Join(dir, "cache"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "run.log" || d.Name() == "timing.jsonl" {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		files[rel] = read(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// golden compares with a file of testdata/golden, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		write(t, path, got)
		return
	}
	if want := read(t, path); got != want {
		t.Errorf("%s differs; run with -update if this is meant\ngot:\n%s", path, got)
	}
}

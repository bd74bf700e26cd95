package stage

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fakeParams are the parameters of the stages in these tests.
type fakeParams struct {
	Size   int     `json:"size"`
	Window int     `json:"window"`
	Alpha  float64 `json:"alpha"`
}

// fake is a stage whose output is its parameters and everything it reads.
func fake(name string, p fakeParams, inputs []Input, needs ...Need) Stage {
	return Stage{Name: name, Version: 1, Params: p, Inputs: inputs, Needs: needs, Run: func(_ context.Context, r *Run) error {
		out := fmt.Sprintf("%s %+v\n", name, p)
		for _, in := range inputs {
			if in.Path != "" {
				data, err := os.ReadFile(in.Path)
				if err != nil {
					return err
				}
				out += string(data)
			}
		}
		for _, stage := range sortedKeys(r.Needs) {
			for _, f := range r.Needs[stage] {
				path, err := r.Need(stage, f)
				if err != nil {
					return err
				}
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				out += string(data)
			}
		}
		if err := os.MkdirAll(filepath.Join(r.Dir, "sub"), 0o755); err != nil {
			return err
		}
		r.Timing(map[string]int{"bytes": len(out)})
		fmt.Fprintln(r.Log, "at work")
		return writeFiles(r.Dir, map[string]string{"out": out, "sub/size": fmt.Sprint(len(out)), "constant": "same\n"})
	}}
}

func writeFiles(dir string, files map[string]string) error {
	for _, name := range sortedKeys(files) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(files[name]), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// chain is the pipeline of most tests: crawl, segment, embed.
func chain(input string, crawl, segment, embed fakeParams) []Stage {
	return []Stage{
		fake("crawl", crawl, []Input{{Name: "pages", Path: input}}),
		fake("segment", segment, nil, Need{Stage: "crawl", Files: []string{"out"}}),
		fake("embed", embed, nil, Need{Stage: "segment", Files: []string{"out"}}),
	}
}

func inputFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pages.txt")
	must(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a workspace whose clock is far enough ahead for every input to
// have lain still.
func open(t testing.TB, dir string) *Workspace {
	t.Helper()
	w, err := Open(t.Context(), dir, OpenOptions{})
	must(t, err)
	w.memo.now = func() time.Time { return time.Now().Add(time.Hour) }
	t.Cleanup(func() { w.Close() })
	return w
}

// fast spares a workspace the waiting for the disk.
func fast(w *Workspace) *Workspace {
	nothing := func(string) error { return nil }
	w.fs.syncFile, w.fs.syncDir = nothing, nothing
	w.fs.writeFile = func(path string, data []byte) error {
		// Some file systems write through what replaces a file.
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return os.WriteFile(path, data, 0o644)
	}
	return w
}

// execute runs stages and returns who ran and what was told.
func execute(t testing.TB, w *Workspace, stages []Stage) (ran string, events []Event) {
	t.Helper()
	list, err := w.Execute(t.Context(), stages, ExecOptions{OnEvent: func(e Event) { events = append(events, e) }})
	must(t, err)
	return strings.Join(list, " "), events
}

func ofKind(events []Event, kind EventKind) []Event {
	var out []Event
	for _, e := range events {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

// snapshot reads all files of a workspace but logs and what is not part of
// the result.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		switch filepath.Base(name) {
		case runLog, timingLog, holdFile, holderFile, memoFile:
			return nil
		}
		data, err := os.ReadFile(path)
		out[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return out
}

func sameSnapshot(t testing.TB, got, want map[string]string) {
	t.Helper()
	for _, name := range sortedKeys(want) {
		if g, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if g != want[name] {
			t.Errorf("%s holds %q, want %q", name, g, want[name])
		}
	}
	for _, name := range sortedKeys(got) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s should not be there", name)
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if string(got) != string(want) {
		t.Errorf("%s differs; run the test with -update and look at the change\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

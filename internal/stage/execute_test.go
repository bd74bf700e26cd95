package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestExecute(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, "tale")
	w := open(t, dir)
	p, q := fakeParams{Window: 5}, fakeParams{Window: 8}
	ran, events := execute(t, w, chain(in, p, p, p))
	if ran != "crawl segment embed" {
		t.Errorf("ran %q", ran)
	}
	if done := ofKind(events, EventDone); len(done) != 3 || done[0].Stage != "crawl" || done[0].Message != "never run" {
		t.Errorf("events %v", events)
	}
	first := snapshot(t, dir)
	ran, events = execute(t, w, chain(in, p, p, p))
	if last := events[len(events)-1]; ran != "" || last.Kind != EventFinished || last.Message != "nothing changed" {
		t.Errorf("ran %q, told %v", ran, events)
	}
	if ran, _ = execute(t, w, chain(in, q, p, p)); ran != "crawl segment embed" {
		t.Errorf("ran %q", ran)
	}
	ran, events = execute(t, w, chain(in, p, p, p))
	if ran != "" || len(ofKind(events, EventCached)) != 3 {
		t.Errorf("going back ran %q, told %v", ran, events)
	}
	if got := snapshot(t, dir)[LockFile]; got != first[LockFile] {
		t.Errorf("going back gives the lock\n%s\nnot\n%s", got, first[LockFile])
	}
	if problems, err := w.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v, %v", problems, err)
	}
	removed, bytes, err := w.GC(t.Context(), nil)
	if err != nil || len(removed) != 3 || bytes == 0 {
		t.Errorf("removed %v with %d bytes (%v)", removed, bytes, err)
	}
	sameSnapshot(t, snapshot(t, dir), first)
}

func TestResultFolder(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, "tale")
	w := open(t, dir)
	execute(t, w, chain(in, fakeParams{}, fakeParams{}, fakeParams{})[:1])
	path, err := w.File("crawl", "out")
	must(t, err)
	tr, err := walk(filepath.Dir(path))
	must(t, err)
	if got := strings.Join(tr.files, " "); got != "constant manifest.json out run.log sub/size timing.jsonl" {
		t.Errorf("the folder holds %s", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o444 {
		t.Errorf("a result can be written to: %v %v", info.Mode(), err)
	}
	for _, name := range logFiles {
		if data, err := os.ReadFile(filepath.Join(filepath.Dir(path), name)); err != nil || !strings.Contains(string(data), "started") {
			t.Errorf("%s holds %q (%v)", name, data, err)
		}
	}
	if _, err := w.File("crawl", "nothing"); err == nil {
		t.Error("a file that is not there was given out")
	}
	if _, err := w.File("train", "out"); !errors.Is(err, ErrNotRun) {
		t.Errorf("a stage that never ran: %v", err)
	}
}

func TestFileNeeded(t *testing.T) {
	in := inputFile(t, "tale")
	w := fast(open(t, t.TempDir()))
	p := fakeParams{Window: 5}
	execute(t, w, chain(in, p, p, p))
	old, err := w.File("segment", "out")
	must(t, err)
	next := chain(in, p, fakeParams{Window: 6}, p)
	if _, err := w.Execute(t.Context(), next, ExecOptions{Target: "segment"}); err != nil {
		t.Fatal(err)
	}
	if now, err := w.File("segment", "out"); err != nil || now == old {
		t.Errorf("segment's file is still %s (%v)", now, err)
	}
	if got, err := w.FileNeeded("embed", "segment", "out"); err != nil || got != old {
		t.Errorf("embed read %s (%v), want %s", got, err, old)
	}
	removed, _, err := w.GC(t.Context(), nil)
	if err != nil || len(removed) != 0 {
		t.Errorf("removed %v (%v), though embed was made from it", removed, err)
	}
}

func TestTargetAndSkip(t *testing.T) {
	in := inputFile(t, "tale")
	w := fast(open(t, t.TempDir()))
	p := fakeParams{}
	ran, err := w.Execute(t.Context(), chain(in, p, p, p), ExecOptions{Target: "segment"})
	if err != nil || strings.Join(ran, " ") != "crawl segment" {
		t.Errorf("ran %v (%v)", ran, err)
	}
	execute(t, w, chain(in, p, p, p))
	s := chain(in, p, p, p)
	s[2].Skip = "no size"
	_, events := execute(t, w, s)
	if skipped := ofKind(events, EventSkip); len(skipped) != 1 || skipped[0].Message != "no input: no size" {
		t.Errorf("told %v", events)
	}
	if _, ok := w.Lock().Stages["embed"]; ok {
		t.Error("a stage without input is still in the lock")
	}
	_, err = w.Execute(t.Context(), s, ExecOptions{Target: "embed"})
	if !errors.Is(err, ErrNothingToDo) || !strings.Contains(err.Error(), "embed has no input: no size") {
		t.Errorf("running a stage without input: %v", err)
	}
	s[0].Skip = "no sites"
	if _, err = w.Execute(t.Context(), s, ExecOptions{}); !errors.Is(err, ErrNothingToDo) {
		t.Errorf("running nothing: %v", err)
	}
}

func TestDamage(t *testing.T) {
	for _, c := range []struct {
		name    string
		damage  func(t *testing.T, dir, entry string)
		ran     string
		warning string
	}{
		{"file missing", func(t *testing.T, _, e string) { must(t, os.Remove(filepath.Join(e, "out"))) }, "segment", "out is missing"},
		{"file cut off", func(t *testing.T, _, e string) {
			must(t, os.Chmod(filepath.Join(e, "out"), 0o644))
			must(t, os.Truncate(filepath.Join(e, "out"), 3))
		}, "segment", "out has 3 bytes"},
		{"manifest missing", func(t *testing.T, _, e string) { must(t, os.Remove(filepath.Join(e, manifestFile))) }, "segment", "manifest.json is missing"},
		{"manifest damaged", func(t *testing.T, _, e string) {
			must(t, os.WriteFile(filepath.Join(e, manifestFile), []byte("{"), 0o644))
		}, "segment", "manifest.json: unexpected end"},
		{"manifest altered", func(t *testing.T, _, e string) {
			data, err := os.ReadFile(filepath.Join(e, manifestFile))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(e, manifestFile), []byte(strings.Replace(string(data), `"window": 0`, `"window": 1`, 1)), 0o644))
		}, "segment", "another fingerprint"},
		{"a file in its place", func(t *testing.T, _, e string) {
			must(t, os.RemoveAll(e))
			must(t, os.WriteFile(e, nil, 0o644))
		}, "segment", "is no folder"},
		{"lock damaged", func(t *testing.T, dir, _ string) {
			must(t, os.WriteFile(filepath.Join(dir, LockFile), []byte("<<<<<<< HEAD\n"), 0o644))
		}, "", "taken for empty"},
		{"lock gone", func(t *testing.T, dir, _ string) { must(t, os.Remove(filepath.Join(dir, LockFile))) }, "", ""},
		{"lock leads outside", func(t *testing.T, dir, _ string) {
			data, err := os.ReadFile(filepath.Join(dir, LockFile))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(dir, LockFile), []byte(strings.Replace(string(data), `"out"`, `"../out"`, 1)), 0o644))
		}, "", "../out"},
		{"memo damaged", func(t *testing.T, dir, _ string) {
			must(t, os.WriteFile(filepath.Join(dir, memoFile), []byte("{]"), 0o644))
		}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, in := t.TempDir(), inputFile(t, "tale")
			w := open(t, dir)
			p := fakeParams{}
			execute(t, w, chain(in, p, p, p))
			before := snapshot(t, dir)
			path, err := w.File("segment", "out")
			must(t, err)
			must(t, w.Close())
			c.damage(t, dir, filepath.Dir(path))
			w = open(t, dir)
			statusOf(t, w, chain(in, p, p, p)) // must not fail
			ran, events := execute(t, w, chain(in, p, p, p))
			if ran != c.ran {
				t.Errorf("ran %q, want %q", ran, c.ran)
			}
			warnings := fmt.Sprint(ofKind(events, EventWarning))
			if (c.warning == "") != (warnings == "[]") || !strings.Contains(warnings, c.warning) {
				t.Errorf("warned %s, want %q", warnings, c.warning)
			}
			_, _, err = w.GC(t.Context(), nil)
			must(t, err)
			after := snapshot(t, dir)
			delete(after, LockFile+".damaged")
			sameSnapshot(t, after, before)
		})
	}
}

func TestVerifyAndRepair(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, "tale")
	w := open(t, dir)
	p := fakeParams{}
	execute(t, w, chain(in, p, p, p))
	before := snapshot(t, dir)
	path, err := w.File("segment", "out")
	must(t, err)
	must(t, os.Chmod(path, 0o644))
	data, err := os.ReadFile(path)
	must(t, err)
	data[0] ^= 1
	must(t, os.WriteFile(path, data, 0o644))
	must(t, os.WriteFile(filepath.Join(filepath.Dir(path), "stray"), nil, 0o644))
	embed, err := w.File("embed", "out")
	must(t, err)
	must(t, os.RemoveAll(filepath.Dir(embed)))
	problems, err := w.Verify(t.Context(), nil)
	must(t, err)
	if got := fmt.Sprint(problems); len(problems) != 3 || !strings.Contains(got, "out: found sha256") ||
		!strings.Contains(got, "stray: does not belong") || !strings.Contains(got, "cache folder is gone") {
		t.Errorf("found %v", problems)
	}
	must(t, w.Repair(problems))
	if ran, _ := execute(t, w, chain(in, p, p, p)); ran != "segment embed" {
		t.Errorf("ran %q", ran)
	}
	_, _, err = w.GC(t.Context(), nil)
	must(t, err)
	sameSnapshot(t, snapshot(t, dir), before)
}

// A failing or interrupted stage keeps its checkpoints, and the next run of
// the same stage finds them; any other run does not.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	boom := errors.New("boom")
	var seen []string
	run := func(end func() error) func(context.Context, *Run) error {
		return func(_ context.Context, r *Run) error {
			tr, err := walk(r.Dir, runLog, timingLog, partialFile)
			must(t, err)
			seen = append(seen, fmt.Sprint(r.Resumed, tr.files))
			must(t, writeFiles(r.Dir, map[string]string{"out": "half"}))
			must(t, writeFiles(r.Scratch, map[string]string{"checkpoint": "1"}))
			return end()
		}
	}
	s := Stage{Name: "s", Environment: map[string]string{"kernel": "a"}}
	attempt := func(ctx context.Context, end func() error) error {
		s.Run = run(end)
		_, err := w.Execute(ctx, []Stage{s}, ExecOptions{})
		return err
	}
	err := attempt(t.Context(), func() error { return boom })
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "s failed; the next run goes on from") {
		t.Errorf("failed: %v", err)
	}
	if got := statusOf(t, w, []Stage{s}); got != "s missing: never run; a run was interrupted and will go on" {
		t.Errorf("status %s", got)
	}
	if removed, _, err := w.GC(t.Context(), []Stage{s}); err != nil || len(removed) > 0 {
		t.Errorf("checkpoints of the next run were removed: %v %v", removed, err)
	}
	// The stage pays no heed to the context and says that all is well.
	err = attempt(ctx, func() error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "s was interrupted; the next run goes on from") {
		t.Errorf("cancelled: %v", err)
	}
	if err = attempt(ctx, func() error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before the start: %v", err)
	}
	s.Environment = map[string]string{"kernel": "b"}
	must(t, attempt(t.Context(), func() error { return nil }))
	want := "[false [] true [scratch/checkpoint] false []]"
	if got := fmt.Sprint(seen); got != want {
		t.Errorf("attempts found %s, want %s", got, want)
	}
	if problems, err := w.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v %v", problems, err)
	}
	var left []string
	for name := range snapshot(t, dir) {
		if strings.Contains(name, scratchDir) || strings.Contains(name, partialSuffix) {
			left = append(left, name)
		}
	}
	if len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestInputChangesMeanwhile(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, "tale")
	w := fast(open(t, dir))
	s := Stage{Name: "s", Inputs: []Input{{Name: "pages", Path: in}}, Run: func(context.Context, *Run) error {
		return os.WriteFile(in, []byte("epic"), 0o644) // as long as before
	}}
	_, err := w.Execute(t.Context(), []Stage{s}, ExecOptions{})
	if err == nil || !strings.Contains(err.Error(), "input pages changed while s read it") {
		t.Errorf("error %v", err)
	}
	if entries, _ := w.entries(); len(entries) > 0 {
		t.Errorf("left over: %v", entries)
	}
}

// A file that was added before a stage runs is read. One that is added while it does
// is told, and no result is kept: it would be found again without that file.
func TestInputsListedAnew(t *testing.T) {
	dir, texts := t.TempDir(), t.TempDir()
	w := fast(open(t, dir))
	add := func(name string) { must(t, os.WriteFile(filepath.Join(texts, name), []byte(name), 0o644)) }
	list := func() (inputs []Input) {
		entries, err := os.ReadDir(texts)
		must(t, err)
		for _, e := range entries {
			inputs = append(inputs, Input{Name: e.Name(), Path: filepath.Join(texts, e.Name())})
		}
		return inputs
	}
	stages := func(before, during string) []Stage {
		run := func(name string) func(context.Context, *Run) error {
			return func(context.Context, *Run) error { add(name); return nil }
		}
		return []Stage{
			{Name: "first", Params: fakeParams{Size: len(before)}, Run: run(before)},
			{Name: "second", Inputs: list(), List: list, Run: run(during)},
		}
	}
	add("a")
	execute(t, w, stages("b", "a"))
	if got := w.Lock().Stages["second"].Inputs; len(got) != 2 {
		t.Errorf("the stage has read %v, want a and b", got)
	}
	add("new")
	_, err := w.Execute(t.Context(), stages("b", "c"), ExecOptions{})
	if err == nil || !strings.Contains(err.Error(), "input c was added while second read") {
		t.Errorf("error %v", err)
	}
	if entries, _ := w.entries(); len(entries) != 2 {
		t.Errorf("left over: %v", entries)
	}
}

func TestOtherBytesThanBefore(t *testing.T) {
	w := fast(open(t, t.TempDir()))
	text := "one"
	s := Stage{Name: "s", Run: func(_ context.Context, r *Run) error {
		return writeFiles(r.Dir, map[string]string{"out": text})
	}}
	execute(t, w, []Stage{s})
	path, err := w.File("s", "out")
	must(t, err)
	must(t, os.RemoveAll(filepath.Dir(path)))
	text = "two"
	_, events := execute(t, w, []Stage{s})
	if n := ofKind(events, EventNotice); len(n) != 1 || !strings.Contains(n[0].Message, "out: expected sha256") {
		t.Errorf("told %v", events)
	}
}

func TestForbiddenOutput(t *testing.T) {
	for name, f := range map[string]func(dir string) error{
		"link":     func(dir string) error { return os.Symlink("/etc/hostname", filepath.Join(dir, "out")) },
		"manifest": func(dir string) error { return writeFiles(dir, map[string]string{manifestFile: "{}"}) },
	} {
		w := fast(open(t, t.TempDir()))
		s := Stage{Name: "s", Run: func(_ context.Context, r *Run) error { return f(r.Dir) }}
		if _, err := w.Execute(t.Context(), []Stage{s}, ExecOptions{}); err == nil {
			t.Errorf("%s: no error", name)
		}
		s.Run = fake("s", fakeParams{}, nil).Run
		execute(t, w, []Stage{s})
	}
}

// Whatever was done before in a workspace, what stands in it for a
// configuration is what a fresh one would hold.
func TestHistoryDoesNotMatter(t *testing.T) {
	root := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		here := filepath.Join(root, fmt.Sprint(n))
		must(t, os.MkdirAll(here, 0o755))
		in := filepath.Join(here, "in")
		w := fast(open(t, filepath.Join(here, "work")))
		defer w.Close()
		small := func(name string) fakeParams {
			return fakeParams{Window: rapid.IntRange(0, 1).Draw(rt, name)}
		}
		configure := func() []Stage {
			must(t, os.WriteFile(in, []byte(rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "input")), 0o644))
			w.memo.files = map[string]memoEntry{} // the test's clock is ahead of the file's
			s := chain(in, small("crawl"), small("segment"), small("embed"))
			s = append(s, fake("build", small("build"), nil, Need{Stage: "segment"}, Need{Stage: "embed", Files: []string{"constant"}, Optional: true}))
			for i := range s {
				if rapid.IntRange(0, 4).Draw(rt, "skip") == 0 {
					s[i].Skip = "not wanted"
				}
			}
			if rapid.Bool().Draw(rt, "turned round") {
				s[0], s[3] = s[3], s[0]
			}
			return s
		}
		steps := rapid.IntRange(1, 4).Draw(rt, "steps")
		var s []Stage
		for i := range steps {
			s = configure()
			o := ExecOptions{}
			if i < steps-1 {
				o.Target = rapid.SampledFrom([]string{"", "crawl", "segment", "build"}).Draw(rt, "target")
			}
			if _, err := w.Execute(context.Background(), s, o); err != nil && !errors.Is(err, ErrNothingToDo) {
				rt.Fatal(err)
			} else if err != nil && i == steps-1 {
				rt.Skip("nothing to do")
			}
		}
		for _, line := range strings.Split(statusOf(t, w, s), "\n") {
			if !strings.HasSuffix(line, " fresh") {
				rt.Errorf("afterwards: %s", line)
			}
		}
		if _, _, err := w.GC(context.Background(), s); err != nil {
			rt.Fatal(err)
		}
		other := fast(open(t, filepath.Join(here, "fresh")))
		defer other.Close()
		if _, err := other.Execute(context.Background(), s, ExecOptions{}); err != nil {
			rt.Fatal(err)
		}
		sameSnapshot(t, snapshotLocked(t, w), snapshotLocked(t, other))
	})
}

// snapshotLocked leaves out results that a stage was made from and that are
// not the newest of theirs: they depend on what was run before.
func snapshotLocked(t testing.TB, w *Workspace) map[string]string {
	all := snapshot(t, w.dir)
	for name := range all {
		parts := strings.Split(name, "/")
		if parts[0] == cacheDir && w.lock.Stages[parts[1]].Fingerprint != parts[2] {
			delete(all, name)
		}
	}
	return all
}

func TestOnlySays(t *testing.T) {
	cause, other := context.Canceled, errors.New("disk")
	for _, c := range []struct {
		err  error
		want bool
	}{
		{cause, true},
		{fmt.Errorf("embed: training: %w", cause), true},
		{errors.Join(fmt.Errorf("embed: training: %w", cause), nil), true},
		{errors.Join(cause, other), false},
		{fmt.Errorf("%w: %w", other, cause), false},
		{other, false},
	} {
		if got := onlySays(c.err, cause); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

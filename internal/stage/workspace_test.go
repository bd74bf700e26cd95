package stage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestOneWriter(t *testing.T) {
	dir := t.TempDir()
	v := startChild(t, "hold", dir)
	v.lines.Scan()
	_, err := Open(t.Context(), dir, OpenOptions{})
	var user *UserError
	if !errors.Is(err, ErrHeld) || !errors.As(err, &user) || !strings.Contains(err.Error(), fmt.Sprintf("process %d on ", v.cmd.Process.Pid)) {
		t.Errorf("error %v", err)
	}
	r, err := Open(t.Context(), dir, OpenOptions{ReadOnly: true})
	if err != nil {
		t.Errorf("a reader must not wait: %v", err)
	} else {
		must(t, r.Close())
	}

	ctx, cancel := context.WithCancel(t.Context())
	_, err = Open(ctx, dir, OpenOptions{Wait: true, OnWait: func(string) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("waiting given up: %v", err)
	}

	told := 0
	w, err := Open(t.Context(), dir, OpenOptions{Wait: true, OnWait: func(who string) {
		if told++; !strings.Contains(who, fmt.Sprint(v.cmd.Process.Pid)) {
			t.Errorf("waiting for %s", who)
		}
		must(t, v.in.Close()) // lets the other process end
	}})
	must(t, err)
	defer w.Close()
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	must(t, v.cmd.Wait())
}

func TestKilledHolder(t *testing.T) {
	dir := t.TempDir()
	v := startChild(t, "hold", dir)
	v.lines.Scan()
	must(t, v.cmd.Process.Kill())
	v.cmd.Wait()
	if _, err := os.Stat(filepath.Join(dir, holderFile)); err != nil {
		t.Fatalf("the killed process has left no word: %v", err)
	}
	w, err := Open(t.Context(), dir, OpenOptions{})
	must(t, err)
	if _, err := Open(t.Context(), dir, OpenOptions{}); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), fmt.Sprintf("process %d ", os.Getpid())) {
		t.Errorf("within one process: %v", err)
	}
	must(t, w.Close())
	must(t, w.Close())
	w, err = Open(t.Context(), dir, OpenOptions{})
	must(t, err)
	must(t, w.Close())
}

func TestHolderText(t *testing.T) {
	text := func(h holder) []byte {
		data, err := json.Marshal(h)
		must(t, err)
		return data
	}
	dead := func(int) bool { return false }
	living := func(int) bool { return true }
	for _, c := range []struct {
		name  string
		in    []byte
		alive func(int) bool
		want  string
	}{
		{"living", text(holder{7, "pipeline run", "here"}), living, "process 7 on here (pipeline run)"},
		{"dead", text(holder{7, "pipeline run", "here"}), dead, "someone"},
		{"another host's processes are not known here", text(holder{7, "pipeline run", "there"}), dead, "process 7 on there (pipeline run)"},
		{"control characters", text(holder{7, "a\x1b[31m\nb", "here"}), living, "process 7 on here (a [31m b)"},
		{"empty", nil, living, "someone"},
		{"no process", []byte(`{}`), living, "someone"},
		{"cut off", []byte(`{"process":7,"comm`), living, "someone"},
	} {
		if got := holderText(c.in, "here", c.alive, "someone"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if runtime.GOOS == "linux" && (!alive(os.Getpid()) || alive(1<<30)) {
		t.Error("living and dead processes are not told apart")
	}
}

func FuzzHolder(f *testing.F) {
	f.Add([]byte(`{"process":7,"command":"pipeline run","host":"here"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got := holderText(data, "here", func(int) bool { return true }, "someone")
		if strings.ContainsAny(got, "\n\r\x1b") {
			t.Fatalf("%q would upset a terminal", got)
		}
	})
}

func TestWorkspacePath(t *testing.T) {
	file := inputFile(t, "a file")
	for _, c := range []struct{ dir, want string }{
		{file, "is a file; it must be a folder"},
		{filepath.Join(file, "work"), "a part of the path is a file"},
	} {
		for _, o := range []OpenOptions{{}, {ReadOnly: true}} {
			_, err := Open(t.Context(), c.dir, o)
			var user *UserError
			if !errors.As(err, &user) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.dir) {
				t.Errorf("%s: got %v, want %q", c.dir, err, c.want)
			}
		}
	}
}

func TestNoPermission(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere; TestInjectedFailures has the error instead")
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o555))
	var user *UserError
	for _, d := range []string{dir, filepath.Join(dir, "work")} {
		if _, err := Open(t.Context(), d, OpenOptions{}); !errors.As(err, &user) || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", d, err)
		}
	}
}

// Files of a killed process go, files of others stay, even in the cache.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	keep := []string{"pipeline.lock2", "notes", "cache/readme", "cache/s/mine", "cache/Other/x", ".pipeline.lock1x"}
	drop := []string{".pipeline.lock123", "." + memoFile + "77"}
	for _, name := range append(keep, drop...) {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	}
	w := open(t, dir)
	s := fake("s", fakeParams{}, nil)
	execute(t, w, []Stage{s})
	for _, suffix := range []string{brokenSuffix, trashSuffix, partialSuffix} {
		junk := w.entry("s", strings.Repeat("a", 64)) + suffix
		must(t, os.MkdirAll(junk, 0o755))
		must(t, os.WriteFile(filepath.Join(junk, "x"), []byte("12345"), 0o644))
	}
	removed, bytes, err := w.GC(t.Context(), nil)
	if err != nil || len(removed) != 3 || bytes != 15 {
		t.Errorf("removed %v with %d bytes (%v)", removed, bytes, err)
	}
	for _, name := range keep {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	for _, name := range drop {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there (%v)", name, err)
		}
	}
	if got := statusOf(t, w, []Stage{s}); got != "s fresh" {
		t.Errorf("status %s", got)
	}
}

// A stage's folder may be a link to a folder on a larger disk.
func TestLinkedCache(t *testing.T) {
	dir, large := t.TempDir(), t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, cacheDir), 0o755))
	link := filepath.Join(dir, cacheDir, "s")
	if err := os.Symlink(large, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	w := fast(open(t, dir))
	execute(t, w, []Stage{fake("s", fakeParams{Window: 1}, nil)})
	execute(t, w, []Stage{fake("s", fakeParams{Window: 2}, nil)})
	if problems, err := w.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v %v", problems, err)
	}
	if removed, _, err := w.GC(t.Context(), nil); err != nil || len(removed) != 1 {
		t.Errorf("removed %v (%v)", removed, err)
	}
	s := fake("s", fakeParams{Window: 2}, nil)
	s.Skip = "not wanted"
	execute(t, w, []Stage{s, fake("other", fakeParams{}, nil)})
	if removed, _, err := w.GC(t.Context(), nil); err != nil || len(removed) != 1 {
		t.Errorf("removed %v (%v)", removed, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone (%v)", err)
	}
}

// Without a lock nothing is known of what is needed.
func TestGCWithoutLock(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	execute(t, w, []Stage{fake("s", fakeParams{}, nil)})
	must(t, w.Close())
	must(t, os.Remove(filepath.Join(dir, LockFile)))
	w = open(t, dir)
	if removed, _, err := w.GC(t.Context(), nil); err != nil || len(removed) > 0 {
		t.Errorf("removed %v (%v)", removed, err)
	}
}

func TestTornLogs(t *testing.T) {
	for _, c := range []struct {
		in, want string
		whole    bool
	}{
		{"", "new\n", true}, {"a\n", "a\nnew\n", true}, {"a\nb", "a\nnew\n", true}, {"b", "new\n", true},
		{"", "new\n", false}, {"a\nb", "a\nb\nnew\n", false}, {strings.Repeat("x", 5000), strings.Repeat("x", 5000) + "\nnew\n", false},
		{"a\n" + strings.Repeat("x", 9000), "a\nnew\n", true},
	} {
		path := filepath.Join(t.TempDir(), "log")
		must(t, os.WriteFile(path, []byte(c.in), 0o444))
		a, err := openAppend(path, c.whole)
		must(t, err)
		fmt.Fprintln(a, "new")
		must(t, a.Close())
		if got, _ := os.ReadFile(path); string(got) != c.want {
			t.Errorf("%.10q (whole %v): got %.20q, want %.20q", c.in, c.whole, got, c.want)
		}
	}
}

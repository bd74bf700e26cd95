package stage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// Every write, sync and rename that this package asks for fails once, and the
// next run still gives what an undisturbed one gives.
func TestInjectedFailures(t *testing.T) {
	want, _ := undisturbed(t)
	causes := []struct {
		cause error
		words string
	}{
		{syscall.ENOSPC, "the disk is full; free some space and run again"},
		{syscall.EDQUOT, "the disk quota is used up"},
		{syscall.EROFS, "the file system is read-only"},
		{syscall.EACCES, "permission denied"},
		{syscall.EIO, "input/output error"},
	}
	for n := 1; ; n++ {
		c := causes[n%len(causes)]
		dir := t.TempDir()
		w := fast(open(t, dir))
		inject(w, n, c.cause)
		_, err := w.Execute(t.Context(), killStages(func(string) {}), ExecOptions{})
		if err == nil {
			if n < 20 {
				t.Fatalf("only %d calls", n)
			}
			break
		}
		var user *UserError
		if !errors.Is(err, c.cause) || errors.As(err, &user) != (c.cause != syscall.EIO) || strings.Count(err.Error(), c.words) != 1 {
			t.Errorf("call %d: %v", n, err)
		}
		_, start, _ := strings.Cut(err.Error(), "; the next run ")
		must(t, w.Close())
		w = fast(open(t, dir))
		_, events := execute(t, w, killStages(func(string) {}))
		if warnings := ofKind(events, EventWarning); len(warnings) > 0 {
			t.Errorf("call %d: warned %v", n, warnings)
		}
		if strings.HasPrefix(start, "goes on from") && !resumed(events, "train") {
			t.Errorf("call %d: the next run did not go on: %v", n, events)
		}
		sameSnapshot(t, snapshot(t, dir), want)
	}
}

// inject makes the n-th call fail.
func inject(w *Workspace, n int, cause error) {
	fail := func(path string) error {
		if n--; n == 0 {
			return &os.PathError{Op: "write", Path: path, Err: cause}
		}
		return nil
	}
	inner := w.fs.writeFile
	w.fs.writeFile = func(path string, data []byte) error {
		if strings.HasSuffix(path, memoFile) {
			return inner(path, data) // a cache, whose loss is no failure
		}
		return errors.Join(fail(path), inner(path, data))
	}
	w.fs.syncFile, w.fs.syncDir = fail, fail
}

// A log on a full disk does not stop the stage that writes to it.
func TestLogOnFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	must(t, err)
	a := &appendFile{f: f}
	for range 2 {
		if n, err := fmt.Fprint(io.Writer(a), "line\n"); n != 5 || err != nil {
			t.Errorf("wrote %d (%v)", n, err)
		}
	}
	must(t, a.Close())
}

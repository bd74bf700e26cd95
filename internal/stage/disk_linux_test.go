package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// mountSmall gives a folder that is a file system of its own, of 256 KiB.
func mountSmall(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("no small file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// The disk is full at one place after the other, from the first write of a
// run to its last.
func TestFullDisk(t *testing.T) {
	root := mountSmall(t)
	want, _ := undisturbed(t)
	full, whole := 0, 0
	for free := 0; free < 40; free++ {
		dir := filepath.Join(root, "work")
		filler := filepath.Join(root, "filler")
		must(t, os.MkdirAll(dir, 0o755))
		fill(t, filler, free)
		err := runOnce(dir)
		switch {
		case err == nil:
			whole++
		default:
			full++
			var user *UserError
			if !errors.Is(err, syscall.ENOSPC) || !errors.As(err, &user) || !strings.Contains(err.Error(), "the disk is full; free some space and run again") {
				t.Errorf("%d pages free: %v", free, err)
			}
			if r, err := Open(t.Context(), dir, OpenOptions{ReadOnly: true}); err != nil {
				t.Errorf("%d pages free: %v", free, err)
			} else if problems, err := r.Verify(t.Context(), nil); err != nil || len(problems) > 0 {
				t.Errorf("%d pages free: half a result: %v %v", free, problems, err)
			}
		}
		must(t, os.Remove(filler))
		must(t, runOnce(dir))
		sameSnapshot(t, snapshot(t, dir), want)
		must(t, os.RemoveAll(dir))
	}
	if full < 10 || whole < 1 {
		t.Errorf("full %d times, done %d times", full, whole)
	}
}

func runOnce(dir string) error {
	w, err := Open(context.Background(), dir, OpenOptions{})
	if err != nil {
		return err
	}
	_, err = w.Execute(context.Background(), killStages(func(string) {}), ExecOptions{})
	return errors.Join(err, w.Close())
}

// fill takes all of a small file system but some pages.
func fill(t *testing.T, path string, free int) {
	t.Helper()
	var s syscall.Statfs_t
	must(t, syscall.Statfs(filepath.Dir(path), &s))
	size := (int64(s.Bavail) - int64(free)) * s.Bsize
	must(t, os.WriteFile(path, make([]byte, max(size, 0)), 0o644))
}

func TestReadOnlyFileSystem(t *testing.T) {
	root := mountSmall(t)
	dir := filepath.Join(root, "work")
	must(t, runOnce(dir))
	must(t, syscall.Mount("", root, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	w, err := Open(t.Context(), dir, OpenOptions{ReadOnly: true})
	must(t, err)
	if got := statusOf(t, w, killStages(nil)); strings.Count(got, "fresh") != 3 {
		t.Errorf("status\n%s", got)
	}
	for _, d := range []string{dir, filepath.Join(root, "new")} {
		w, err := Open(t.Context(), d, OpenOptions{})
		if err == nil {
			s := killStages(func(string) {})
			s[0].Version++
			_, err = w.Execute(t.Context(), s, ExecOptions{})
			err = errors.Join(err, w.Close())
		}
		var user *UserError
		if !errors.Is(err, syscall.EROFS) || !errors.As(err, &user) || !strings.Contains(fmt.Sprint(err), "the file system is read-only") {
			t.Errorf("%s: %v", d, err)
		}
	}
}

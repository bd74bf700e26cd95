package stage

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A second run reads no input at all.
func TestInputsAreHashedOnce(t *testing.T) {
	dir, in := t.TempDir(), inputFile(t, strings.Repeat("tale", 1000))
	w := open(t, dir)
	p := fakeParams{}
	execute(t, w, chain(in, p, p, p))
	if w.memo.hashed != 4000 {
		t.Errorf("the first run read %d bytes, want 4000", w.memo.hashed)
	}
	must(t, w.Close())
	w = open(t, dir)
	statusOf(t, w, chain(in, p, p, p))
	execute(t, w, chain(in, p, p, p))
	if w.memo.hashed != 0 {
		t.Errorf("the second run read %d bytes, want 0", w.memo.hashed)
	}
	must(t, os.WriteFile(in, []byte("other"), 0o644))
	execute(t, w, chain(in, p, p, p))
	if w.memo.hashed != 5 {
		t.Errorf("after a change %d bytes were read, want 5", w.memo.hashed)
	}
	must(t, os.Remove(in))
	_, _, err := w.GC(t.Context(), nil)
	must(t, err)
	if len(w.memo.files) != 0 {
		t.Errorf("files that are gone are remembered: %v", w.memo.files)
	}
}

func TestFreshFilesAreNotRemembered(t *testing.T) {
	in := inputFile(t, "tale")
	info, err := os.Stat(in)
	must(t, err)
	for _, c := range []struct {
		age  time.Duration
		kept bool
	}{{-time.Hour, false}, {0, false}, {time.Second, false}, {settled, false}, {settled + time.Second, true}} {
		m := readMemo(filepath.Join(t.TempDir(), memoFile))
		m.now = func() time.Time { return info.ModTime().Add(c.age) }
		for range 2 {
			if _, err := m.hash(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		if kept := m.hashed == 4; kept != c.kept {
			t.Errorf("a file of age %v: kept %v, want %v", c.age, kept, c.kept)
		}
	}
}

// The size and the modification time can be made the same again; the inode's
// own time cannot.
func TestChangeWithOldTime(t *testing.T) {
	in := inputFile(t, "tale")
	m := readMemo(filepath.Join(t.TempDir(), memoFile))
	m.now = func() time.Time { return time.Now().Add(time.Hour) }
	first, err := m.hash(t.Context(), in)
	must(t, err)
	info, err := os.Stat(in)
	must(t, err)
	if _, _, changed := identify(info); changed.IsZero() {
		t.Skip("this system does not tell when an inode changed")
	}
	other := in + "2"
	must(t, os.WriteFile(other, []byte("epic"), 0o644))
	must(t, os.Chtimes(other, info.ModTime(), info.ModTime()))
	must(t, os.Rename(other, in))
	if second, err := m.hash(t.Context(), in); err != nil || second == first {
		t.Errorf("the change went unnoticed (%v)", err)
	}
}

func TestInputMustBeFile(t *testing.T) {
	m := readMemo(filepath.Join(t.TempDir(), memoFile))
	var user *UserError
	if _, err := m.hash(t.Context(), t.TempDir()); !errors.As(err, &user) || !strings.Contains(err.Error(), "is a folder; an input must be a file") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := m.hash(t.Context(), "/dev/null"); err == nil {
		t.Error("a device was taken for a file")
	}
}

func FuzzMemo(f *testing.F) {
	good, err := json.Marshal(memoText{memoFormat, map[string]memoEntry{"/x": {SHA256: strings.Repeat("a", 64)}}})
	must(f, err)
	f.Add(good)
	f.Add([]byte(`{"format":1,"files":{"/x":{"sha256":"short"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for path, e := range parseMemo(data) {
			if !isHash(e.SHA256) {
				t.Fatalf("%q has hash %q", path, e.SHA256)
			}
		}
	})
}

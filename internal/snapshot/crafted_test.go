package snapshot

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"wakong/internal/stage"
)

type entry struct {
	name string
	kind byte
	text string
	size int64 // where it is not the text's
}

func tarOf(t testing.TB, list []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range list {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o644, Size: max(e.size, int64(len(e.text)))}
		if e.kind == tar.TypeSymlink || e.kind == tar.TypeLink {
			h.Linkname, h.Size = e.text, 0
			e.text = ""
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.Flush() // an entry shorter than its header says is meant
	return b.Bytes()
}

// sealedFile is what somebody can make who knows the format.
func sealedFile(t testing.TB, archive []byte) string {
	t.Helper()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	body := encoder.EncodeAll(archive, nil)
	sum := sha256.Sum256(body)
	path := filepath.Join(t.TempDir(), "crafted.tar.zst")
	if err := os.WriteFile(path, append(body, seal(sum[:])...), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

func lockOf(files string) string {
	return fmt.Sprintf(`{"format":1,"stages":{"segment":{"fingerprint":%q,"version":1,"params":{},"inputs":{},"needs":{},"files":{%s},"logs":[]}}}`, zeros, files)
}

// Archives that were made to do harm are refused, and nothing of them is left.
func TestCraftedArchives(t *testing.T) {
	head := func(lock string) []entry {
		return []entry{{stage.LockFile, tar.TypeReg, lock, 0}, {CardFile, tar.TypeReg, "# Card", 0}}
	}
	manifest := "cache/segment/" + zeros + "/manifest.json"
	file := fmt.Sprintf(`"a":{"size":3,"sha256":%q}`, zeros)
	for name, c := range map[string]struct {
		entries []entry
		want    string
	}{
		"nothing":              {nil, "pipeline.lock is missing"},
		"no lock":              {[]entry{{"x", tar.TypeReg, "", 0}}, `found the entry "x"`},
		"lock that is a link":  {[]entry{{stage.LockFile, tar.TypeSymlink, "/etc/passwd", 0}}, "is no regular file"},
		"lock without results": {head(`{"format":1,"stages":{}}`), "names no result"},
		"lock of tomorrow":     {head(`{"format":99,"stages":{}}`), "has format 99"},
		"path upwards in lock": {head(lockOf(fmt.Sprintf(`"../../../evil":{"size":3,"sha256":%q}`, zeros))), "expected a path"},
		"absolute path":        {append(head(lockOf(file)), entry{"/tmp/evil", tar.TypeReg, "x", 0}), `found the entry "/tmp/evil"`},
		"path upwards":         {append(head(lockOf(file)), entry{"../evil", tar.TypeReg, "x", 0}), `found the entry "../evil"`},
		"link":                 {append(head(lockOf(file)), entry{manifest, tar.TypeSymlink, "../../../evil", 0}), "is no regular file"},
		"hard link":            {append(head(lockOf(file)), entry{manifest, tar.TypeLink, "../../../evil", 0}), "is no regular file"},
		"device":               {append(head(lockOf(file)), entry{manifest, tar.TypeChar, "", 0}), "is no regular file"},
		"folder":               {append(head(lockOf(file)), entry{manifest + "/", tar.TypeDir, "", 0}), "expected cache/segment"},
		"foreign manifest":     {append(head(lockOf(file)), entry{manifest, tar.TypeReg, "{}", 0}), "manifest.json"},
		"sizes without end":    {head(lockOf(fmt.Sprintf(`"a":{"size":9000000000000000000,"sha256":%q},"b":{"size":9000000000000000000,"sha256":%[1]q}`, zeros))), "the limit"},
		"lock of a gigabyte":   {[]entry{{stage.LockFile, tar.TypeReg, "", 1 << 30}}, "expected at most"},
	} {
		t.Run(name, func(t *testing.T) {
			path := sealedFile(t, tarOf(t, c.entries))
			dir := filepath.Join(t.TempDir(), "work")
			_, err := Restore(t.Context(), path, dir, 0, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v, expected %s", err, c.want)
			}
			if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if _, err := Verify(t.Context(), path, 0, nil); err == nil {
				t.Error("it was verified")
			}
		})
	}
}

func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	for _, content := range []string{"", "short", strings.Repeat("x", 1000)} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(t.Context(), path, 0, nil); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%.10q: %v", content, err)
		}
	}
	if _, err := Verify(t.Context(), t.TempDir(), 0, nil); err == nil {
		t.Error("a folder was verified")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Verify(ctx, sealedFile(t, nil), 0, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// What a killed Restore has left is cleared away by the next.
func TestLeftoversAreCleared(t *testing.T) {
	parent := t.TempDir()
	making := filepath.Join(parent, ".work.restoring")
	if err := errors.Join(os.MkdirAll(filepath.Join(making, "cache", "segment"), 0o755), os.WriteFile(filepath.Join(making, stage.LockFile), []byte("half"), 0o444)); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), sealedFile(t, nil), filepath.Join(parent, "work"), 0, nil); err == nil {
		t.Fatal("an empty archive was restored")
	}
	if left, _ := os.ReadDir(parent); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(tarOf(f, []entry{{stage.LockFile, tar.TypeReg, lockOf(""), 0}, {CardFile, tar.TypeReg, "#", 0}}))
	f.Add(tarOf(f, []entry{{stage.LockFile, tar.TypeSymlink, "x", 0}}))
	f.Fuzz(func(t *testing.T, archive []byte) {
		e := &entries{tar: tar.NewReader(bytes.NewReader(archive)), take: func(name string, _ int64, data io.Reader) error {
			if !filepath.IsLocal(name) {
				t.Errorf("the name %q leads out of its folder", name)
			}
			return nil
		}}
		if c, err := e.all(1 << 20); err == nil && c.Size > 1<<20 {
			t.Error("larger than the limit")
		}
	})
}

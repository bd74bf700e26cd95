package modelfolder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// ErrNoFile is what Path gives for a file that the manifest does not name.
var ErrNoFile = errors.New("no such file in the folder")

// A Folder is one whose files were compared with their hashes.
type Folder struct {
	Manifest
	dir string
}

// Open reads the manifest of a folder and compares every file that it names with
// its size and hash. Other files that stand in the folder are not looked at.
func Open(ctx context.Context, dir string) (*Folder, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, fmt.Errorf("%s: found a file, expected a folder that 'pipeline export' wrote", dir)
	}
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: found no %s, expected a folder that 'pipeline export' wrote", dir, ManifestFile)
	}
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if err := check(ctx, filepath.Join(dir, name), m.Files[name]); err != nil {
			return nil, err
		}
	}
	return &Folder{*m, dir}, nil
}

// Path is that of a file of the folder.
func (f *Folder) Path(name string) (string, error) {
	if _, ok := f.Files[name]; !ok {
		return "", fmt.Errorf("%s: %w: %s", f.dir, ErrNoFile, name)
	}
	return filepath.Join(f.dir, name), nil
}

// check compares a file with what its manifest says.
func check(ctx context.Context, path string, want File) error {
	const remedy = "the folder was damaged or not copied whole; copy or export it again"
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: found no such file, expected it as %s names it; %s", path, ManifestFile, remedy)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: found %v, expected a regular file; %s", path, info.Mode().Type(), remedy)
	case info.Size() != want.Size:
		return fmt.Errorf("%s: found %d bytes, expected %d; %s", path, info.Size(), want.Size, remedy)
	}
	got, err := Sum(ctx, path)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("%s: found other bytes (SHA-256 %s) than were written (%s); %s", path, got.SHA256, want.SHA256, remedy)
	}
	return nil
}

// Sum is the size and the hash of a file.
func Sum(ctx context.Context, path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, withContext{ctx, f})
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return File{n, hex.EncodeToString(h.Sum(nil))}, nil
}

// withContext ends reading when ctx is done.
type withContext struct {
	ctx context.Context
	io.Reader
}

func (r withContext) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

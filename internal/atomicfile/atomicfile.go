// Package atomicfile replaces files so that at every moment, and after every
// crash, either the old bytes stand there or all of the new ones.
package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Suffix is what the name of a file has at its end until the file is whole.
const Suffix = ".tmp"

// Write replaces the file at path by what write writes: beside it under
// another name, synced, renamed. Where write fails, the old file stays and
// nothing is left beside it. The other name is path with Suffix, always the
// same, so that kills leave at most one such file behind: a path may have one
// writer at a time.
func Write(path string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path+Suffix, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	// The new name is safe once it stands in its folder; the file itself is
	// in place whatever this says, so nothing is removed any more.
	SyncFolder(filepath.Dir(path))
	return nil
}

// SyncFolder asks for a folder's entries to be written, where systems can.
func SyncFolder(path string) {
	if runtime.GOOS == "windows" {
		return
	}
	if d, err := os.Open(path); err == nil {
		// Some file systems refuse to sync a folder; they offer no more.
		_ = d.Sync()
		_ = d.Close()
	}
}

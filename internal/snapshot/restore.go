package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"wakong/internal/atomicfile"
	"wakong/internal/stage"
)

// Restore makes a workspace of a snapshot. The folder must not exist, or be
// empty. It appears whole or not at all: until everything is unpacked and
// checked the workspace stands beside it as .NAME.restoring, which the next
// Restore clears away where this one is killed.
func Restore(ctx context.Context, file, dir string, limit int64, progress Progress) (c *Contents, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := fresh(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	making := filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".restoring")
	// To hold it keeps another Restore of the same folder out.
	held, err := stage.Open(ctx, making, stage.OpenOptions{})
	if err != nil {
		return nil, err
	}
	defer func() {
		err = errors.Join(err, held.Close())
		if err != nil {
			err = errors.Join(err, clear(making))
		}
	}()
	if err := clearContents(making); err != nil {
		return nil, err
	}
	folders := map[string]bool{making: true}
	c, err = read(ctx, file, limit, progress, func(name string, mode int64, data io.Reader) error {
		path := filepath.Join(making, filepath.FromSlash(name))
		for up := filepath.Dir(path); !folders[up]; up = filepath.Dir(up) {
			folders[up] = true
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return writeFile(path, fs.FileMode(mode), data)
	})
	if err != nil {
		return nil, err
	}
	for folder := range folders {
		atomicfile.SyncFolder(folder)
	}
	// An empty folder may stand there; one that has been filled since does not go.
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("restoring into %s: %w", dir, err)
	}
	if err := os.Rename(making, dir); err != nil {
		return nil, fmt.Errorf("restoring into %s: %w", dir, err)
	}
	atomicfile.SyncFolder(filepath.Dir(dir))
	stage.ForgetHolder(dir)
	return c, nil
}

// fresh refuses a folder that holds anything.
func fresh(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("the folder %s is not empty; a snapshot is restored into a fresh one, named by --workspace", dir)
}

// clearContents removes what an earlier Restore has left.
func clearContents(making string) error {
	for _, name := range []string{"cache", stage.LockFile, CardFile} {
		if err := os.RemoveAll(filepath.Join(making, name)); err != nil {
			return err
		}
	}
	return nil
}

// clear removes the folder, where nothing of anybody else stands in it.
func clear(making string) error {
	err := clearContents(making)
	for _, name := range []string{".lock", ".lock.holder", ""} {
		if e := os.Remove(filepath.Join(making, name)); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

func writeFile(path string, mode fs.FileMode, data io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

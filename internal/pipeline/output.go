package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes what a user asked for. A regular file is written whole or not
// at all; where the name is a link, the file that it leads to. Anything else that
// stands there (a named pipe, /dev/null, a terminal) is opened and written to: to
// put a file in its place is never what is meant.
func WriteFile(ctx context.Context, name string, data []byte) error {
	flags := inPlaceFlags(name)
	write := func() error { return writeInPlace(name, flags, data) }
	if path, ok := replaceable(name); ok {
		write = func() error { return replaceFile(path, data) }
	}
	// A pipe waits for its reader, which may never come.
	if err := untilDone(ctx, write); err != nil {
		var path *fs.PathError
		if errors.As(err, &path) && path.Path == name {
			err = path.Err
		}
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// replaceable finds the path under which a file can be replaced by a new one.
func replaceable(name string) (path string, ok bool) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		_, err := os.Lstat(name) // a link that leads nowhere yet
		return name, err != nil
	case err != nil || !info.Mode().IsRegular():
		return "", false
	}
	for _, stream := range []*os.File{os.Stdout, os.Stderr} {
		// /dev/stdout, where the shell has put a file.
		if open, err := stream.Stat(); err == nil && os.SameFile(info, open) {
			return "", false
		}
	}
	path, err = filepath.EvalSymlinks(name)
	return path, err == nil
}

// inPlaceFlags are those that name is opened with. What stands there is never
// made anew: a pipe that is gone by the time it is opened must not become a file.
func inPlaceFlags(name string) int {
	info, err := os.Stat(name)
	if err != nil {
		return os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	for _, stream := range []*os.File{os.Stdout, os.Stderr} {
		// What was written there before must stay.
		if open, err := stream.Stat(); err == nil && os.SameFile(info, open) {
			return os.O_WRONLY | os.O_APPEND
		}
	}
	return os.O_WRONLY | os.O_TRUNC
}

func writeInPlace(name string, flags int, data []byte) error {
	f, err := os.OpenFile(name, flags, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// sameFile tells whether two paths lead to one regular file.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && x.Mode().IsRegular() && os.SameFile(x, y)
}

package snapshot

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"

	"github.com/klauspost/compress/zstd"

	"wakong/internal/stage"
)

// Limits of what a snapshot may ask for.
const (
	// DefaultLimit is the size in bytes of all files together beyond which a
	// snapshot is refused unless a larger limit is given.
	DefaultLimit = 64 << 30
	// mostText bounds the lock, the card and each manifest, which are read into
	// memory.
	mostText = 64 << 20
)

// Contents is what a snapshot says of itself.
type Contents struct {
	Lock *stage.Lock
	Card []byte
	// Size of all files in bytes.
	Size int64
}

func damaged(format string, a ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, a...))
}

// Verify reads a whole snapshot and compares everything in it with its hashes.
// An error names the file; one that is ErrDamaged says that it is no whole and
// unaltered snapshot. limit is the largest size of all files together, 0 for
// DefaultLimit.
// progress, if not nil, is told of the bytes read.
func Verify(ctx context.Context, file string, limit int64, progress Progress) (*Contents, error) {
	return read(ctx, file, limit, progress, func(string, int64, io.Reader) error { return nil })
}

// take gets each entry in the order of the archive. What it leaves unread is
// read and checked nevertheless.
type take func(name string, mode int64, data io.Reader) error

func read(ctx context.Context, file string, limit int64, progress Progress, take take) (*Contents, error) {
	c, err := readFile(ctx, file, limit, progress, take)
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	var named *os.PathError
	if errors.As(err, &named) && named.Path == file {
		return nil, fmt.Errorf("the snapshot %s: %w", file, named.Err)
	}
	return nil, fmt.Errorf("the snapshot %s: %w", file, err)
}

func readFile(ctx context.Context, file string, limit int64, progress Progress, take take) (*Contents, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	// To open a named pipe would wait for a writer that may never come.
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	body, err := checkSeal(ctx, f)
	if err != nil {
		return nil, err
	}
	unpacked, err := zstd.NewReader(io.NewSectionReader(f, 0, body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window))
	if err != nil {
		return nil, err
	}
	defer unpacked.Close()
	if limit <= 0 {
		limit = DefaultLimit
	}
	e := &entries{tar: tar.NewReader(withContext{ctx, unpacked}), take: take, progress: progress}
	return e.all(limit)
}

// entries reads an archive that must hold just what its lock says.
type entries struct {
	tar      *tar.Reader
	take     take
	progress Progress
}

func (e *entries) all(limit int64) (*Contents, error) {
	text, err := e.text(stage.LockFile)
	if err != nil {
		return nil, err
	}
	c := &Contents{}
	if c.Lock, err = stage.ParseLock(text, stage.LockFile); err != nil {
		return nil, err
	}
	if len(c.Lock.Stages) == 0 {
		return nil, damaged("its lock names no result")
	}
	for _, r := range c.Lock.Stages {
		for _, f := range r.Files {
			if c.Size += f.Size; c.Size > limit || c.Size < 0 {
				return nil, fmt.Errorf("its files have more than %d bytes together, the limit; a larger one can be given", limit)
			}
		}
	}
	if c.Card, err = e.text(CardFile); err != nil {
		return nil, err
	}
	done := int64(0)
	for _, name := range slices.Sorted(maps.Keys(c.Lock.Stages)) {
		if err := e.result(name, c.Lock.Stages[name]); err != nil {
			return nil, err
		}
		for _, f := range c.Lock.Stages[name].Files {
			done += f.Size
		}
		e.progress.tell(done, c.Size)
	}
	if h, err := e.tar.Next(); err == nil {
		return nil, damaged("found the entry %q, which the lock does not name", h.Name)
	} else if err != io.EOF {
		return nil, damaged("%v", err)
	}
	return c, nil
}

func (e *entries) result(name string, r stage.Record) error {
	dir := stage.ResultPath(name, r.Fingerprint)
	text, err := e.text(path.Join(dir, stage.ManifestFile))
	if err != nil {
		return err
	}
	if err := stage.CheckManifest(text, name, r); err != nil {
		return damaged("%s: %v", dir, err)
	}
	for _, file := range slices.Sorted(maps.Keys(r.Files)) {
		if err := e.file(path.Join(dir, file), r.Files[file]); err != nil {
			return err
		}
	}
	return nil
}

// next finds the entry that must come next.
func (e *entries) next(name string) (size int64, err error) {
	h, err := e.tar.Next()
	switch {
	case err != nil:
		return 0, damaged("%s is missing: %v", name, err)
	case h.Name != name:
		return 0, damaged("found the entry %q, expected %s", h.Name, name)
	case h.Typeflag != tar.TypeReg:
		return 0, damaged("%s is no regular file", name)
	}
	return h.Size, nil
}

// text reads a small entry.
func (e *entries) text(name string) ([]byte, error) {
	size, err := e.next(name)
	if err != nil {
		return nil, err
	}
	if size > mostText {
		return nil, damaged("%s has %d bytes, expected at most %d", name, size, mostText)
	}
	data, err := io.ReadAll(e.tar)
	if err != nil {
		return nil, damaged("%s: %v", name, err)
	}
	return data, e.take(name, 0o644, bytes.NewReader(data))
}

// file passes an entry on and compares it with what the lock says.
func (e *entries) file(name string, want stage.File) error {
	size, err := e.next(name)
	if err != nil {
		return err
	}
	if size != want.Size {
		return damaged("%s has %d bytes, expected %d", name, size, want.Size)
	}
	sum := sha256.New()
	data := io.TeeReader(e.tar, sum)
	if err := e.take(name, 0o444, data); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, data); err != nil {
		return damaged("%s: %v", name, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want.SHA256 {
		return damaged("%s has sha256 %s, expected %s", name, got, want.SHA256)
	}
	return nil
}

package stage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// memoFile keeps the hashes of outside inputs in the workspace. Losing it
// costs time only.
const memoFile = ".input-hashes.json"

// memoFormat is the version of the memo file: 1, the first.
const memoFormat = 1

// settled is how long a file must have lain unchanged before its hash is
// kept. File systems stamp times in steps of up to two seconds, so that a
// file written again within one step can look the same.
const settled = 2 * time.Second

// A memo remembers hashes of files by their path, size, times and inode.
type memo struct {
	path   string // where it is kept
	now    func() time.Time
	mu     sync.Mutex
	files  map[string]memoEntry
	dirty  bool
	hashed int64 // bytes read in order to hash them
}

type memoEntry struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	Changed  time.Time `json:"changed"`
	Device   uint64    `json:"device"`
	Inode    uint64    `json:"inode"`
	SHA256   string    `json:"sha256"`
}

type memoText struct {
	Format int                  `json:"format"`
	Files  map[string]memoEntry `json:"files"`
}

func readMemo(path string) *memo {
	m := &memo{path: path, now: time.Now, files: map[string]memoEntry{}}
	if data, err := os.ReadFile(path); err == nil {
		m.files = parseMemo(data)
	}
	return m
}

// parseMemo takes what is sound in a memo file, and nothing of a damaged one.
func parseMemo(data []byte) map[string]memoEntry {
	var text memoText
	files := map[string]memoEntry{}
	if json.Unmarshal(data, &text) != nil || text.Format != memoFormat {
		return files
	}
	for path, e := range text.Files {
		if isHash(e.SHA256) {
			files[path] = e
		}
	}
	return files
}

// save writes the memo where something was added. Failing is no harm.
func (m *memo) save(write func(string, []byte) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.dirty {
		return
	}
	if data, err := json.MarshalIndent(memoText{memoFormat, m.files}, "", " "); err == nil && write(m.path, data) == nil {
		m.dirty = false
	}
}

// forgetMissing drops the files that are there no more.
func (m *memo) forgetMissing() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for path := range m.files {
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			delete(m.files, path)
			m.dirty = true
		}
	}
}

// hash returns the SHA-256 of a file, from memory where the file is
// unchanged.
func (m *memo) hash(ctx context.Context, path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	// To open a named pipe would wait for a writer that may never come.
	info, err := os.Stat(absolute)
	if err == nil {
		err = regular(absolute, info)
	}
	if err != nil {
		return "", err
	}
	f, err := os.Open(absolute)
	if err != nil {
		return "", err
	}
	defer f.Close()
	before, err := state(f)
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	known, ok := m.files[absolute]
	m.mu.Unlock()
	if ok && known.SHA256 != "" && before.same(known) {
		return known.SHA256, nil
	}
	started := m.now()
	sum, n, err := hashReader(ctx, f)
	m.mu.Lock()
	m.hashed += n
	m.mu.Unlock()
	if err != nil {
		return "", err
	}
	after, err := state(f)
	if err != nil {
		return "", err
	}
	if !after.same(before) || n != before.Size {
		return "", userErrorf("%s changed while it was read", path)
	}
	if started.Sub(before.Modified) > settled && started.Sub(before.Changed) > settled {
		before.SHA256 = sum
		m.mu.Lock()
		m.files[absolute] = before
		m.dirty = true
		m.mu.Unlock()
	}
	return sum, nil
}

// state describes an open file, without its hash.
func state(f *os.File) (memoEntry, error) {
	info, err := f.Stat()
	if err != nil {
		return memoEntry{}, err
	}
	if err := regular(f.Name(), info); err != nil {
		return memoEntry{}, err
	}
	device, inode, changed := identify(info)
	return memoEntry{Size: info.Size(), Modified: info.ModTime(), Changed: changed, Device: device, Inode: inode}, nil
}

// regular refuses what has no content to take a hash of.
func regular(name string, info os.FileInfo) error {
	what := ""
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		what = "a folder"
	case mode&os.ModeNamedPipe != 0:
		what = "a named pipe"
	case mode&os.ModeDevice != 0:
		what = "a device"
	default:
		what = "no regular file"
	}
	return userErrorf("%s is %s; an input must be a file", name, what)
}

// same compares all but the hash.
func (e memoEntry) same(o memoEntry) bool {
	return e.Size == o.Size && e.Modified.Equal(o.Modified) && e.Changed.Equal(o.Changed) &&
		e.Device == o.Device && e.Inode == o.Inode
}

// hashFile returns the SHA-256 and the size of a file, always reading it.
func hashFile(ctx context.Context, path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	return hashReader(ctx, f)
}

func hashReader(ctx context.Context, r io.Reader) (string, int64, error) {
	h := sha256.New()
	n, err := io.CopyBuffer(h, readerWith{ctx, r}, make([]byte, 1<<18))
	if err != nil {
		return "", n, fmt.Errorf("hashing: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// readerWith stops reading when its context is done.
type readerWith struct {
	ctx context.Context
	r   io.Reader
}

func (r readerWith) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

package stage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

const cacheDir = "cache"

// OpenOptions say how to open a workspace. The zero value opens it for
// writing and gives up at once where another process does.
type OpenOptions struct {
	// Wait waits for another writer to end instead of giving up with ErrHeld.
	Wait bool

	// OnWait, where not nil, is called with words for who is waited for,
	// again whenever that changes.
	OnWait func(holder string)

	// ReadOnly opens the workspace without taking it and without writing
	// anything. It need not exist then.
	ReadOnly bool
}

// A Workspace is an open folder of results. Its methods are not for use by
// several goroutines at once.
type Workspace struct {
	dir      string
	readOnly bool
	held     *flock.Flock // nil when reading only
	lock     *Lock
	hasLock  bool  // a lock file is there, sound or not
	damage   error // why the lock file could not be read
	memo     *memo
	fs       filesystem
	point    func(string) // called at the moments where a kill would matter most
}

// Exists tells whether a folder is a workspace: whether anything in it is what
// this package writes. A path that is there and is no folder counts, so that
// Open can say what is wrong with it.
func Exists(dir string) bool {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return true
	}
	for _, name := range []string{LockFile, cacheDir, holdFile} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// Open opens the workspace in a folder and makes the folder where there is
// none. Close it after use.
func Open(ctx context.Context, dir string, o OpenOptions) (*Workspace, error) {
	w := &Workspace{dir: dir, readOnly: o.ReadOnly, fs: realFilesystem(), point: func(string) {}}
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return nil, userErrorf("the workspace %s is a file; it must be a folder", dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, explain(err, "opening the workspace %s", dir)
	}
	if !o.ReadOnly {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, explain(err, "making the workspace %s", dir)
		}
		if w.held, err = hold(ctx, dir, o); err != nil {
			return nil, err
		}
		w.removeLeftovers()
	}
	if w.lock, w.hasLock, w.damage, err = loadLock(w.path(LockFile)); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	w.memo = readMemo(w.path(memoFile))
	return w, nil
}

// Close gives the workspace back to other processes.
func (w *Workspace) Close() error {
	if w.held == nil {
		return nil
	}
	held := w.held
	w.held = nil
	w.readOnly = true
	return release(w.dir, held)
}

// Lock returns what the workspace holds. The copy is the caller's.
func (w *Workspace) Lock() *Lock { return w.lock.clone() }

// LockDamage returns why the lock file could not be read and is taken for
// empty, or nil.
func (w *Workspace) LockDamage() error { return w.damage }

// File returns the path of a file of the result that the lock names for a
// stage. An error that is ErrNotRun means that there is none.
func (w *Workspace) File(stage, file string) (string, error) {
	r, ok := w.lock.Stages[stage]
	if !ok {
		return "", &UserError{Message: fmt.Sprintf("the workspace %s holds no result of %s", w.dir, stage), Kind: ErrNotRun}
	}
	return w.fileOf(stage, r.Fingerprint, file)
}

// FileNeeded returns the path of a file of stage `needed` as `stage` read it,
// which need not be the newest result of `needed`: a model goes with the
// vocabulary it was trained on.
func (w *Workspace) FileNeeded(stage, needed, file string) (string, error) {
	r, ok := w.lock.Stages[stage]
	if !ok {
		return "", &UserError{Message: fmt.Sprintf("the workspace %s holds no result of %s", w.dir, stage), Kind: ErrNotRun}
	}
	n, ok := r.Needs[needed]
	if !ok {
		return "", fmt.Errorf("stage: %s did not read anything of %s", stage, needed)
	}
	return w.fileOf(needed, n.Fingerprint, file)
}

func (w *Workspace) fileOf(stage, fingerprint, file string) (string, error) {
	dir := w.entry(stage, fingerprint)
	m, err := readEntry(dir, stage, fingerprint)
	if err != nil {
		return "", &UserError{
			Message: fmt.Sprintf("the result of %s in %s cannot be used", stage, dir),
			Err:     err,
			Kind:    ErrNotRun,
		}
	}
	if _, ok := m.Files[file]; !ok && !isLog(file) {
		return "", fmt.Errorf("stage: %s wrote no file %s", stage, file)
	}
	return filepath.Join(dir, filepath.FromSlash(file)), nil
}

func isLog(file string) bool { return file == runLog || file == timingLog }

func (w *Workspace) path(name string) string { return filepath.Join(w.dir, name) }

func (w *Workspace) entry(stage, fingerprint string) string {
	return filepath.Join(w.dir, cacheDir, stage, fingerprint)
}

func (w *Workspace) partial(stage, fingerprint string) string {
	return w.entry(stage, fingerprint) + partialSuffix
}

// removeLeftovers clears away temporary files of a killed process: a dot, the
// name of a file that is written whole, and digits.
func (w *Workspace) removeLeftovers() {
	entries, err := os.ReadDir(w.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		for _, name := range []string{LockFile, memoFile} {
			digits, ok := strings.CutPrefix(e.Name(), "."+name)
			if ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
				os.Remove(w.path(e.Name()))
			}
		}
	}
}

// setRecord changes one stage's record and writes the lock where that makes a
// difference.
func (w *Workspace) setRecord(stage string, r Record) error {
	l := w.lock.clone()
	l.Stages[stage] = r
	return w.writeLock(l)
}

func (w *Workspace) writeLock(l *Lock) error {
	data, err := l.encode()
	if err != nil {
		return fmt.Errorf("stage: encoding the lock: %w", err)
	}
	before, err := w.lock.encode()
	if err == nil && w.hasLock && w.damage == nil && string(before) == string(data) {
		return nil
	}
	path := w.path(LockFile)
	if w.damage != nil {
		if err := w.moveLockAway(); err != nil {
			return err
		}
	}
	w.point("before lock")
	if err := w.fs.writeFile(path, data); err != nil {
		return explain(err, "writing %s", path)
	}
	w.point("after lock")
	w.lock, w.hasLock, w.damage = l, true, nil
	return nil
}

// moveLockAway gives a damaged lock another name: whoever damaged it (a merge, an
// editor) may want it back.
func (w *Workspace) moveLockAway() error {
	path := w.path(LockFile)
	if err := os.Rename(path, path+".damaged"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain(err, "moving the damaged %s away", path)
	}
	w.hasLock, w.damage = false, nil
	return nil
}

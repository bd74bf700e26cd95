package stage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// GC removes from the cache what the lock does not name, and returns the
// folders removed, as STAGE/FOLDER, and the size of the files in them. Named
// are the results of all stages and those that they were made from.
//
// The checkpoints of interrupted runs are removed too, except where the run
// would be the next one of one of the stages given. Without a sound lock no
// complete result is removed.
func (w *Workspace) GC(ctx context.Context, stages []Stage) (removed []string, bytes int64, err error) {
	if w.readOnly {
		return nil, 0, ErrReadOnly
	}
	if w.damage != nil {
		return nil, 0, &UserError{Message: "nothing was removed, for it is not known what is needed; a run writes the lock anew", Err: w.damage}
	}
	named := map[cacheEntry]bool{}
	for s, r := range w.lock.Stages {
		named[cacheEntry{s, r.Fingerprint, ""}] = true
		for needed, n := range r.Needs {
			named[cacheEntry{needed, n.Fingerprint, ""}] = true
		}
	}
	all, err := w.resolveAll(ctx, stages, "")
	if err != nil {
		return nil, 0, err
	}
	for _, r := range all {
		if r.fingerprint != "" {
			named[cacheEntry{r.stage.Name, r.fingerprint, partialSuffix}] = true
		}
	}
	entries, err := w.entries()
	if err != nil {
		return nil, 0, err
	}
	// Trash first, for what is removed now will take its name.
	slices.SortStableFunc(entries, func(a, b cacheEntry) int {
		return strings.Compare(b.suffix, a.suffix)
	})
	for _, e := range entries {
		if named[e] || e.suffix == "" && !w.hasLock {
			continue
		}
		if err := ctx.Err(); err != nil {
			return removed, bytes, err
		}
		size, err := w.remove(e)
		if err != nil {
			return removed, bytes, explain(err, "removing %s", filepath.Join(w.path(cacheDir), e.stage, e.name()))
		}
		removed = append(removed, e.stage+"/"+e.name())
		bytes += size
	}
	sort.Strings(removed)
	w.memo.forgetMissing()
	w.saveMemo()
	return removed, bytes, nil
}

// remove takes a folder out of the cache. A result first loses its name, so
// that a kill half-way leaves no folder that looks complete.
func (w *Workspace) remove(e cacheEntry) (int64, error) {
	stageDir := filepath.Join(w.path(cacheDir), e.stage)
	path := filepath.Join(stageDir, e.name())
	var size int64
	err := filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil // trash that went with the result before it
	}
	if err != nil {
		return 0, err
	}
	if e.suffix != trashSuffix {
		trash := filepath.Join(stageDir, e.fingerprint+trashSuffix)
		if err := os.RemoveAll(trash); err != nil {
			return 0, err
		}
		if err := os.Rename(path, trash); err != nil {
			return 0, err
		}
		path = trash
	}
	if err := os.RemoveAll(path); err != nil {
		return 0, err
	}
	// A stage's folder without results says nothing; one with other things
	// in it stays, and so does a link to a folder elsewhere.
	if info, err := os.Lstat(stageDir); err == nil && info.IsDir() && os.Remove(stageDir) == nil {
		return size, nil
	}
	return size, w.fs.syncDir(stageDir)
}

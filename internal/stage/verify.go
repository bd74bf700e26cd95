package stage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A Problem is something that Verify found wrong.
type Problem struct {
	Stage       string `json:"stage"`
	Fingerprint string `json:"fingerprint"`
	File        string `json:"file,omitempty"`
	Reason      string `json:"reason"`
}

func (p Problem) String() string {
	if p.Stage == "" {
		return p.Reason // which names the lock
	}
	where := filepath.Join(cacheDir, p.Stage, p.Fingerprint)
	if p.File != "" {
		where = filepath.Join(where, filepath.FromSlash(p.File))
	}
	return where + ": " + p.Reason
}

// Verify reads every file of every result in the cache and compares it with
// its manifest, and the manifests with the lock. Results in the making are
// left out. progress, if not nil, is told of the bytes read.
func (w *Workspace) Verify(ctx context.Context, progress func(done, total int64)) ([]Problem, error) {
	problems := []Problem{}
	if w.damage != nil {
		problems = append(problems, Problem{File: LockFile, Reason: w.damage.Error()})
	}
	seen := map[string]bool{}
	entries, err := w.entries()
	if err != nil {
		return nil, err
	}
	sizes, total := map[cacheEntry]int64{}, int64(0)
	for _, e := range entries {
		m, err := readEntry(w.entry(e.stage, e.fingerprint), e.stage, e.fingerprint)
		if e.suffix != "" || err != nil {
			continue // its problem is told below
		}
		for _, f := range m.Files {
			sizes[e] += f.Size
		}
		total += sizes[e]
	}
	done := int64(0)
	for _, e := range entries {
		if e.suffix != "" {
			continue
		}
		seen[e.stage+"/"+e.fingerprint] = true
		found, err := w.verifyEntry(ctx, e)
		if err != nil {
			return nil, err
		}
		if done += sizes[e]; progress != nil {
			progress(done, total)
		}
		problems = append(problems, found...)
	}
	for _, s := range sortedKeys(w.lock.Stages) {
		fp := w.lock.Stages[s].Fingerprint
		if !seen[s+"/"+fp] {
			problems = append(problems, Problem{Stage: s, Fingerprint: fp, Reason: "cache folder is gone"})
		}
	}
	return problems, nil
}

func (w *Workspace) verifyEntry(ctx context.Context, e cacheEntry) ([]Problem, error) {
	var out []Problem
	add := func(file, format string, a ...any) {
		out = append(out, Problem{e.stage, e.fingerprint, file, fmt.Sprintf(format, a...)})
	}
	dir := w.entry(e.stage, e.fingerprint)
	m, err := readEntry(dir, e.stage, e.fingerprint)
	var broken *entryError
	switch {
	case errors.As(err, &broken):
		add(broken.file, "%s", broken.reason)
		return out, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil // removed by another process in the meantime
	case err != nil:
		return nil, explain(err, "verifying %s", dir)
	}
	t, err := walk(dir, manifestFile)
	if err != nil {
		add("", "%v", err)
		return out, nil
	}
	for _, path := range t.files {
		want, ok := m.Files[path]
		if !ok {
			if !isLog(path) {
				add(path, "does not belong there")
			}
			continue
		}
		sum, _, err := hashFile(ctx, filepath.Join(dir, filepath.FromSlash(path)))
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			add(path, "cannot be read: %v", err)
		} else if sum != want.SHA256 {
			add(path, "found sha256 %s, expected %s", sum, want.SHA256)
		}
	}
	if r, ok := w.lock.Stages[e.stage]; ok && r.Fingerprint == e.fingerprint {
		for _, d := range differences(r.Files, m.Files) {
			add("", "%s says otherwise: %s", LockFile, d)
		}
	}
	return out, nil
}

// Repair moves the results with problems out of the way, and a damaged lock, so
// that the next Execute makes them anew.
func (w *Workspace) Repair(problems []Problem) error {
	if w.readOnly {
		return ErrReadOnly
	}
	if w.damage != nil {
		if err := w.moveLockAway(); err != nil {
			return err
		}
	}
	done := map[string]bool{}
	for _, p := range problems {
		id := p.Stage + "/" + p.Fingerprint
		if done[id] || !isStageName(p.Stage) || !isHash(p.Fingerprint) {
			continue
		}
		done[id] = true
		if _, err := w.moveAway(p.Stage, p.Fingerprint); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return explain(err, "moving the broken result of %s away", p.Stage)
		}
	}
	return nil
}

// A cacheEntry is a folder of the cache that this package made.
type cacheEntry struct {
	stage, fingerprint string
	suffix             string // "", or why it is no result
}

func (e cacheEntry) name() string { return e.fingerprint + e.suffix }

// entries lists the cache. What does not look like one of ours is left out,
// and so is never touched: a workspace can be a folder that holds other
// things too.
func (w *Workspace) entries() ([]cacheEntry, error) {
	root := w.path(cacheDir)
	stages, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, explain(err, "listing %s", root)
	}
	var out []cacheEntry
	for _, s := range stages {
		// A link to a folder on a larger disk is as good as a folder.
		info, err := os.Stat(filepath.Join(root, s.Name()))
		if err != nil || !info.IsDir() || !isStageName(s.Name()) {
			continue
		}
		found, err := os.ReadDir(filepath.Join(root, s.Name()))
		if err != nil {
			return nil, explain(err, "listing %s", filepath.Join(root, s.Name()))
		}
		for _, f := range found {
			for _, suffix := range []string{partialSuffix, brokenSuffix, trashSuffix, ""} {
				fp, ok := strings.CutSuffix(f.Name(), suffix)
				if ok && isHash(fp) {
					out = append(out, cacheEntry{s.Name(), fp, suffix})
					break
				}
			}
		}
	}
	return out, nil
}

package stage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	partialSuffix = ".partial" // a result in the making
	brokenSuffix  = ".broken"  // a result found damaged, moved out of the way
	trashSuffix   = ".trash"   // a result being removed
	partialFile   = ".partial.json"
)

// A partialNote says, within a partial folder, what its checkpoints belong
// to. The fingerprint stands in the folder's name; what stands here in
// addition is all else on which a continued run's bytes could depend.
type partialNote struct {
	Format      int               `json:"format"` // 1, the first
	Fingerprint string            `json:"fingerprint"`
	Environment map[string]string `json:"environment"`
}

// prepare makes a partial folder ready for a stage to start in: everything
// but logs and usable checkpoints is removed.
func (w *Workspace) prepare(r *resolved) (dir string, resumed bool, err error) {
	dir = w.partial(r.stage.Name, r.fingerprint)
	note := partialNote{1, r.fingerprint, orEmpty(r.stage.Environment)}
	fits := false
	if data, err := os.ReadFile(filepath.Join(dir, partialFile)); err == nil {
		var old partialNote
		fits = json.Unmarshal(data, &old) == nil && old.Format == note.Format &&
			old.Fingerprint == note.Fingerprint && sameMap(orEmpty(old.Environment), note.Environment)
	}
	keep := map[string]bool{runLog: true, timingLog: true, scratchDir: fits, partialFile: fits}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", false, err
	}
	for _, e := range entries {
		if !keep[e.Name()] {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return "", false, err
			}
		}
	}
	scratch := filepath.Join(dir, scratchDir)
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return "", false, err
	}
	if !fits {
		data, err := encodeIndented(note)
		if err != nil {
			return "", false, err
		}
		if err := w.fs.writeFile(filepath.Join(dir, partialFile), data); err != nil {
			return "", false, err
		}
	}
	left, err := os.ReadDir(scratch)
	return dir, len(left) > 0, err
}

// commit turns a partial folder whose stage has ended into a result. The
// order is what makes it safe: all content is durable before the manifest
// says that it is complete, the checkpoints go only after that, and the
// folder gets its name last.
func (w *Workspace) commit(ctx context.Context, r *resolved, dir string) error {
	t, err := walk(dir, scratchDir, partialFile)
	if err != nil {
		return err
	}
	m := &manifest{
		Format: manifestFormat, Stage: r.stage.Name, Fingerprint: r.fingerprint,
		Version: r.key.version, Params: r.key.params, Inputs: r.key.inputs, Needs: r.key.needs,
		Environment: r.stage.Environment, Files: map[string]File{}, Logs: logFiles,
	}
	for _, path := range t.files {
		if path == manifestFile {
			return fmt.Errorf("stage: %s wrote a file %s, a name that is taken", r.stage.Name, manifestFile)
		}
		full := filepath.Join(dir, filepath.FromSlash(path))
		if !isLog(path) {
			sum, size, err := hashFile(ctx, full)
			if err != nil {
				return err
			}
			m.Files[path] = File{size, sum}
		}
		if err := w.fs.syncFile(full); err != nil {
			return err
		}
		// A guard against a slip of the hand, not against malice.
		if err := os.Chmod(full, 0o444); err != nil {
			return err
		}
	}
	for _, path := range append(t.dirs, ".") {
		if err := w.fs.syncDir(filepath.Join(dir, filepath.FromSlash(path))); err != nil {
			return err
		}
	}
	w.point("before manifest")
	data, err := encodeIndented(m)
	if err != nil {
		return err
	}
	if err := w.fs.writeFile(filepath.Join(dir, manifestFile), data); err != nil {
		return err
	}
	w.point("after manifest")
	return w.finish(r, dir)
}

// finish renames a partial folder that has its manifest.
func (w *Workspace) finish(r *resolved, dir string) error {
	for _, name := range []string{scratchDir, partialFile} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	if err := w.fs.syncDir(dir); err != nil {
		return err
	}
	w.point("before rename")
	final := w.entry(r.stage.Name, r.fingerprint)
	if err := os.Rename(dir, final); err != nil {
		return err
	}
	w.point("after rename")
	// The stage's folder and the cache may be new themselves.
	for up := filepath.Dir(final); ; up = filepath.Dir(up) {
		if err := w.fs.syncDir(up); err != nil {
			return err
		}
		if up == filepath.Clean(w.dir) || up == filepath.Dir(up) {
			break
		}
	}
	var err error
	r.entry, err = readEntry(final, r.stage.Name, r.fingerprint)
	return err
}

// finishPending ends a commit that a kill has cut off after the manifest was
// written, so that the work behind it is not done again. It tells whether it
// did.
func (w *Workspace) finishPending(ctx context.Context, r *resolved) (bool, error) {
	dir := w.partial(r.stage.Name, r.fingerprint)
	m, err := readEntry(dir, r.stage.Name, r.fingerprint)
	if err != nil {
		return false, nil // nothing there, or nothing to rely on
	}
	t, err := walk(dir, scratchDir, partialFile, manifestFile)
	if err != nil {
		return false, nil
	}
	for _, path := range t.files {
		if isLog(path) {
			continue
		}
		sum, _, err := hashFile(ctx, filepath.Join(dir, filepath.FromSlash(path)))
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil || sum != m.Files[path].SHA256 {
			return false, nil
		}
	}
	return true, w.finish(r, dir)
}

// moveAway takes a broken result out of the way, but keeps it to be looked at.
func (w *Workspace) moveAway(stage, fingerprint string) (string, error) {
	from := w.entry(stage, fingerprint)
	to := from + brokenSuffix
	if err := os.RemoveAll(to); err != nil {
		return "", err
	}
	if err := os.Rename(from, to); err != nil {
		return "", err
	}
	return to, w.fs.syncDir(filepath.Dir(from))
}

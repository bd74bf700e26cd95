package stage

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// ManifestFile is the name of the manifest in each result's folder.
const ManifestFile = manifestFile

// ResultPath is where a result stands within a workspace, with slashes.
func ResultPath(stage, fingerprint string) string { return path.Join(cacheDir, stage, fingerprint) }

// Result returns the folder of the result that the lock names for a stage, and
// its record, after a look whether its files are there in full. An error that is
// ErrNotRun means that there is none.
func (w *Workspace) Result(stage string) (dir string, r Record, err error) {
	file, err := w.File(stage, runLog) // a log is not asked for
	if err != nil {
		return "", r, err
	}
	return filepath.Dir(file), w.lock.Stages[stage], nil
}

// Extract gives the lock of some stages alone. Each must be there with those
// that it read of; where a stage read an older result of another with the same
// bytes, the extract says that it read the newer one, so that no result is named
// that the extract does not hold.
func (l *Lock) Extract(stages []string) (*Lock, error) {
	out := &Lock{Format: l.Format, Stages: map[string]Record{}}
	for _, name := range stages {
		r, ok := l.Stages[name]
		if !ok {
			return nil, fmt.Errorf("stage: the lock holds no result of %s", name)
		}
		out.Stages[name] = r
	}
	for _, name := range stages {
		r := out.Stages[name]
		needs := map[string]NeedRecord{}
		for needed, n := range r.Needs {
			from, ok := out.Stages[needed]
			if !ok {
				return nil, fmt.Errorf("stage: %s without %s, which it read", name, needed)
			}
			for file, sum := range n.Files {
				if from.Files[file].SHA256 != sum {
					return nil, userErrorf("%s read another %s of %s than the workspace holds now", name, file, needed)
				}
			}
			needs[needed] = NeedRecord{Fingerprint: from.Fingerprint, Files: n.Files}
		}
		r.Needs = needs
		out.Stages[name] = r
	}
	return out, nil
}

// Encode gives the bytes of a lock file.
func (l *Lock) Encode() ([]byte, error) { return l.encode() }

// CheckManifest tells whether a manifest is that of the result that a record
// names.
func CheckManifest(data []byte, stage string, r Record) error {
	m, err := parseManifest(data)
	if err != nil {
		return err
	}
	if m.Stage != stage || m.Fingerprint != r.Fingerprint {
		return &entryError{manifestFile, "belongs to another result"}
	}
	if d := differences(r.Files, m.Files); len(d) > 0 {
		return fmt.Errorf("%s differs from the lock: %s", manifestFile, d[0])
	}
	return nil
}

// ForgetHolder removes the word of who held a folder that was renamed while it
// was held.
func ForgetHolder(dir string) { os.Remove(filepath.Join(dir, holderFile)) }

package stage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
)

// LockFile is the name of the lock within a workspace.
const LockFile = "pipeline.lock"

// lockFormat is the version of the lock file's layout.
//
//	1: first
const lockFormat = 1

// A Lock says what results a workspace holds: for each stage what went into
// it and what came out. It holds no times and no absolute paths, so that the
// same work gives the same lock.
type Lock struct {
	Format int               `json:"format"`
	Stages map[string]Record `json:"stages"`
}

// A Record is what a lock says of one stage.
type Record struct {
	Fingerprint string                `json:"fingerprint"`
	Version     int                   `json:"version"`
	Params      json.RawMessage       `json:"params"`                // canonical JSON, apart from white space
	Inputs      map[string]string     `json:"inputs"`                // name to SHA-256
	Needs       map[string]NeedRecord `json:"needs"`                 // by stage
	Environment map[string]string     `json:"environment,omitempty"` // what the result was made with
	Files       map[string]File       `json:"files"`                 // by path in the stage's folder
	Logs        []string              `json:"logs"`                  // files of which nothing is promised
}

// A NeedRecord is what a stage read of another.
type NeedRecord struct {
	Fingerprint string            `json:"fingerprint"` // of the result that was read
	Files       map[string]string `json:"files"`       // path to SHA-256
}

// A File is one file of a result.
type File struct {
	Size   int64  `json:"size"` // in bytes
	SHA256 string `json:"sha256"`
}

// ParseLock reads the bytes of a lock. Name is used in errors only. A lock of
// a newer format gives an error that is ErrNewerFormat.
func ParseLock(data []byte, name string) (*Lock, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("%s: found no lock, expected JSON: %w", name, err)
	}
	if head.Format > lockFormat {
		return nil, &UserError{
			Message: fmt.Sprintf("%s has format %d, this program knows up to %d; update it", name, head.Format, lockFormat),
			Kind:    ErrNewerFormat,
		}
	}
	if head.Format < 1 {
		return nil, fmt.Errorf("%s: found format %d, expected 1 to %d", name, head.Format, lockFormat)
	}
	l := &Lock{}
	if err := json.Unmarshal(data, l); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	l.Stages = orEmpty(l.Stages)
	for _, s := range sortedKeys(l.Stages) {
		r := l.Stages[s]
		if err := r.check(s); err != nil {
			return nil, fmt.Errorf("%s: stage %q: %w", name, s, err)
		}
		l.Stages[s] = r
	}
	return l, nil
}

// ReadLock reads a lock file.
func ReadLock(path string) (*Lock, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, explain(err, "reading the lock %s", path)
	}
	return ParseLock(data, path)
}

// check refuses what this package would never have written, names that lead
// out of the cache above all, and brings the parameters into canonical form.
func (r *Record) check(stage string) error {
	if !isStageName(stage) {
		return errors.New("the name cannot be a stage's")
	}
	if !isHash(r.Fingerprint) {
		return fmt.Errorf("found fingerprint %q, expected a SHA-256", r.Fingerprint)
	}
	params, err := Canonical(r.Params)
	if err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	r.Params = params
	for name, sum := range r.Inputs {
		if !isHash(sum) {
			return fmt.Errorf("input %q: found %q, expected a SHA-256", name, sum)
		}
	}
	for name, n := range r.Needs {
		if !isStageName(name) || !isHash(n.Fingerprint) {
			return fmt.Errorf("need %q: found fingerprint %q, expected a stage and a SHA-256", name, n.Fingerprint)
		}
		for path, sum := range n.Files {
			if !isFilePath(path) || !isHash(sum) {
				return fmt.Errorf("need %q: file %q: found %q, expected a path and a SHA-256", name, path, sum)
			}
		}
	}
	return checkFiles(r.Files, r.Logs)
}

func checkFiles(files map[string]File, logs []string) error {
	for path, f := range files {
		if !isFilePath(path) || f.Size < 0 || !isHash(f.SHA256) {
			return fmt.Errorf("file %q: found size %d and hash %q, expected a path, a size and a SHA-256", path, f.Size, f.SHA256)
		}
	}
	for _, path := range logs {
		if !isFilePath(path) {
			return fmt.Errorf("log %q: expected a path", path)
		}
	}
	return nil
}

// encode gives the lock's bytes: indented and sorted, one thing a line, so
// that two locks can be compared by eye and merged by tools.
func (l *Lock) encode() ([]byte, error) { return encodeIndented(l) }

func encodeIndented(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return out.Bytes(), err
}

// clone keeps a caller's changes away from the workspace's own lock. Records
// are replaced as a whole and never changed, so they can be shared.
func (l *Lock) clone() *Lock {
	c := &Lock{Format: l.Format, Stages: make(map[string]Record, len(l.Stages))}
	for name, r := range l.Stages {
		c.Stages[name] = r
	}
	return c
}

// loadLock reads the workspace's lock. No file is an empty lock; a damaged
// one is an empty lock and a warning; only a newer format is an error.
func loadLock(path string) (l *Lock, there bool, damage error, err error) {
	empty := &Lock{Format: lockFormat, Stages: map[string]Record{}}
	l, err = ReadLock(path)
	switch {
	case err == nil:
		return l, true, nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return empty, false, nil, nil
	case errors.Is(err, ErrNewerFormat) || errors.Is(err, fs.ErrPermission):
		return nil, true, nil, err
	}
	return empty, true, err, nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

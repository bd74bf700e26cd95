package stage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	manifestFile = "manifest.json"
	scratchDir   = "scratch"
	runLog       = "run.log"
	timingLog    = "timing.jsonl"

	// manifestFormat is the version of the manifest's layout: 1, the first.
	manifestFormat = 1
)

// logFiles stand in every result, and nothing is promised about their bytes.
var logFiles = []string{runLog, timingLog}

// A manifest describes a result within its own folder. Unlike a Record it
// does not say which results its needs came from, for that depends on what
// was run before and the bytes do not.
type manifest struct {
	Format      int                          `json:"format"`
	Stage       string                       `json:"stage"`
	Fingerprint string                       `json:"fingerprint"`
	Version     int                          `json:"version"`
	Params      json.RawMessage              `json:"params"`
	Inputs      map[string]string            `json:"inputs"`
	Needs       map[string]map[string]string `json:"needs"`
	Environment map[string]string            `json:"environment,omitempty"`
	Files       map[string]File              `json:"files"`
	Logs        []string                     `json:"logs"`
}

func (m *manifest) key() key {
	return key{stage: m.Stage, version: m.Version, params: m.Params, inputs: m.Inputs, needs: m.Needs}
}

// parseManifest reads a manifest and refuses one that is not what its
// fingerprint says.
func parseManifest(data []byte) (*manifest, error) {
	m := &manifest{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	if m.Format != manifestFormat {
		return nil, fmt.Errorf("%s: found format %d, expected %d", manifestFile, m.Format, manifestFormat)
	}
	if err := checkFiles(m.Files, m.Logs); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	got, err := m.key().fingerprint()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	if got != m.Fingerprint {
		return nil, fmt.Errorf("%s: what it describes has another fingerprint than it says", manifestFile)
	}
	return m, nil
}

// An entryError says what is wrong with a result in the cache.
type entryError struct {
	file   string
	reason string
}

func (e *entryError) Error() string {
	if e.file == "" {
		return e.reason
	}
	return e.file + " " + e.reason
}

// readEntry reads the result in a folder and looks whether its files are
// there in full, without reading them. No folder is fs.ErrNotExist; a broken
// result is an entryError.
func readEntry(dir, stage, fingerprint string) (*manifest, error) {
	info, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &entryError{"", "is no folder"}
	}
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &entryError{manifestFile, "is missing"}
	}
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(data)
	if err != nil {
		return nil, &entryError{"", err.Error()}
	}
	if m.Stage != stage || m.Fingerprint != fingerprint {
		return nil, &entryError{manifestFile, "belongs to another result"}
	}
	for _, path := range sortedKeys(m.Files) {
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(path)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, &entryError{path, "is missing"}
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular():
			return nil, &entryError{path, "is no file"}
		case info.Size() != m.Files[path].Size:
			return nil, &entryError{path, fmt.Sprintf("has %d bytes, %d recorded", info.Size(), m.Files[path].Size)}
		}
	}
	return m, nil
}

// Package modelfolder writes and reads folders in which a trained network leaves
// its workspace. A folder appears whole or not at all, and a manifest in it holds
// the size and the SHA-256 of every other file, so that one that was damaged or not
// copied whole is refused.
package modelfolder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ManifestFile is the name of the manifest in a folder.
const ManifestFile = "manifest.json"

// manifestFormat is the version of the manifest's layout.
//
//	1: first
const manifestFormat = 1

// maxManifest bounds the bytes of a manifest that are read.
const maxManifest = 1 << 20

// A Manifest says what a folder holds.
type Manifest struct {
	Format  int             `json:"format"`  // of the manifest; Create sets it
	Holds   string          `json:"holds"`   // the kind of folder, such as "folder" or "onnx"
	Program string          `json:"program"` // version of the program that wrote it
	Kernel  string          `json:"kernel"`  // setting of the kernel that the network was computed with
	Files   map[string]File `json:"files"`   // by name; Create sets them
}

// A File is one file of a folder.
type File struct {
	Size   int64  `json:"size"` // in bytes
	SHA256 string `json:"sha256"`
}

// readManifest reads the manifest of a folder.
func readManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, ManifestFile)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxManifest+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m, err := parseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; 'pipeline export' writes such folders", path, err)
	}
	return m, nil
}

func parseManifest(data []byte) (*Manifest, error) {
	if len(data) > maxManifest {
		return nil, fmt.Errorf("found more than %d bytes", maxManifest)
	}
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("found no manifest, or one that was cut off: %w", err)
	}
	if head.Format > manifestFormat {
		return nil, fmt.Errorf("found format %d, this program knows up to %d; update it", head.Format, manifestFormat)
	}
	if head.Format < 1 {
		return nil, fmt.Errorf("found format %d, expected 1 to %d", head.Format, manifestFormat)
	}
	m := &Manifest{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if len(m.Files) == 0 {
		return nil, errors.New("found no files, expected those of a network")
	}
	for name, file := range m.Files {
		if !plainName(name) {
			return nil, fmt.Errorf("found the file name %q, expected a name without a path", name)
		}
		if file.Size < 0 || !isHash(file.SHA256) {
			return nil, fmt.Errorf("file %q: found size %d and hash %q, expected a size and a SHA-256", name, file.Size, file.SHA256)
		}
	}
	return m, nil
}

// plainName tells whether a name stays in its folder on every system.
func plainName(name string) bool {
	for _, r := range name {
		ok := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '_' || r == '-'
		if !ok {
			return false
		}
	}
	return name != "" && name[0] != '.' && name != ManifestFile
}

func isHash(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return false
		}
	}
	return len(s) == 64
}

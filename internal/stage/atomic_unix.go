//go:build !windows

package stage

import (
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// writeAtomic replaces a file by another in one step: at every moment, and
// after every crash, the old bytes stand there or the new ones.
func writeAtomic(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := renameio.WriteFile(path, data, os.FileMode(0o644), renameio.WithTempDir(dir)); err != nil {
		return err
	}
	return syncDir(dir)
}

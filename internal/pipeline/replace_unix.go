//go:build !windows

package pipeline

import "github.com/google/renameio/v2"

// replaceFile puts a file with the data at path, with the permissions of the one
// before it.
func replaceFile(path string, data []byte) error {
	return renameio.WriteFile(path, data, 0o644, renameio.WithExistingPermissions())
}

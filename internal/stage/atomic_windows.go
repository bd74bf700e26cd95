package stage

import (
	"errors"
	"os"
	"path/filepath"
)

// writeAtomic replaces a file by another. Windows promises no atomic rename;
// a temporary file renamed over the old one is the nearest there is.
func writeAtomic(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

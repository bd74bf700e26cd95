package pipeline

import (
	"io"

	"wakong/internal/atomicfile"
)

// replaceFile puts a file with the data at path.
func replaceFile(path string, data []byte) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

package corpus

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"wakong/internal/compressed"
)

// openFile opens a regular file, unpacked where its extension says that it is
// compressed; errors call it by name.
func openFile(path, name string) (io.ReadCloser, error) {
	if err := checkRegular(path, name); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(name, err)
	}
	return unpack(f, path, name)
}

// unpack gives the bytes of an open file, unpacked where the extension of path
// says that it is compressed. It closes the file if that fails.
func unpack(f io.ReadCloser, path, name string) (io.ReadCloser, error) {
	_, kind := compressed.Cut(path)
	if kind == compressed.None {
		return f, nil
	}
	r, err := kind.TextReader(bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		f.Close()
		return nil, &InputError{File: name, Err: fmt.Errorf("unpacking: %w", err)}
	}
	return unpacked{r, f}, nil
}

// unpacked closes the file under what unpacks it.
type unpacked struct {
	io.ReadCloser
	file io.Closer
}

func (u unpacked) Close() error { return errors.Join(u.ReadCloser.Close(), u.file.Close()) }

// checkRegular refuses what is no regular file, before it is opened: opening a
// named pipe waits for someone to write into it.
func checkRegular(path, name string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fileError(name, err)
	}
	found, want := "something else", "a regular file"
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		found, want = "a folder", "a file"
	case mode&fs.ModeNamedPipe != 0:
		found = "a named pipe"
	case mode&fs.ModeSocket != 0:
		found = "a socket"
	case mode&fs.ModeDevice != 0:
		found = "a device"
	}
	return &InputError{File: name, Found: found, Want: want}
}

// OpenFile opens a regular file as sources do: unpacked where its extension says
// that it is compressed. Errors call it by name.
func OpenFile(path, name string) (io.ReadCloser, error) { return openFile(path, name) }

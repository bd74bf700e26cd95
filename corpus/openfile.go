package corpus

import (
	"io/fs"
	"os"
)

// openFile opens a regular file; errors call it by name.
func openFile(path, name string) (*os.File, error) {
	if err := checkRegular(path, name); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(name, err)
	}
	return f, nil
}

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

package crawl

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
)

// output is a result file that appears under its name only when it is complete
// and on the disk.
type output struct {
	*bufio.Writer
	file      *os.File
	path      string
	closed    bool
	committed bool
}

func newOutput(dir, name string) (*output, error) {
	path := filepath.Join(dir, name)
	f, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("crawl: %w", err)
	}
	return &output{Writer: bufio.NewWriterSize(f, 1<<16), file: f, path: path}, nil
}

// finish brings all that was written to the disk, still under another name.
func (o *output) finish() error {
	if o.closed {
		return nil
	}
	err := o.Flush()
	if err == nil {
		err = o.file.Sync()
	}
	if cerr := o.file.Close(); err == nil {
		err = cerr
	}
	if o.closed = true; err != nil {
		return fmt.Errorf("crawl: writing %s: %w", o.path, err)
	}
	return nil
}

func (o *output) commit() error {
	if err := o.finish(); err != nil {
		return err
	}
	if err := os.Rename(o.file.Name(), o.path); err != nil {
		return fmt.Errorf("crawl: writing %s: %w", o.path, err)
	}
	o.committed = true
	return nil
}

// discard removes what was not committed.
func (o *output) discard() {
	if !o.closed {
		o.file.Close()
	}
	if !o.committed {
		os.Remove(o.file.Name())
	}
}

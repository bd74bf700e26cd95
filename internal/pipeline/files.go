package pipeline

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// create writes a file of a stage's folder through a buffer. Nobody looks at the
// folder before the stage has ended, so that it needs no temporary name.
func create(dir, name string, write func(io.Writer) error) error {
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	b := bufio.NewWriterSize(f, 1<<18)
	// What goes wrong within is no matter of this file: it is mostly a fault of
	// the input, which has a file and a line of its own.
	if err := write(b); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(b.Flush(), f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// writeJSON writes a value for people to read.
func writeJSON(dir, name string, v any) error {
	return create(dir, name, func(w io.Writer) error { return encodeJSON(w, v) })
}

func encodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func readJSON(path string, v any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// open reads a file with a buffer and closes it.
func open(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return read(bufio.NewReaderSize(f, 1<<18))
}

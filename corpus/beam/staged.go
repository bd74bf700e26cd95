package beam

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
)

// Text does not go through the runner, which would hold, sort and send all of it
// between any two steps: a step writes the documents of a unit to a file beside the
// output and sends the file's path. What is written depends on the input alone, so
// that a runner may do a piece of work twice; whoever reads a file has its path from
// a step that had ended.

// stagedFolder holds them until all is done.
const stagedFolder = "staged"

// stage writes packed documents of a unit, if there are any, to a file and sends its
// path.
func (s Settings) stage(ctx context.Context, kind string, unit int64, documents [][]byte, send func(int64, string)) error {
	if len(documents) == 0 {
		return nil
	}
	path := s.at(stagedFolder, kind+"-"+partName(unit)+".zst")
	err := writeFile(ctx, path, func(w io.Writer) error {
		for _, d := range documents {
			// The length goes in front.
			if _, err := w.Write(binary.AppendUvarint(nil, uint64(len(d)))); err != nil {
				return err
			}
			if _, err := w.Write(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		send(unit, path)
	}
	return err
}

// readStaged gives the documents of a unit, which has one path, in the order in which
// they were written.
func readStaged[T any](paths func(*string) bool, unpack func([]byte) (T, error)) ([]T, error) {
	all := slices.Collect(values(paths))
	if len(all) != 1 {
		return nil, fmt.Errorf("found %d files of a unit, expected one: %q", len(all), all)
	}
	b, err := readFile(all[0])
	if err != nil {
		return nil, err
	}
	documents, err := unpackList(b, unpack)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", all[0], err)
	}
	return documents, nil
}

func readFile(path string) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// unpackList unpacks values that have their length in front.
func unpackList[T any](b []byte, unpack func([]byte) (T, error)) ([]T, error) {
	var all []T
	u := unpacker{b: b}
	for len(u.b) > 0 {
		v, err := unpack(u.bytes())
		if err := errors.Join(u.err, err); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// eachIn does something with each value of batches.
func eachIn[T any](batches func(*[]byte) bool, unpack func([]byte) (T, error), do func(T)) error {
	for b := range values(batches) {
		all, err := unpackList(b, unpack)
		if err != nil {
			return err
		}
		for _, v := range all {
			do(v)
		}
	}
	return nil
}

// removeStaged removes what was between steps.
func (s Settings) removeStaged(ctx context.Context) error {
	scheme := schemeOf(s.Output)
	if scheme == "" {
		return os.RemoveAll(filepath.FromSlash(s.at(stagedFolder)))
	}
	files, err := list(s.at(stagedFolder, "*"))
	if err != nil {
		return err
	}
	client, err := remote(scheme).client()
	if err != nil {
		return err
	}
	remover, can := client.(filesystem.Remover)
	if !can {
		return fmt.Errorf("the file system %s cannot remove files", scheme)
	}
	for _, f := range files {
		if err := remover.Remove(ctx, f); err != nil {
			return fmt.Errorf("removing %s: %w", f, err)
		}
	}
	return nil
}

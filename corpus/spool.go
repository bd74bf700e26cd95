package corpus

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/klauspost/compress/zstd"
)

// A spool keeps values on disk, compressed, for a second pass. Its file has no
// name from the beginning, where the system allows that, so that nothing is left
// of it however the process ends.
type spool[T any] struct {
	file    *os.File
	named   bool
	buffer  *bufio.Writer
	encoder *zstd.Encoder
	values  *gob.Encoder
}

// newSpool makes a spool in a folder; "" means that of temporary files.
func newSpool[T any](folder string) (*spool[T], error) {
	f, err := os.CreateTemp(folder, "spool-*")
	if err != nil {
		return nil, fmt.Errorf("making room for a second pass: %w", err)
	}
	s := &spool[T]{file: f, named: os.Remove(f.Name()) != nil, buffer: bufio.NewWriterSize(f, 1<<18)}
	s.encoder, err = zstd.NewWriter(s.buffer, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.values = gob.NewEncoder(s.encoder)
	return s, nil
}

func (s *spool[T]) add(value T) error {
	if err := s.values.Encode(value); err != nil {
		return fmt.Errorf("keeping text for a second pass: %w", err)
	}
	return nil
}

// finish ends the writing.
func (s *spool[T]) finish() error {
	if err := errors.Join(s.encoder.Close(), s.buffer.Flush()); err != nil {
		return fmt.Errorf("keeping text for a second pass: %w", err)
	}
	return nil
}

// all gives the values back in their order. It can be asked several times, once
// at a time.
func (s *spool[T]) all() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		fail := func(err error) {
			var none T
			yield(none, fmt.Errorf("reading text for a second pass: %w", err))
		}
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			fail(err)
			return
		}
		decoder, err := zstd.NewReader(s.file, zstd.WithDecoderConcurrency(1))
		if err != nil {
			fail(err)
			return
		}
		defer decoder.Close()
		values := gob.NewDecoder(decoder)
		for {
			var value T
			switch err := values.Decode(&value); {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				fail(err)
				return
			}
			if !yield(value, nil) {
				return
			}
		}
	}
}

func (s *spool[T]) close() error {
	err := s.file.Close()
	if s.named {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}

package crawl

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// ref is a place in the segment.
type ref struct {
	Offset int64 `json:"o"`
	Length int64 `json:"n"`
}

// segment is the file to which exchanges are appended as they come in, already
// as the gzip members of WARC records that the archive is put together from.
//
// Bodies stand here and not in the embedded store because appending writes them
// once, where a B+tree writes its pages anew on every change, and because the
// archive then is made by copying ranges, with nothing compressed twice.
type segment struct {
	mu   sync.Mutex
	file *os.File
	end  int64
}

// errShortSegment marks a segment that lost bytes which the store refers to.
var errShortSegment = errors.New("stored pages are missing")

// openSegment opens the file and drops what stands behind end: bytes that a
// killed process appended without the store having heard of them.
func openSegment(path string, end int64) (*segment, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() < end {
		err = fmt.Errorf("%s: %w: %d bytes of %d", path, errShortSegment, info.Size(), end)
	}
	if err == nil {
		err = f.Truncate(end)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &segment{file: f, end: end}, nil
}

func (s *segment) append(data []byte) (ref, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.file.WriteAt(data, s.end); err != nil {
		return ref{}, fmt.Errorf("storing pages in %s: %w", s.file.Name(), err)
	}
	r := ref{s.end, int64(len(data))}
	s.end += r.Length
	return r, nil
}

// sync makes all that was appended durable and returns where it ends.
func (s *segment) sync() (int64, error) {
	s.mu.Lock()
	end := s.end
	s.mu.Unlock()
	return end, s.file.Sync()
}

func (s *segment) reader(r ref) io.Reader { return io.NewSectionReader(s.file, r.Offset, r.Length) }

func (s *segment) close() error { return s.file.Close() }

package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Limits of what a record may hold, against damaged and crafted archives.
const (
	MaxHead  = 1 << 20  // bytes of a record's named fields
	MaxBlock = 64 << 20 // bytes of a block, unless Reader.MaxBlock says otherwise
)

// ErrFormat is wrapped by every error about bytes that are not WARC.
var ErrFormat = errors.New("warc: not a WARC record")

// Reader reads the records of an archive, compressed or not, one after another.
// It reads WARC 1.0 too.
type Reader struct {
	// MaxBlock is the largest block that is read; 0 is the constant MaxBlock.
	MaxBlock int64

	in      *bufio.Reader
	records int
}

// NewReader reads from r, which may be gzip (by member or as one stream) or plain.
func NewReader(r io.Reader) (*Reader, error) {
	in := bufio.NewReader(r)
	magic, err := in.Peek(2)
	if err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("warc: %w", err)
		}
		in = bufio.NewReader(z)
	}
	return &Reader{in: in}, nil
}

// Next returns the next record, or io.EOF after the last one. After any other
// error the place in the archive is lost and reading cannot go on.
func (r *Reader) Next() (*Record, error) {
	rec, err := r.next()
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("warc: record %d: %w", r.records+1, err)
	}
	if err == nil {
		r.records++
	}
	return rec, err
}

func (r *Reader) next() (*Record, error) {
	budget := MaxHead
	version, err := r.line(&budget)
	// Some writers leave more line ends between records than the two required.
	for err == nil && version == "" {
		version, err = r.line(&budget)
	}
	if err != nil {
		if err == io.EOF && version != "" {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if !strings.HasPrefix(version, "WARC/") {
		return nil, fmt.Errorf("%w: found %.20q, expected a line like WARC/1.1", ErrFormat, version)
	}
	rec := &Record{Version: version}
	length, err := r.fields(rec, &budget)
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	limit := r.MaxBlock
	if limit <= 0 {
		limit = MaxBlock
	}
	if length > limit {
		return nil, fmt.Errorf("a block of %d bytes exceeds the limit of %d", length, limit)
	}
	// Grown as bytes arrive: the length is a claim of the archive.
	var block bytes.Buffer
	if n, err := io.CopyN(&block, r.in, length); err != nil {
		return nil, fmt.Errorf("the block ends after %d of %d bytes: %w", n, length, io.ErrUnexpectedEOF)
	}
	rec.Block = block.Bytes()
	for range 2 {
		if end, err := r.line(&budget); err != nil || end != "" {
			return nil, fmt.Errorf("%w: found %.20q after the block, expected two line ends", ErrFormat, end)
		}
	}
	return rec, nil
}

// fields reads the named fields up to the empty line, and takes Content-Length
// out of them.
func (r *Reader) fields(rec *Record, budget *int) (length int64, err error) {
	length = -1
	for {
		line, err := r.line(budget)
		if err != nil {
			return 0, err
		}
		if line == "" {
			break
		}
		if (line[0] == ' ' || line[0] == '\t') && len(rec.Fields) > 0 {
			last := &rec.Fields[len(rec.Fields)-1]
			last.Value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			return 0, fmt.Errorf("%w: found %.40q, expected a line like Name: value", ErrFormat, line)
		}
		value = strings.TrimSpace(value)
		if !strings.EqualFold(name, "Content-Length") {
			rec.Fields = append(rec.Fields, Field{name, value})
			continue
		}
		if length, err = strconv.ParseInt(value, 10, 64); err != nil || length < 0 {
			return 0, fmt.Errorf("%w: Content-Length %.40q is not a number of bytes", ErrFormat, value)
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("%w: no Content-Length", ErrFormat)
	}
	return length, nil
}

// line reads one line without its end, counting it against budget. io.EOF comes
// with whatever stood after the last line end.
func (r *Reader) line(budget *int) (string, error) {
	var line []byte
	for {
		part, err := r.in.ReadSlice('\n')
		if *budget -= len(part); *budget < 0 {
			return "", fmt.Errorf("%w: more than %d bytes of named fields", ErrFormat, MaxHead)
		}
		line = append(line, part...)
		if err == bufio.ErrBufferFull {
			continue
		}
		return strings.TrimRight(string(line), "\r\n"), err
	}
}

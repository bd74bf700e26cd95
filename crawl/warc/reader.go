package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits of what a record may hold, against damaged and crafted archives.
const (
	MaxHead  = 1 << 20  // bytes of a record's named fields
	MaxBlock = 64 << 20 // bytes of a block, unless Reader.MaxBlock says otherwise
)

// ErrFormat is wrapped by every error about bytes that are not WARC.
var ErrFormat = errors.New("warc: not a WARC record")

// ErrTooLarge is wrapped by the error about a block beyond [Reader.MaxBlock].
var ErrTooLarge = errors.New("larger than the limit")

// Reader reads the records of an archive, compressed or not, one after another.
// It reads WARC 1.0 too.
type Reader struct {
	// MaxBlock is the largest block that is read; 0 is the constant MaxBlock.
	MaxBlock int64

	in      *bufio.Reader // the text
	count   *counter      // of the file where it is not compressed
	zip     *members      // of a compressed file
	records int
	at      Place
	rest    int64 // bytes of a block that Next left unread
}

const versionPrefix = "WARC/"

// NewReader reads from r, which may be gzip (by member or as one stream) or plain.
func NewReader(r io.Reader) (*Reader, error) {
	count := &counter{r: r}
	in := bufio.NewReader(count)
	head, err := in.Peek(2)
	if err != nil || head[0] != magic[0] || head[1] != magic[1] {
		return &Reader{in: in, count: count}, nil
	}
	zip := &members{in: in, count: count}
	if err := zip.begin(); err != nil {
		return nil, fmt.Errorf("warc: %w", truncated(err))
	}
	return &Reader{in: bufio.NewReader(zip), zip: zip}, nil
}

// Next returns the next record, or io.EOF after the last one. After any other
// error reading goes on with [Reader.Resume] alone.
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
	r.rest = 0
	r.place()
	version, err := r.line(&budget)
	// Some writers leave more line ends between records than the two required.
	for err == nil && version == "" {
		r.place()
		version, err = r.line(&budget)
	}
	if err != nil {
		if err == io.EOF && version != "" {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if !strings.HasPrefix(version, versionPrefix) {
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
		r.rest = length
		return nil, fmt.Errorf("%w: a block of %d bytes exceeds the limit of %d", ErrTooLarge, length, limit)
	}
	// Grown as bytes arrive: the length is a claim of the archive.
	var block bytes.Buffer
	if n, err := io.CopyN(&block, r.in, length); err != nil {
		return nil, fmt.Errorf("the block ends after %d of %d bytes: %w", n, length, truncated(err))
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

// Package compressed reads and writes files that are packed as their extension
// says: .gz or .zst.
package compressed

import (
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A Kind is how the bytes of a file are packed.
type Kind int

// The kinds.
const (
	None Kind = iota
	Gzip
	Zstandard
)

// mostWindow is the memory that a compressed file may ask for, that of the zstd
// program's --long.
const mostWindow = 128 << 20

// Extension is ".gz", ".zst" or "".
func (k Kind) Extension() string { return [...]string{"", ".gz", ".zst"}[k] }

// Cut takes the extension of a compression off a path, in small letters or
// capital ones.
func Cut(path string) (string, Kind) {
	for _, k := range []Kind{Gzip, Zstandard} {
		if n := len(path) - len(k.Extension()); n > 0 && strings.EqualFold(path[n:], k.Extension()) {
			return path[:n], k
		}
	}
	return path, None
}

// Reader unpacks.
func (k Kind) Reader(r io.Reader) (io.ReadCloser, error) {
	switch k {
	case Gzip:
		return gzip.NewReader(r)
	case Zstandard:
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(mostWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}

// Write packs what f writes; the same bytes in give the same bytes out.
func (k Kind) Write(w io.Writer, f func(io.Writer) error) error {
	var packed io.WriteCloser
	switch k {
	case Gzip:
		packed = gzip.NewWriter(w)
	case Zstandard:
		e, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return err
		}
		packed = e
	default:
		return f(w)
	}
	if err := f(packed); err != nil {
		return err
	}
	return packed.Close()
}

// Limits of what a file may unpack to: text is packed to a tenth, seldom to a
// hundredth, of its size. What goes beyond was made to fill memory or disk.
const (
	FreeBytes = 64 << 20 // of these nothing is asked
	MostRatio = 400      // of the bytes behind them, to those that were read
)

// TextReader is Reader for text, which refuses a file that unpacks to far more
// than text does.
func (k Kind) TextReader(r io.Reader) (io.ReadCloser, error) {
	if k == None {
		return io.NopCloser(r), nil
	}
	packed := &counter{r: r}
	unpacked, err := k.Reader(packed)
	if err != nil {
		return nil, err
	}
	return &limited{ReadCloser: unpacked, packed: packed}, nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

type limited struct {
	io.ReadCloser
	packed *counter
	n      int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	l.n += int64(n)
	if l.n > FreeBytes && l.n-FreeBytes > MostRatio*l.packed.n {
		return 0, fmt.Errorf("found %d bytes that unpack to more than %d MiB, expected text, which is packed to a hundredth at most", l.packed.n, l.n>>20)
	}
	return n, err
}

package embed

import (
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A compression is how the bytes of a file are packed.
type compression int

const (
	uncompressed compression = iota
	gzipped
	zstandard
)

// mostWindow is the memory that a compressed file may ask for, that of the zstd
// program's --long.
const mostWindow = 128 << 20

func (c compression) extension() string { return [...]string{"", ".gz", ".zst"}[c] }

// cutCompression takes the extension of a compression off a path.
func cutCompression(path string) (string, compression) {
	for _, c := range []compression{gzipped, zstandard} {
		if n := len(path) - len(c.extension()); n > 0 && strings.EqualFold(path[n:], c.extension()) {
			return path[:n], c
		}
	}
	return path, uncompressed
}

// reader unpacks.
func (c compression) reader(r io.Reader) (io.ReadCloser, error) {
	switch c {
	case gzipped:
		return gzip.NewReader(r)
	case zstandard:
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(mostWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}

// write packs what f writes; the same bytes in give the same bytes out.
func (c compression) write(w io.Writer, f func(io.Writer) error) error {
	var packed io.WriteCloser
	switch c {
	case gzipped:
		packed = gzip.NewWriter(w)
	case zstandard:
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

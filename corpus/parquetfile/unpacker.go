package parquetfile

import (
	"bytes"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// mostWindow is the memory that a page may ask for that is smaller, as files packed
// by zstd may.
const mostWindow = 128 << 20

// An unpacker unpacks the pages of a column.
type unpacker struct {
	codec  format.CompressionCodec
	zstd   *zstd.Decoder
	window uint64 // that zstd may use
}

// reader unpacks a page that should have so many bytes, at most mostGroup. Formats
// that cannot be read as a stream are refused where they have more; of the others it
// may give more.
func (u *unpacker) reader(packed io.Reader, size int64) (io.Reader, error) {
	switch u.codec {
	case format.Uncompressed:
		return packed, nil
	case format.Gzip:
		return gzip.NewReader(packed)
	case format.Brotli:
		return brotli.NewReader(packed), nil
	case format.Zstd:
		window := max(mostWindow, uint64(size))
		if u.zstd != nil && window == u.window {
			return u.zstd, u.zstd.Reset(packed)
		}
		u.close()
		var err error
		u.window = window
		u.zstd, err = zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window))
		return u.zstd, err
	case format.Snappy, format.Lz4Raw:
		b, err := io.ReadAll(packed)
		if err != nil {
			return nil, err
		}
		if u.codec == format.Snappy {
			n, err := snappy.DecodedLen(b)
			if err == nil && int64(n) > size {
				err = fmt.Errorf("%d bytes, where it says that it unpacks to %d", n, size)
			}
			if err != nil {
				return nil, err
			}
			b, err = snappy.Decode(nil, b)
			return bytes.NewReader(b), err
		}
		if size > 256*int64(len(b)) {
			return nil, fmt.Errorf("%d bytes, which can never unpack to %d", len(b), size)
		}
		// The library doubles its room for as long as this fails.
		to := make([]byte, size+1)
		n, err := lz4.UncompressBlock(b, to)
		if err != nil {
			return nil, fmt.Errorf("%w, where it says that it unpacks to %d bytes", err, size)
		}
		return bytes.NewReader(to[:n]), nil
	}
	return nil, fmt.Errorf("the compression %s; ZSTD, SNAPPY, GZIP, BROTLI and LZ4_RAW are read", u.codec)
}

func (u *unpacker) close() {
	if u.zstd != nil {
		u.zstd.Close()
	}
}

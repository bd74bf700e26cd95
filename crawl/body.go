package crawl

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// readBody reads at most limit bytes; one more is errTooLarge.
func readBody(r io.Reader, length, limit int64) ([]byte, error) {
	if length > limit {
		return nil, fmt.Errorf("%w: announced %d bytes, limit %d", errTooLarge, length, limit)
	}
	var b bytes.Buffer
	if length > 0 {
		// The announcement is within the limit, but still only a claim.
		b.Grow(int(min(length, 64<<10)) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	if n > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", errTooLarge, limit)
	}
	return b.Bytes(), err
}

// decodeBody undoes the content encodings of a body, each within limit bytes.
func decodeBody(header http.Header, body []byte, limit int64) ([]byte, error) {
	encodings := strings.Split(strings.ToLower(strings.Join(header.Values("Content-Encoding"), ",")), ",")
	if len(encodings) > 2 {
		return nil, fmt.Errorf("%w: %d layers", errEncoding, len(encodings))
	}
	for i := len(encodings) - 1; i >= 0; i-- {
		if len(body) == 0 {
			return body, nil
		}
		var r io.Reader
		var err error
		switch name := strings.TrimSpace(encodings[i]); name {
		case "", "identity":
			continue
		case "gzip", "x-gzip":
			r, err = gzip.NewReader(bytes.NewReader(body))
		case "deflate":
			// Half the servers send the zlib format that the standard asks for,
			// the others bare deflate; the first byte tells.
			in := bufio.NewReader(bytes.NewReader(body))
			if first, _ := in.Peek(1); first[0]&0x0f == 8 {
				r, err = zlib.NewReader(in)
			} else {
				r = flate.NewReader(in)
			}
		case "br":
			// Not asked for, like the next: browsers do, whose archives are read too.
			r = brotli.NewReader(bytes.NewReader(body))
		case "zstd":
			var z *zstd.Decoder
			z, err = zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
			if err == nil {
				defer z.Close()
				r = z
			}
		default:
			return nil, fmt.Errorf("%w: %.20q is unknown", errEncoding, name)
		}
		if err == nil {
			body, err = readBody(r, 0, limit)
		}
		if err != nil && !errors.Is(err, errTooLarge) {
			err = fmt.Errorf("%w: %v", errEncoding, err)
		}
		if err != nil {
			return nil, err
		}
	}
	return body, nil
}

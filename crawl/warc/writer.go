package warc

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// compressors are reused: one holds some 800 KB of tables, many times the size
// of the records it compresses.
var compressors = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.DefaultCompression)
	return z
}}

// WriteMember writes the record as one gzip member. The bytes depend on the
// record alone: the member has no name and no time.
func WriteMember(w io.Writer, r *Record) error {
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(w)
	if _, err := r.WriteTo(z); err != nil {
		return err
	}
	return z.Close()
}

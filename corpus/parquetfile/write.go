package parquetfile

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/parquet-go/parquet-go"

	"wakong/corpus"
)

// groupBytes is the text after which a row group is written out: what waits in
// memory, and what a reader must hold at once.
const groupBytes = 32 << 20

// WriteDocuments writes documents and returns how many.
func WriteDocuments(w io.Writer, documents iter.Seq2[corpus.Document, error]) (int, error) {
	return write(w, documents, documentRow)
}

// WriteSamples writes questions and returns how many.
func WriteSamples(w io.Writer, samples iter.Seq2[corpus.Sample, error]) (int, error) {
	return write(w, samples, questionRow)
}

func write[T, Row any](w io.Writer, items iter.Seq2[T, error], row func(T) (Row, int)) (int, error) {
	// The file names who made it; a version there would change the bytes of the same
	// rows from release to release.
	out := parquet.NewGenericWriter[Row](w, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("wakong", "1", "0"))
	n, waiting := 0, 0
	for item, err := range items {
		if err != nil {
			return n, err
		}
		r, size := row(item)
		if _, err := out.Write([]Row{r}); err != nil {
			return n, fmt.Errorf("writing row %d: %w", n+1, err)
		}
		n++
		if waiting += size; waiting >= groupBytes {
			if err := out.Flush(); err != nil {
				return n, fmt.Errorf("writing row %d: %w", n, err)
			}
			waiting = 0
		}
	}
	if err := out.Close(); err != nil {
		return n, fmt.Errorf("writing %d rows: %w", n, err)
	}
	return n, nil
}

func spaced(words []string) string { return strings.Join(words, " ") }

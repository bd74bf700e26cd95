package parquetfile

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"slices"
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

// WriteSamples writes questions and returns how many. What could not be read back is
// a *corpus.InputError: an id that comes twice or is longer than corpus.MaxID, a
// question without passage or query. Ids may be missing.
func WriteSamples(w io.Writer, samples iter.Seq2[corpus.Sample, error]) (int, error) {
	return write(w, readable(samples), questionRow)
}

// readable ends with an error where a question could not be read back.
func readable(samples iter.Seq2[corpus.Sample, error]) iter.Seq2[corpus.Sample, error] {
	return func(yield func(corpus.Sample, error) bool) {
		seen := map[string]bool{}
		for s, err := range samples {
			found, want := "", ""
			switch {
			case err != nil:
			case s.ID != "" && seen[s.ID]:
				found, want = fmt.Sprintf("the id %q twice", s.ID), "an id that occurs once"
			case len(s.ID) > corpus.MaxID:
				found, want = fmt.Sprintf("an id of %d bytes", len(s.ID)), fmt.Sprintf("an id of at most %d bytes", corpus.MaxID)
			case len(s.Sentences) == 0 || s.Query == "":
				found, want = "a question without passage or query", "both"
			}
			if found != "" {
				err = &corpus.InputError{File: s.File, Line: s.Line, Found: found, Want: want}
			}
			seen[s.ID] = true
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func write[T, Row any](w io.Writer, items iter.Seq2[T, error], row func(T) (Row, int)) (int, error) {
	// The file names who made it; a version there would change the bytes of the same
	// rows from release to release.
	end := &ending{to: w}
	out := parquet.NewGenericWriter[Row](end, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("wakong", "1", "0"),
		// A page's header would hold its smallest and its largest text, whole.
		parquet.DataPageStatistics(false))
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
	return n, end.check()
}

// An ending keeps the last bytes of a file, which tell how long its footer is.
type ending struct {
	to   io.Writer
	last []byte
}

func (e *ending) Write(b []byte) (int, error) {
	n, err := e.to.Write(b)
	e.last = append(e.last, b[max(0, n-endLength):n]...)
	e.last = slices.Clone(e.last[max(0, len(e.last)-endLength):])
	return n, err
}

// check refuses a footer that this package would not read: it holds the smallest and
// the largest text of each row group, whole.
func (e *ending) check() error {
	if length := binary.LittleEndian.Uint32(e.last); length > mostFooter {
		return fmt.Errorf("found texts so long that the footer, which holds two of each row group, has %d MiB, expected at most %d; write JSON Lines, or cut the documents", length>>20, mostFooter>>20)
	}
	return nil
}

func spaced(words []string) string { return strings.Join(words, " ") }

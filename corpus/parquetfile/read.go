package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/parquet-go/parquet-go"

	"wakong/corpus"
)

// mostGroup is the size of a row group, unpacked, beyond which a file is refused.
const mostGroup = 1 << 30

// ReadDocuments iterates over the documents of a file of size bytes. Faults are
// *corpus.InputErrors, their line is the number of the row.
func ReadDocuments(r io.ReaderAt, size int64, name string) iter.Seq2[corpus.Document, error] {
	return read(r, size, name, func(d document, row int) (corpus.Document, string) {
		out := corpus.Document{ID: d.ID, Title: d.Title, Source: d.Source, URL: d.URL, Text: d.Text, File: name, Line: row}
		for _, s := range d.Sentences {
			out.Sentences = append(out.Sentences, strings.Fields(s))
		}
		switch {
		case d.ID == "":
			return out, "a document without id"
		case strings.TrimSpace(d.Text) == "" && len(d.Sentences) == 0:
			return out, "a document without text"
		}
		return out, ""
	})
}

// ReadSamples iterates over the questions of a file. Faults are those of
// ReadDocuments.
func ReadSamples(r io.ReaderAt, size int64, name string) iter.Seq2[corpus.Sample, error] {
	return read(r, size, name, func(q question, row int) (corpus.Sample, string) {
		out := corpus.Sample{ID: q.ID, Sentences: q.Sentences, Query: q.Query, Answer: q.Answer, File: name, Line: row}
		if len(q.Sentences) == 0 || q.Query == "" {
			return out, "a question without passage or query"
		}
		return out, ""
	})
}

// HoldsQuestions tells whether a file has the columns of questions.
func HoldsQuestions(r io.ReaderAt, size int64, name string) (found bool, err error) {
	defer recovered(name, 0, &err)
	f, err := open(r, size, name)
	if err != nil {
		return false, err
	}
	_, found = f.Schema().Lookup("query")
	return found, nil
}

func read[Row, T any](r io.ReaderAt, size int64, name string, take func(Row, int) (T, string)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		row := 0
		next, done, err := rows[Row](r, size, name)
		if err != nil {
			yield(none, err)
			return
		}
		defer done()
		for {
			one, err := next(row + 1)
			if errors.Is(err, io.EOF) {
				return
			}
			row++
			if err != nil {
				yield(none, err)
				return
			}
			item, found := take(one, row)
			if found != "" {
				err = &corpus.InputError{File: name, Line: row, Found: found}
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// mostRow is the size of a row beyond which a file is refused: a text of
// corpus.MaxText bytes beside its words, and what their strings take. Where a
// dictionary is repeated, it can be far more than the pages' sizes.
const (
	mostRow    = 1 << 30
	valueBytes = 64
)

// rows gives the rows one after another. The library panics on some damaged files:
// that is an error as any other.
func rows[Row any](r io.ReaderAt, size int64, name string) (next func(int) (Row, error), done func(), err error) {
	defer recovered(name, 0, &err)
	f, err := open(r, size, name)
	if err != nil {
		return nil, nil, err
	}
	var columns []parquet.LeafColumn
	for _, path := range parquet.SchemaOf(new(Row)).Columns() {
		column, ok := f.Schema().Lookup(path...)
		if !ok {
			return nil, nil, &corpus.InputError{File: name, Found: "no column " + strings.Join(path, "."), Want: "the columns that convert writes"}
		}
		columns = append(columns, column)
	}
	group := 0
	var in *parquet.GenericReader[Row] // of the row group before, nil between two
	done = func() {
		if in != nil {
			in.Close()
			in = nil
		}
	}
	var buffer [1]parquet.Row
	next = func(row int) (one Row, err error) {
		defer recovered(name, row, &err)
		for {
			if in == nil {
				if group == len(f.RowGroups()) {
					return one, io.EOF
				}
				if found := checkGroup(r, size, &f.Metadata().RowGroups[group], columns); found != "" {
					return one, &corpus.InputError{File: name, Line: row, Found: fmt.Sprintf("row group %d with %s", group, found), Want: fmt.Sprintf("row groups of at most %d MiB, of pages that hold what they say", mostGroup>>20)}
				}
				in = parquet.NewGenericRowGroupReader[Row](f.RowGroups()[group])
				group++
			}
			buffer[0] = buffer[0][:0]
			n, err := in.ReadRows(buffer[:])
			switch {
			case n == 1:
				total := 0
				for _, v := range buffer[0] {
					if total += valueBytes; v.Kind() == parquet.ByteArray {
						total += len(v.ByteArray())
					}
				}
				if total > mostRow {
					return one, &corpus.InputError{File: name, Line: row, Found: fmt.Sprintf("a row of %d values and more than %d MiB", len(buffer[0]), mostRow>>20), Want: "a document or question"}
				}
				err = in.Schema().Reconstruct(&one, buffer[0])
				if err != nil {
					err = &corpus.InputError{File: name, Line: row, Err: err}
				}
				return one, err
			case err == nil || errors.Is(err, io.EOF):
				done()
			default:
				return one, &corpus.InputError{File: name, Line: row, Err: err}
			}
		}
	}
	return next, done, nil
}

func open(r io.ReaderAt, size int64, name string) (*parquet.File, error) {
	if err := checkFooter(r, size, name); err != nil {
		return nil, err
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, &corpus.InputError{File: name, Found: "what is no Parquet file", Err: err}
	}
	for i, group := range f.Metadata().RowGroups {
		if group.TotalByteSize > mostGroup {
			return nil, &corpus.InputError{File: name, Found: fmt.Sprintf("row group %d of %d bytes", i, group.TotalByteSize), Want: fmt.Sprintf("row groups of at most %d MiB", mostGroup>>20)}
		}
	}
	return f, nil
}

// mostFooter bounds the description of the columns and row groups.
const mostFooter = 64 << 20

// endLength is the length of what stands behind the footer: its own, and a mark.
const endLength = 8

// checkFooter looks at the length that the file claims for its footer, for which the
// library makes room before it reads: it stands in front of the last four bytes.
func checkFooter(r io.ReaderAt, size int64, name string) error {
	var end [endLength]byte
	if size < int64(len(end)) {
		return &corpus.InputError{File: name, Found: fmt.Sprintf("%d bytes, which are no Parquet file", size)}
	}
	if _, err := r.ReadAt(end[:], size-int64(len(end))); err != nil {
		return &corpus.InputError{File: name, Err: err}
	}
	length := int64(binary.LittleEndian.Uint32(end[:]))
	if length > size-int64(len(end)) || length > mostFooter {
		return &corpus.InputError{File: name, Found: fmt.Sprintf("a footer of %d bytes at the end of a file of %d", length, size), Want: fmt.Sprintf("a Parquet file with a footer of at most %d MiB", mostFooter>>20)}
	}
	return nil
}

func recovered(name string, row int, err *error) {
	if p := recover(); p != nil {
		*err = &corpus.InputError{File: name, Line: row, Err: fmt.Errorf("damaged Parquet: %v", p)}
	}
}

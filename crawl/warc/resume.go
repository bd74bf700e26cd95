package warc

import (
	"bufio"
	"errors"
	"io"
)

// Place is where a record begins.
type Place struct {
	// Offset in the file: of the record itself, or of the gzip member that holds it.
	Offset int64
	// Within is the record's offset in the text of that member; 0 where each
	// record is a member of its own.
	Within int64
}

// Place is where the record begins that Next returned last, or failed to read.
func (r *Reader) Place() Place { return r.at }

// place notes where the next record begins.
func (r *Reader) place() {
	_, _ = r.in.Peek(1) // into the next member, where one has ended
	rest := int64(r.in.Buffered())
	if r.zip == nil {
		r.at = Place{Offset: r.count.n - rest}
		return
	}
	r.at = Place{Offset: r.zip.start, Within: max(0, r.zip.out-rest)}
}

// Resume goes on after a record that Next could not read, at the next line that
// begins like a record; io.EOF means that there is none. Where a gzip member is
// damaged, the rest of it is lost.
func (r *Reader) Resume() error {
	err := r.skip()
	for err != nil && err != io.EOF && r.zip != nil {
		if err = r.zip.resync(); err == nil {
			r.in.Reset(r.zip)
			err = r.skip()
		}
	}
	return err
}

// skip passes over what is left of a block, and lines that begin no record.
func (r *Reader) skip() error {
	rest := r.rest
	r.rest = 0
	if _, err := io.CopyN(io.Discard, r.in, rest); err != nil {
		return err
	}
	for atStart := true; ; {
		if atStart {
			head, err := r.in.Peek(len(versionPrefix))
			if string(head) == versionPrefix || err != nil && len(head) == 0 {
				return err
			}
		}
		_, err := r.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		atStart = err == nil
	}
}

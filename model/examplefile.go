package model

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"

	"wakong/corpus"
)

// The example file, all numbers little-endian:
//
//	magic      8 bytes  "WKEXAMPL"
//	version    uint32   1
//	words      uint32   length of the vocabulary that the ids belong to
//	batch      uint32   examples in a batch
//	then for each example:
//	  marker   uint32   1
//	  id       uint32 length, bytes (UTF-8)
//	  answer   int32
//	  left     uint32 length, int32 ids
//	  right    uint32 length, int32 ids
//	  unknown  uint32 count, each uint32 length and bytes (UTF-8)
//	at the end:
//	  marker   uint32   0
//	  count    uint64   examples
//	  checksum 32 bytes SHA-256 of all bytes before it
const (
	exampleMagic   = "WKEXAMPL"
	exampleVersion = 1

	maxContext = corpus.MaxPassage // words of a context
	maxUnknown = 2 * maxContext
	maxText    = 1 << 16 // bytes of an id or of an unknown word
	maxWords   = 1 << 30 // of the vocabulary
	maxBatch   = 1 << 20 // examples in a batch
)

// ExampleHeader is what an example file says of all its examples.
type ExampleHeader struct {
	Vocabulary int // length of the vocabulary that the ids belong to
	Batch      int // examples in a batch
}

// WriteExamples writes examples in the documented binary form and returns how
// many there were. What ReadExamples would refuse is an error.
func WriteExamples(w io.Writer, h ExampleHeader, examples iter.Seq2[Example, error]) (count int, err error) {
	if !h.possible() {
		return 0, fmt.Errorf("model: an example file needs a vocabulary of 1 to %d words and a batch size of 1 to %d, got %d and %d", maxWords, maxBatch, h.Vocabulary, h.Batch)
	}
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16)
	buf := append([]byte(nil), exampleMagic...)
	buf = append32(buf, exampleVersion, uint32(h.Vocabulary), uint32(h.Batch))
	for e, err := range examples {
		if err != nil {
			return count, err
		}
		if err := e.writable(h); err != nil {
			return count, fmt.Errorf("model: example %.100q cannot be written: %w", e.ID, err)
		}
		buf = append32(buf, 1)
		buf = appendText(buf, e.ID)
		buf = append32(buf, uint32(e.Answer))
		for _, side := range [][]int32{e.Left, e.Right} {
			buf = append32(buf, uint32(len(side)))
			for _, id := range side {
				buf = append32(buf, uint32(id))
			}
		}
		buf = append32(buf, uint32(len(e.Unknown)))
		for _, w := range e.Unknown {
			buf = appendText(buf, w)
		}
		if _, err := out.Write(buf); err != nil {
			return count, fmt.Errorf("model: writing examples: %w", err)
		}
		buf = buf[:0]
		count++
	}
	buf = append32(buf, 0)
	buf = binary.LittleEndian.AppendUint64(buf, uint64(count))
	if _, err := out.Write(buf); err != nil {
		return count, fmt.Errorf("model: writing examples: %w", err)
	}
	if err := out.Flush(); err != nil {
		return count, fmt.Errorf("model: writing examples: %w", err)
	}
	if _, err := w.Write(sum.Sum(nil)); err != nil {
		return count, fmt.Errorf("model: writing examples: %w", err)
	}
	return count, nil
}

func append32(b []byte, values ...uint32) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(append32(b, uint32(len(s))), s...)
}

// exampleReader reads the parts of an example file.
type exampleReader struct {
	name string
	r    *bufio.Reader
	sum  hash.Hash
	at   int64
	err  error
}

func (r *exampleReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: byte %d: %s; run `pipeline build` again", r.name, r.at, fmt.Sprintf(format, args...))
	}
}

func (r *exampleReader) bytes(b []byte) {
	if r.err != nil {
		return
	}
	n, err := io.ReadFull(r.r, b)
	r.sum.Write(b[:n])
	r.at += int64(n)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			r.fail("the file of examples is cut off")
		} else {
			r.err = fmt.Errorf("%s: %w", r.name, err)
		}
	}
}

func (r *exampleReader) u32() uint32 {
	var b [4]byte
	r.bytes(b[:])
	return binary.LittleEndian.Uint32(b[:])
}

func (r *exampleReader) text() string {
	n := r.u32()
	if n > maxText {
		r.fail("found a text of %d bytes, expected at most %d", n, maxText)
		return ""
	}
	b := make([]byte, n)
	r.bytes(b)
	return string(b)
}

// ids reads a context. Memory grows with what is really there, whatever the
// length claims.
func (r *exampleReader) ids() []int32 {
	n := r.u32()
	if n > maxContext {
		r.fail("found a context of %d words, expected at most %d", n, maxContext)
		return nil
	}
	var all []int32
	var b [4096]byte
	for left := int(n); left > 0 && r.err == nil; {
		k := min(left, len(b)/4)
		r.bytes(b[:4*k])
		for i := range k {
			all = append(all, int32(binary.LittleEndian.Uint32(b[4*i:])))
		}
		left -= k
	}
	return all
}

// ReadExamples reads a file of examples as WriteExamples makes it; name is for
// errors. Cut off, altered and foreign files are errors, and so are ids that
// no word has.
func ReadExamples(in io.Reader, name string) (ExampleHeader, []Example, error) {
	r := &exampleReader{name: name, r: bufio.NewReaderSize(in, 1<<16), sum: sha256.New()}
	magic := make([]byte, len(exampleMagic))
	r.bytes(magic)
	if r.err == nil && string(magic) != exampleMagic {
		return ExampleHeader{}, nil, fmt.Errorf("%s: found %q at the start, expected a file of examples (%q)", name, magic, exampleMagic)
	}
	if v := r.u32(); r.err == nil && v != exampleVersion {
		return ExampleHeader{}, nil, fmt.Errorf("%s: file of examples of version %d, expected %d; run `pipeline build` again", name, v, exampleVersion)
	}
	h := ExampleHeader{Vocabulary: int(r.u32()), Batch: int(r.u32())}
	if r.err == nil && !h.possible() {
		r.fail("found a vocabulary of %d and batches of %d", h.Vocabulary, h.Batch)
	}
	var all []Example
	for r.err == nil {
		marker := r.u32()
		if r.err != nil || marker == 0 {
			break
		}
		if marker != 1 {
			r.fail("found marker %d, expected 0 or 1", marker)
			break
		}
		all = append(all, r.example(h))
	}
	var count [8]byte
	r.bytes(count[:])
	want := r.sum.Sum(nil)
	var got [sha256.Size]byte
	r.bytes(got[:])
	if r.err != nil {
		return h, nil, r.err
	}
	if n := binary.LittleEndian.Uint64(count[:]); n != uint64(len(all)) || !bytes.Equal(want, got[:]) {
		r.fail("the checksum does not match: the file was altered")
		return h, nil, r.err
	}
	return h, all, nil
}

func (r *exampleReader) example(h ExampleHeader) Example {
	e := Example{ID: r.text(), Answer: int32(r.u32()), Left: r.ids(), Right: r.ids()}
	n := r.u32()
	if n > maxUnknown {
		r.fail("found %d unknown words, expected at most %d", n, maxUnknown)
	}
	for i := uint32(0); i < n && r.err == nil; i++ {
		e.Unknown = append(e.Unknown, r.text())
	}
	if r.err == nil {
		if err := e.check(h); err != nil {
			r.fail("%v", err)
		}
	}
	return e
}

// possible tells whether the header's numbers are within the limits.
func (h ExampleHeader) possible() bool {
	return h.Vocabulary >= 1 && h.Vocabulary <= maxWords && h.Batch >= 1 && h.Batch <= maxBatch
}

// check finds ids that no word has, and an example without words.
func (e Example) check(h ExampleHeader) error {
	limit := int32(h.Vocabulary + len(e.Unknown))
	for _, side := range [][]int32{e.Left, e.Right} {
		for _, id := range side {
			if id < 1 || id >= limit {
				return fmt.Errorf("found word id %d, expected 1 to %d", id, limit-1)
			}
		}
	}
	if e.Answer < 0 || e.Answer >= limit {
		return fmt.Errorf("found answer id %d, expected 0 to %d", e.Answer, limit-1)
	}
	if e.Words() == 0 {
		return errors.New("found an example without words")
	}
	return nil
}

// writable is check with the limits that the reader holds lengths to.
func (e Example) writable(h ExampleHeader) error {
	if n := max(len(e.Left), len(e.Right)); n > maxContext {
		return fmt.Errorf("found a context of %d words, expected at most %d", n, maxContext)
	}
	if n := len(e.Unknown); n > maxUnknown {
		return fmt.Errorf("found %d unknown words, expected at most %d", n, maxUnknown)
	}
	if n := len(e.ID); n > maxText {
		return fmt.Errorf("found an id of %d bytes, expected at most %d", n, maxText)
	}
	for _, w := range e.Unknown {
		if n := len(w); n > maxText {
			return fmt.Errorf("found an unknown word of %d bytes, expected at most %d", n, maxText)
		}
	}
	return e.check(h)
}

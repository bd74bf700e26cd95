package embed

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"wakong/vocab"
)

// countRuns are counts that went to a temporary file: runs of words in the
// order of their bytes, each as its length, its bytes and its count.
type countRuns struct {
	file *os.File
	ends []int64 // of the runs
}

func (r *countRuns) empty() bool { return len(r.ends) == 0 }

// add moves the counts to a new run.
func (r *countRuns) add(c *vocab.Counter) error {
	if r.file == nil {
		f, err := os.CreateTemp("", "word-counts-*")
		if err != nil {
			return err
		}
		r.file = f
		os.Remove(f.Name()) // where the system allows it, a kill leaves nothing
	}
	w := bufio.NewWriterSize(r.file, 1<<16)
	var number []byte
	for word, count := range c.Drain() {
		w.Write(binary.AppendUvarint(number[:0], uint64(len(word))))
		w.WriteString(word)
		w.Write(binary.AppendUvarint(number[:0], uint64(count)))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	end, err := r.file.Seek(0, io.SeekCurrent)
	r.ends = append(r.ends, end)
	return err
}

func (r *countRuns) remove() {
	if r.file != nil {
		r.file.Close()
		os.Remove(r.file.Name())
	}
}

// merge gives the counter all words with their counts in all runs and in the
// counter itself, but those seen less than minCount times.
func (r *countRuns) merge(ctx context.Context, c *vocab.Counter, minCount int64) error {
	if err := r.add(c); err != nil {
		return err
	}
	var heads countHeads
	start := int64(0)
	for _, end := range r.ends {
		h := &countHead{in: bufio.NewReaderSize(io.NewSectionReader(r.file, start, end-start), 1<<15)}
		start = end
		if err := heads.next(h); err != nil {
			return err
		}
	}
	for n := 0; len(heads) > 0; n++ {
		if err := ctx.Err(); n%(1<<16) == 0 && err != nil {
			return err
		}
		word, count := heads[0].word, int64(0)
		for len(heads) > 0 && heads[0].word == word {
			h := heads.pop()
			count += h.count
			if err := heads.next(h); err != nil {
				return err
			}
		}
		if count >= minCount {
			c.AddN(word, count)
		}
	}
	return nil
}

// A countHead is the next word of a run.
type countHead struct {
	in    *bufio.Reader
	word  string
	count int64
}

func (h *countHead) read() error {
	length, err := binary.ReadUvarint(h.in)
	if err != nil {
		return err // io.EOF at the end
	}
	word := make([]byte, length)
	if _, err := io.ReadFull(h.in, word); err != nil {
		return errors.Join(errCutOff, err)
	}
	count, err := binary.ReadUvarint(h.in)
	if err != nil {
		return errors.Join(errCutOff, err)
	}
	h.word, h.count = string(word), int64(count)
	return nil
}

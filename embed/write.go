package embed

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
)

// The two formats of word2vec.c, which gensim reads and writes too. Both begin
// with a line "words size". Text goes on with a line for each word, the word
// and its numbers separated by single spaces; binary with, for each word, the
// word, a space, its numbers as little-endian single precision, and a line
// end. Neither has counts: a vocabulary read from them has count 0 throughout.

// WriteText writes the vectors in word2vec's text form, which is fastText's
// .vec too. Numbers have as many digits as single precision needs to be read
// back exactly.
func (v *Vectors) WriteText(w io.Writer) error { return v.write(w, true, textRow) }

// WriteBinary writes the vectors in word2vec's binary form.
func (v *Vectors) WriteBinary(w io.Writer) error { return v.write(w, true, binaryRow) }

// WriteHeaderless writes the text form without its first line, as GloVe does.
func (v *Vectors) WriteHeaderless(w io.Writer) error { return v.write(w, false, textRow) }

func textRow(line []byte, row []float32) []byte {
	for _, x := range row {
		line = append(line, ' ')
		line = strconv.AppendFloat(line, float64(x), 'g', -1, 32)
	}
	return append(line, '\n')
}

func binaryRow(line []byte, row []float32) []byte {
	line = append(line, ' ')
	for _, x := range row {
		line = binary.LittleEndian.AppendUint32(line, math.Float32bits(x))
	}
	return append(line, '\n')
}

func (v *Vectors) write(w io.Writer, header bool, numbers func(line []byte, row []float32) []byte) error {
	if err := v.check(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if header {
		fmt.Fprintf(out, "%d %d\n", v.Vocabulary.Len()-1, v.Size)
	}
	var line []byte
	for id := int32(1); int(id) < v.Vocabulary.Len(); id++ {
		// A vocabulary holds no word with a separator: see vocab.CheckWord.
		line = append(line[:0], v.Vocabulary.Word(id)...)
		if _, err := out.Write(numbers(line, v.Vector(id))); err != nil {
			return fmt.Errorf("embed: writing vectors: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("embed: writing vectors: %w", err)
	}
	return nil
}

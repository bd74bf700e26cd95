package embed

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"wakong/vocab"
)

// The two formats of word2vec.c, which gensim reads and writes too. Both begin
// with a line "words size". Text goes on with a line for each word, the word
// and its numbers separated by single spaces; binary with, for each word, the
// word, a space, its numbers as little-endian single precision, and a line
// end. Neither has counts: a vocabulary read from them has count 0 throughout.

// Limits of what the readers take, against headers that promise too much.
const (
	maxWords    = 1 << 26
	maxWordSize = 1 << 12 // bytes
)

// WriteText writes the vectors in word2vec's text form. Numbers have as many
// digits as single precision needs to be read back exactly.
func (v *Vectors) WriteText(w io.Writer) error {
	return v.write(w, func(out *bufio.Writer, row []float32, buf []byte) []byte {
		for _, x := range row {
			buf = append(buf, ' ')
			buf = strconv.AppendFloat(buf, float64(x), 'g', -1, 32)
		}
		return append(buf, '\n')
	})
}

// WriteBinary writes the vectors in word2vec's binary form.
func (v *Vectors) WriteBinary(w io.Writer) error {
	return v.write(w, func(out *bufio.Writer, row []float32, buf []byte) []byte {
		buf = append(buf, ' ')
		for _, x := range row {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		return append(buf, '\n')
	})
}

func (v *Vectors) write(w io.Writer, numbers func(*bufio.Writer, []float32, []byte) []byte) error {
	if err := v.check(); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, "%d %d\n", v.Vocabulary.Len()-1, v.Size)
	var buf []byte
	for id := int32(1); int(id) < v.Vocabulary.Len(); id++ {
		// A vocabulary holds no word with a separator: see vocab.CheckWord.
		buf = append(buf[:0], v.Vocabulary.Word(id)...)
		if _, err := out.Write(numbers(out, v.Vector(id), buf)); err != nil {
			return fmt.Errorf("embed: writing vectors: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("embed: writing vectors: %w", err)
	}
	return nil
}

// builder collects the vectors that a reader finds.
type builder struct {
	words []string
	seen  map[string]struct{}
	data  []float32
	size  int
}

// add takes a word whose vector is in data already.
func (b *builder) add(word string) error {
	if _, ok := b.seen[word]; ok {
		return fmt.Errorf("found %.40q a second time, expected each word once", word)
	}
	if b.seen == nil {
		b.seen = map[string]struct{}{}
	}
	b.seen[word] = struct{}{}
	b.words = append(b.words, word)
	return nil
}

func (b *builder) vectors(name string) (*Vectors, error) {
	if len(b.words) == 0 {
		return nil, fmt.Errorf("%s: found no vectors, expected lines of a word and its numbers", name)
	}
	words, err := vocab.New(b.words, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Vectors{Vocabulary: words, Size: b.size, Data: b.data}, nil
}

func finite(x float32) bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }

// header reads "words size".
func header(line string) (words, size int, ok bool) {
	a, b, found := strings.Cut(strings.TrimRight(line, "\r\n "), " ")
	if !found {
		return 0, 0, false
	}
	words, err1 := strconv.Atoi(a)
	size, err2 := strconv.Atoi(b)
	return words, size, err1 == nil && err2 == nil
}

func checkHeader(name string, words, size int) error {
	if words < 1 || words > maxWords || size < 1 || size > maxSize {
		return fmt.Errorf("%s:1: found %d words of size %d, expected at most %d of size at most %d", name, words, size, maxWords, maxSize)
	}
	return nil
}

// ReadText reads word2vec's text form, with or without its header; name is for
// errors, which name file and line. Words keep the file's order.
func ReadText(r io.Reader, name string) (*Vectors, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	b := &builder{}
	promised := -1
	for line := 1; ; line++ {
		text, err := readLine(in)
		if errors.Is(err, io.EOF) && text == "" {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		if line == 1 {
			if words, size, ok := header(text); ok {
				if err := checkHeader(name, words, size); err != nil {
					return nil, err
				}
				promised, b.size = words, size
				continue
			}
		}
		if err := b.textLine(strings.TrimRight(text, " \r\n")); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	if promised >= 0 && promised != len(b.words) {
		return nil, fmt.Errorf("%s: found %d words, expected the %d that its first line promises; the file may be cut off", name, len(b.words), promised)
	}
	return b.vectors(name)
}

// readLine reads a line of at most what the longest allowed vector can take.
func readLine(in *bufio.Reader) (string, error) {
	const most = maxWordSize + maxSize*32
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > most {
			return "", fmt.Errorf("found a line of more than %d bytes, expected a word and at most %d numbers", most, maxSize)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(line), err
		}
	}
}

func (b *builder) textLine(text string) error {
	word, rest, _ := strings.Cut(text, " ")
	if err := vocab.CheckWord(word); err != nil {
		return err
	}
	if len(b.words) == 0 && b.size == 0 {
		b.size = strings.Count(rest, " ") + 1
		if b.size > maxSize {
			return fmt.Errorf("found %d numbers, expected at most %d", b.size, maxSize)
		}
		b.data = make([]float32, b.size)
	}
	if len(b.data) == 0 {
		b.data = make([]float32, b.size) // row 0
	}
	n := 0
	for field := range strings.SplitSeq(rest, " ") {
		x, err := strconv.ParseFloat(field, 32)
		if err != nil || !finite(float32(x)) {
			return fmt.Errorf("found %.40q as number %d of %.40q, expected a finite number", field, n+1, word)
		}
		b.data = append(b.data, float32(x))
		n++
	}
	if n != b.size {
		return fmt.Errorf("found %d numbers for %.40q, expected %d", n, word, b.size)
	}
	return b.add(word)
}

// ReadBinary reads word2vec's binary form; name is for errors, which name the
// file and the number of the word. Words keep the file's order.
func ReadBinary(r io.Reader, name string) (*Vectors, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	first, err := in.ReadSlice('\n')
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	words, size, ok := header(string(first))
	if !ok || err != nil {
		return nil, fmt.Errorf("%s:1: found %.60q, expected the number of words and their vectors' size", name, first)
	}
	if err := checkHeader(name, words, size); err != nil {
		return nil, err
	}
	b := &builder{size: size, data: make([]float32, size)}
	raw := make([]byte, 4*size)
	for i := 1; i <= words; i++ {
		word, err := readWord(in)
		if err != nil {
			return nil, fmt.Errorf("%s: word %d of %d: %w", name, i, words, err)
		}
		if _, err := io.ReadFull(in, raw); err != nil {
			return nil, fmt.Errorf("%s: word %d of %d, %q: the file is cut off: %w", name, i, words, word, err)
		}
		for j := range size {
			x := math.Float32frombits(binary.LittleEndian.Uint32(raw[4*j:]))
			if !finite(x) {
				return nil, fmt.Errorf("%s: word %d, %q: found %v as number %d, expected a finite number", name, i, word, x, j+1)
			}
			b.data = append(b.data, x)
		}
		if err := b.add(word); err != nil {
			return nil, fmt.Errorf("%s: word %d: %w", name, i, err)
		}
	}
	if rest, err := in.ReadByte(); err == nil && rest != '\n' {
		return nil, fmt.Errorf("%s: found more after the %d words that its first line promises", name, words)
	}
	return b.vectors(name)
}

// readWord reads up to a space, past the line end that word2vec.c puts behind
// each vector and gensim does not.
func readWord(in *bufio.Reader) (string, error) {
	var word []byte
	for {
		c, err := in.ReadByte()
		if err != nil {
			return "", fmt.Errorf("the file is cut off: %w", err)
		}
		if c == '\n' && len(word) == 0 {
			continue
		}
		if c == ' ' {
			break
		}
		if word = append(word, c); len(word) > maxWordSize {
			return "", fmt.Errorf("found a word of more than %d bytes", maxWordSize)
		}
	}
	if err := vocab.CheckWord(string(word)); err != nil {
		return "", err
	}
	return string(word), nil
}

package embed

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// fastTextMagic begins the binary models of fastText, which share the
// extension .bin with word2vec's vectors and nothing else.
var fastTextMagic = []byte{0xba, 0x16, 0x4f, 0x2f}

func readBinary(r io.Reader, name string, o ReadOptions) (*Vectors, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	explain := otherForm(in, FormatBinary)
	v, err := binaryVectors(in, name, o)
	return v, explain(err)
}

func binaryVectors(in *bufio.Reader, name string, o ReadOptions) (*Vectors, error) {
	if start, _ := in.Peek(len(fastTextMagic)); bytes.Equal(start, fastTextMagic) {
		return nil, fmt.Errorf("%s: found a model of fastText, expected vectors; fastText writes these as a .vec file beside it", name)
	}
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
	b := &builder{options: o, size: size}
	b.room(words, 4)
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
		if err := b.add(word); err == errEnough {
			return b.vectors(name)
		} else if err != nil {
			if err := fmt.Errorf("%s: word %d: %w", name, i, err); !b.skip(err) {
				return nil, err
			}
		}
	}
	// Up to the very end: a compressed file has its checksum there.
	rest, err := in.ReadByte()
	if err == nil && rest == '\n' {
		rest, err = in.ReadByte()
	}
	if err == nil {
		return nil, fmt.Errorf("%s: found more after the %d words that its first line promises: %q", name, words, rest)
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
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
			return string(word), nil
		}
		if word = append(word, c); len(word) > maxWordSize {
			return "", fmt.Errorf("found a word of more than %d bytes", maxWordSize)
		}
	}
}

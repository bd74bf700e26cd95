package embed

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

func readText(r io.Reader, name string, o ReadOptions) (*Vectors, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	explain := otherForm(in, FormatText)
	v, err := textVectors(in, name, o)
	return v, explain(err)
}

func textVectors(in *bufio.Reader, name string, o ReadOptions) (*Vectors, error) {
	b := &builder{options: o}
	promised, found := -1, 0
	var buffer []byte
	for line := 1; ; line++ {
		var err error
		buffer, err = readLine(in, buffer[:0])
		text := string(buffer)
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
		word, err := b.textLine(strings.TrimRight(text, " \r\n"), promised)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		found++
		if err := b.add(word); err == errEnough {
			return b.vectors(name)
		} else if err != nil {
			if err := fmt.Errorf("%s:%d: %w", name, line, err); !b.skip(err) {
				return nil, err
			}
		}
		if found > maxWords {
			return nil, fmt.Errorf("%s:%d: found more than %d words", name, line, maxWords)
		}
	}
	if promised >= 0 && promised != found {
		return nil, fmt.Errorf("%s: found %d words, expected the %d that its first line promises; the file may be cut off", name, found, promised)
	}
	return b.vectors(name)
}

// readLine appends a line of at most what the longest allowed vector can take.
func readLine(in *bufio.Reader, line []byte) ([]byte, error) {
	const most = maxWordSize + maxSize*32
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > most {
			return nil, fmt.Errorf("found a line of more than %d bytes, expected a word and at most %d numbers", most, maxSize)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// textLine reads the numbers of a line into data and gives its word. Once the
// size is known, the numbers are what stands at the end of the line, so that a
// word with a space in it is seen as one, and refused by its name.
func (b *builder) textLine(text string, promised int) (word string, err error) {
	if b.size == 0 {
		b.size = strings.Count(text, " ")
		if b.size < 1 || b.size > maxSize {
			return "", fmt.Errorf("found %d numbers, expected 1 to %d", b.size, maxSize)
		}
	}
	if len(b.data) == 0 {
		b.room(promised, len("0 "))
	}
	at := len(text)
	for range b.size {
		if at = strings.LastIndexByte(text[:at], ' '); at < 0 {
			word, rest, _ := strings.Cut(text, " ")
			return "", fmt.Errorf("found %d numbers for %.40q, expected %d", len(strings.Fields(rest)), word, b.size)
		}
	}
	word = strings.Clone(text[:at]) // not to hold on to the line
	n := 0
	for field := range strings.SplitSeq(text[at+1:], " ") {
		n++
		x, err := strconv.ParseFloat(field, 32)
		if err != nil || !finite(float32(x)) {
			return "", fmt.Errorf("found %.40q as number %d of %.40q, expected a finite number", field, n, word)
		}
		b.data = append(b.data, float32(x))
	}
	return word, nil
}

package jiebadict

import (
	"bytes"
	"fmt"
	"strconv"
)

// Columns is a dictionary taken apart. Similar bytes stand together, which
// compresses better than lines do.
type Columns struct {
	Prefix    []byte // for each word the bytes shared with the word before, at most 255
	Suffix    []byte // the rest of each word, "\n" after each
	Frequency []byte // decimal, "\n" after each
	Tag       []byte // an index into Tags for each word
	Tags      []string
}

// Split takes lines "word frequency tag" apart.
func Split(dictionary []byte) (Columns, error) {
	var c Columns
	index := map[string]int{}
	var previous []byte
	lines := bytes.Split(bytes.TrimSuffix(dictionary, []byte("\n")), []byte("\n"))
	for i, line := range lines {
		f := bytes.Split(line, []byte(" "))
		if len(f) != 3 {
			return c, fmt.Errorf("line %d: %q has %d fields, expected 3", i+1, line, len(f))
		}
		if n, err := strconv.Atoi(string(f[1])); err != nil || n < 1 || strconv.Itoa(n) != string(f[1]) {
			return c, fmt.Errorf("line %d: frequency %q", i+1, f[1])
		}
		n := 0
		for n < 255 && n < len(previous) && n < len(f[0]) && previous[n] == f[0][n] {
			n++
		}
		previous = f[0]
		tag, ok := index[string(f[2])]
		if !ok {
			tag = len(c.Tags)
			if tag > 255 {
				return c, fmt.Errorf("line %d: more than 256 tags", i+1)
			}
			index[string(f[2])] = tag
			c.Tags = append(c.Tags, string(f[2]))
		}
		c.Prefix = append(c.Prefix, byte(n))
		c.Suffix = append(append(c.Suffix, f[0][n:]...), '\n')
		c.Frequency = append(append(c.Frequency, f[1]...), '\n')
		c.Tag = append(c.Tag, byte(tag))
	}
	return c, nil
}

// words calls f with each word and its tag's index; the word is valid until
// the next call.
func (c Columns) words(f func(word []byte, tag byte) error) error {
	rest := c.Suffix
	var word []byte
	for i, prefix := range c.Prefix {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 || int(prefix) > len(word) || i >= len(c.Tag) || int(c.Tag[i]) >= len(c.Tags) {
			return fmt.Errorf("the packed dictionary is damaged at word %d", i)
		}
		word = append(word[:prefix], rest[:end]...)
		rest = rest[end+1:]
		if err := f(word, c.Tag[i]); err != nil {
			return err
		}
	}
	return nil
}

// Join is the inverse of Split.
func (c Columns) Join() ([]byte, error) {
	out := make([]byte, 0, 16*len(c.Prefix))
	frequencies := c.Frequency
	err := c.words(func(word []byte, tag byte) error {
		end := bytes.IndexByte(frequencies, '\n')
		if end < 0 {
			return fmt.Errorf("the packed dictionary lacks frequencies")
		}
		out = append(append(out, word...), ' ')
		out = append(append(out, frequencies[:end]...), ' ')
		out = append(append(out, c.Tags[tag]...), '\n')
		frequencies = frequencies[end+1:]
		return nil
	})
	return out, err
}

package vocab

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxLine bounds a line of a vocabulary file: a word, a tab and a count.
const maxLine = MaxWord + 64

// WriteTo writes the vocabulary as lines "word<TAB>count", the word with id 1
// first.
func (v *Vocabulary) WriteTo(w io.Writer) (int64, error) {
	out := bufio.NewWriter(w)
	var n int64
	for id := 1; id < len(v.words); id++ {
		k, err := fmt.Fprintf(out, "%s\t%d\n", v.words[id], v.counts[id])
		n += int64(k)
		if err != nil {
			return n, fmt.Errorf("vocab: writing: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("vocab: writing: %w", err)
	}
	return n, nil
}

// Read reads what WriteTo writes; name is for errors, which name file and
// line. Counts must not rise from one line to the next.
func Read(r io.Reader, name string) (*Vocabulary, error) {
	v := &Vocabulary{words: []string{""}, counts: []int64{0}, ids: map[string]int32{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	line := 0
	for lines.Scan() {
		line++
		word, number, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			return nil, fmt.Errorf("%s:%d: found %q, expected a word, a tab and a count", name, line, clip(lines.Text()))
		}
		count, err := strconv.ParseInt(number, 10, 64)
		if err != nil || count < 0 {
			return nil, fmt.Errorf("%s:%d: found the count %q, expected a whole number from 0", name, line, clip(number))
		}
		if err := CheckWord(word); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		if first, ok := v.ids[word]; ok {
			return nil, fmt.Errorf("%s:%d: found %q, which stands already in line %d; expected each word once", name, line, word, first)
		}
		if line > 1 && count > v.counts[line-1] {
			return nil, fmt.Errorf("%s:%d: found the count %d after %d; expected words in the order of falling frequency", name, line, count, v.counts[line-1])
		}
		v.add(word, count)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s:%d: found a line of more than %d bytes, expected a word, a tab and a count", name, line+1, maxLine)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if line == 0 {
		return nil, fmt.Errorf("%s: %w, expected lines of a word, a tab and a count", name, ErrEmpty)
	}
	return v, nil
}

func clip(s string) string {
	const most = 60
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

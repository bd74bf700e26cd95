package corpus

import (
	"errors"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding"
)

// SegmentedLine is a line of a segmented text: its words in the order in which
// they stand, in the format of the SIGHAN bakeoffs
// (http://sighan.cs.uchicago.edu/bakeoff2005/): a sentence a line, words
// separated by white space.
type SegmentedLine struct {
	Words []string
	Line  int // its number in the file, from 1
}

// ReadSegmented iterates over the lines of a segmented text that hold words.
// Encoding is that of the bytes, "" for UTF-8. Faults, which end the iteration,
// are *InputErrors: bytes that are no text, lines of more than 16 MiB, no line
// with a word at all.
func ReadSegmented(r io.Reader, name, encodingName string) iter.Seq2[SegmentedLine, error] {
	return func(yield func(SegmentedLine, error) bool) {
		e, err := lookupEncoding(encodingName)
		if err != nil {
			yield(SegmentedLine{}, err)
			return
		}
		n := 0
		for line, err := range segmentedLines(r, name, e) {
			if !yield(line, err) || err != nil {
				return
			}
			n++
		}
		if n == 0 {
			yield(SegmentedLine{}, &InputError{File: name, Found: foundEmpty, Want: "words separated by spaces"})
		}
	}
}

func segmentedLines(r io.Reader, name string, e encoding.Encoding) iter.Seq2[SegmentedLine, error] {
	return func(yield func(SegmentedLine, error) bool) {
		lines := newLineReader(r, name, e)
		for {
			b, err := lines.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil {
				err = lines.checkNUL(b)
			}
			words := strings.Fields(string(b))
			if err == nil && len(words) == 0 {
				continue
			}
			if !yield(SegmentedLine{words, lines.line}, err) || err != nil {
				return
			}
		}
	}
}

// ReadWordSet reads the words of a list or of a segmented text: what a
// segmenter has learned from, against which words are out of the vocabulary.
func ReadWordSet(r io.Reader, name, encodingName string) (map[string]bool, error) {
	set := map[string]bool{}
	for line, err := range ReadSegmented(r, name, encodingName) {
		if err != nil {
			return nil, err
		}
		for _, w := range line.Words {
			set[w] = true
		}
	}
	return set, nil
}

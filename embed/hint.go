package embed

import (
	"bufio"
	"bytes"
	"fmt"
)

// hintBytes is how much of a file is looked at to tell the two forms apart.
const hintBytes = 256

// otherForm tells, where reading failed, that the file seems to have the other
// one of word2vec's two forms, which share their first line. It is only said of
// files that cannot be read: a few numbers may look like anything.
func otherForm(in *bufio.Reader, form Format) func(error) error {
	start, _ := in.Peek(hintBytes)
	_, rest, _ := bytes.Cut(start, []byte("\n"))
	hint := ""
	switch {
	case form == FormatBinary && seemsText(rest):
		hint = "it seems to be in the text form, whose files are named .txt or .vec"
	case form == FormatText && seemsBinary(rest):
		hint = "it seems to be in the binary form, whose files are named .bin"
	}
	return func(err error) error {
		if err == nil || hint == "" {
			return err
		}
		return fmt.Errorf("%w; %s", err, hint)
	}
}

// seemsText tells whether a word is followed by digits.
func seemsText(vectors []byte) bool {
	_, numbers, _ := bytes.Cut(vectors, []byte(" "))
	numbers, _, _ = bytes.Cut(numbers, []byte("\n"))
	return len(numbers) > 0 && len(bytes.Trim(numbers, "0123456789+-.eE \r")) == 0
}

// seemsBinary tells whether there are bytes that no text has.
func seemsBinary(vectors []byte) bool {
	return bytes.ContainsFunc(vectors, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' })
}

package corpus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	// MaxLine is the length in bytes beyond which a line is refused. Real
	// passages stay below 100 kB; a line of gigabytes is not text.
	MaxLine = 16 << 20
	// MaxText is the size in bytes beyond which one plain text file is
	// refused as one document. The longest novels are some 20 MB.
	MaxText = 256 << 20
)

var bom = []byte{0xEF, 0xBB, 0xBF}

// lookupEncoding finds an encoding by a name the web knows (gb18030, gbk,
// big5, utf-8, utf-16, ...). "" means: UTF-8, and anything else is an error;
// EncodingAuto that it is guessed.
func lookupEncoding(name string) (encoding.Encoding, error) {
	switch name {
	case "":
		return nil, nil
	case EncodingAuto:
		return autoEncoding{}, nil
	}
	e, err := htmlindex.Get(strings.ToLower(strings.TrimSpace(name)))
	if err != nil || e == encoding.Replacement {
		return nil, fmt.Errorf("unknown encoding %q, expected a name such as gb18030, gbk, big5, utf-8, utf-16, or auto", name)
	}
	return e, nil
}

// CheckEncoding tells whether sources know an encoding by this name; "" is UTF-8.
func CheckEncoding(name string) error {
	_, err := lookupEncoding(name)
	return err
}

// decode turns r into UTF-8. A byte order mark wins over the name. What
// cannot be decoded becomes U+FFFD.
func decode(r io.Reader, e encoding.Encoding) io.Reader {
	if e == nil {
		return r
	}
	return transform.NewReader(r, unicode.BOMOverride(e.NewDecoder()))
}

// A lineReader gives the lines of a text with their numbers, without line end
// ("\n" or "\r\n") and without byte order mark.
type lineReader struct {
	name   string
	r      *bufio.Reader
	buffer []byte
	line   int  // number of the line last read, from 1
	most   int  // bytes of a line
	strict bool // invalid UTF-8 and NUL are errors

	undecoded int // characters U+FFFD, where not strict
	detected  *Detection
}

// newLineReader reads r, which is called name in messages. Without an encoding
// the text must be UTF-8.
func newLineReader(r io.Reader, name string, e encoding.Encoding) *lineReader {
	if _, auto := e.(autoEncoding); auto {
		r, d := detect(r)
		e = nil // UTF-8, and held to it
		if !d.Certain || d.Encoding != "utf-8" {
			e, _ = lookupEncoding(d.Encoding) // all that are guessed are known
		}
		l := newLineReader(r, name, e)
		l.detected = &d
		return l
	}
	return &lineReader{name: name, r: bufio.NewReaderSize(decode(r, e), 64<<10), most: MaxLine, strict: e == nil}
}

// next returns the next line. At the end of the text the error is io.EOF. An
// *InputError concerns this line alone and reading can go on; any other error
// is final. The bytes are valid until the next call.
func (l *lineReader) next() ([]byte, error) {
	l.buffer = l.buffer[:0]
	l.line++
	tooLong := false
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.buffer)+len(part) > l.most+2 {
			tooLong = true
			l.buffer = l.buffer[:0]
		}
		if !tooLong {
			l.buffer = append(l.buffer, part...)
		}
		if err == nil {
			break
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if !errors.Is(err, io.EOF) {
			return nil, &fatalError{&InputError{File: l.name, Line: l.line, Err: fmt.Errorf("reading: %w", err)}}
		}
		if len(l.buffer) == 0 && !tooLong {
			l.line--
			return nil, io.EOF
		}
		break
	}
	if tooLong {
		return nil, &InputError{File: l.name, Line: l.line,
			Found: fmt.Sprintf("a line of more than %d MiB", l.most>>20), Want: fmt.Sprintf("lines of at most %d MiB", l.most>>20)}
	}
	b := bytes.TrimSuffix(l.buffer, []byte("\n"))
	b = bytes.TrimSuffix(b, []byte("\r"))
	if l.line == 1 {
		b = bytes.TrimPrefix(b, bom)
	}
	if l.strict {
		if err := l.checkUTF8(b); err != nil {
			return nil, err
		}
	} else {
		l.undecoded += bytes.Count(b, []byte("\uFFFD"))
	}
	return b, nil
}

// checkUTF8 refuses what is no UTF-8, with a guess at what it is instead.
func (l *lineReader) checkUTF8(b []byte) error {
	if utf8.Valid(b) {
		return nil
	}
	found := "bytes that are no UTF-8"
	if l.line == 1 && (bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF})) {
		found = "a UTF-16 byte order mark"
	} else {
		for i := 0; i < len(b); {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				found = fmt.Sprintf("byte 0x%02X at column %d, which is no UTF-8", b[i], i+1)
				break
			}
			i += n
		}
	}
	return &InputError{File: l.name, Line: l.line, Found: found,
		Want: "UTF-8 (or name the encoding, e.g. encoding: gb18030)"}
}

// checkNUL refuses a NUL character, the mark of a binary or a wrongly decoded
// file. A named encoding turns the check off: there the user has decided.
func (l *lineReader) checkNUL(b []byte) error {
	if !l.strict {
		return nil
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return &InputError{File: l.name, Line: l.line,
			Found: fmt.Sprintf("a NUL byte at column %d", i+1), Want: "text"}
	}
	return nil
}

// A fatalError ends the reading of its file even where faults are skipped.
type fatalError struct{ err error }

func (e *fatalError) Error() string { return e.err.Error() }
func (e *fatalError) Unwrap() error { return e.err }

package corpus

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// An InputError is a fault in data that came from outside. It reads
//
//	FILE:LINE: found ..., expected ...
//
// and "FILE: ..." where the fault has no line, as in an empty or missing file.
type InputError struct {
	File  string // as the user named it
	Line  int    // from 1; 0 for the file as a whole
	Found string // what stands there
	Want  string // what was expected instead; may be empty
	Err   error  // the underlying error, if any
}

// foundEmpty is the Found of a file without any content.
const foundEmpty = "empty"

func (e *InputError) Error() string {
	if e.File == "" && e.Line == 0 {
		return e.Reason() // of a text that came without a file
	}
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	b.WriteString(": ")
	b.WriteString(e.Reason())
	return b.String()
}

// Reason is the message without file and line.
func (e *InputError) Reason() string {
	var parts []string
	switch e.Found {
	case "":
	case foundEmpty:
		parts = append(parts, foundEmpty)
	default:
		parts = append(parts, "found "+e.Found)
	}
	if e.Want != "" {
		parts = append(parts, "expected "+e.Want)
	}
	text := strings.Join(parts, ", ")
	if e.Err == nil {
		return text
	}
	if text == "" {
		return e.Err.Error()
	}
	return text + ": " + e.Err.Error()
}

// Unwrap gives the underlying error to errors.Is and errors.As.
func (e *InputError) Unwrap() error { return e.Err }

// quote shows a piece of the input in a message: quoted, so that invisible
// characters show, and cut, so that a line of megabytes does not flood it.
func quote(s string) string {
	const most = 48
	if utf8.RuneCountInString(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	n := 0
	for i := range s {
		if n == most {
			return fmt.Sprintf("%q…", s[:i])
		}
		n++
	}
	return fmt.Sprintf("%q", s)
}

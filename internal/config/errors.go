package config

import (
	"fmt"
	"slices"
	"strings"
)

// Position is a place in a file; line and column count from 1, the column in
// characters.
type Position struct{ Line, Column int }

// Error is one thing that is wrong with a configuration.
type Error struct {
	File     string
	Position Position // zero when the file as a whole is meant
	Key      string   // key path, empty when the file as a whole is meant
	Message  string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Position.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Position.Line, e.Position.Column)
	}
	b.WriteString(": ")
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(e.Message)
	return b.String()
}

// Errors is everything that is wrong with a configuration, in the order of the
// file; never empty when returned.
type Errors []*Error

// maxShown keeps a file of another kind, given by mistake, from filling the
// terminal.
const maxShown = 20

func (es Errors) Error() string {
	lines := make([]string, 0, len(es))
	for i, e := range es {
		if i == maxShown {
			lines = append(lines, fmt.Sprintf("%s: and %d more errors", e.File, len(es)-i))
			break
		}
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the single errors.
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

func (es Errors) sorted() Errors {
	slices.SortStableFunc(es, func(a, b *Error) int {
		if d := a.Position.Line - b.Position.Line; d != 0 {
			return d
		}
		return a.Position.Column - b.Position.Column
	})
	return es
}

// errorAt looks for the position of a key path, or of the nearest key above it:
// a key that is missing is reported where its section stands.
func (c *Config) errorAt(keyPath, format string, args ...any) *Error {
	e := &Error{File: c.file, Key: keyPath, Message: fmt.Sprintf(format, args...)}
	for at := keyPath; ; {
		if p, ok := c.positions[at]; ok {
			e.Position = p
			return e
		}
		i := strings.LastIndexAny(at, ".[")
		if i < 0 {
			return e
		}
		at = at[:i]
	}
}

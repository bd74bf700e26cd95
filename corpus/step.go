package corpus

import (
	"strings"
	"unicode/utf8"
)

// A Step is one transformation of a text in its cleaning: a character filter.
// Steps are values; they are safe for concurrent use.
type Step struct {
	// Name is what reports and configurations call the step.
	Name string
	// Changes calls change for each piece of the text that the step replaces:
	// the bytes text[start:end] become to, which is empty where they are removed;
	// start is end where something is put in. The pieces come in the text's order
	// and do not overlap.
	Changes func(text string, change func(start, end int, to string))
	// Documents marks a step that needs whole documents, such as the one that
	// drops lines of advertisement. It is left out where words or questions are
	// cleaned.
	Documents bool
}

// Apply gives the changed text and how many characters were changed, removed
// or put in: for each change those of the longer side. A text that needs
// nothing is returned as it is, with 0.
func (s Step) Apply(text string) (string, int) {
	e := edit{text: text}
	s.Changes(text, e.change)
	return e.result(), e.characters
}

// An edit builds a text from the changes of one step.
type edit struct {
	text       string
	b          strings.Builder
	done       int // bytes of text that are dealt with
	changed    bool
	characters int
	removed    int // of them, those with nothing in their place
	edges      []edge
	keep       bool // edges are wanted
	first      snippet
}

// An edge is one change with its place in the text before and after it.
type edge struct{ oldStart, oldEnd, newStart, newEnd int }

// snippet is the place of the first change.
type snippet struct {
	start, end int
	to         string
}

func (e *edit) change(start, end int, to string) {
	if e.text[start:end] == to {
		return
	}
	if !e.changed {
		e.b.Grow(len(e.text) + len(to))
		e.first = snippet{start, end, to}
		e.changed = true
	}
	e.b.WriteString(e.text[e.done:start])
	at := e.b.Len()
	e.b.WriteString(to)
	e.done = end
	before, after := utf8.RuneCountInString(e.text[start:end]), utf8.RuneCountInString(to)
	e.characters += max(before, after)
	e.removed += max(0, before-after)
	if e.keep {
		e.edges = append(e.edges, edge{start, end, at, e.b.Len()})
	}
}

func (e *edit) result() string {
	if !e.changed {
		return e.text
	}
	e.b.WriteString(e.text[e.done:])
	e.done = len(e.text)
	return e.b.String()
}

// mapStep is a step that looks at each character alone: f gives what it
// becomes, -1 for nothing.
func mapStep(name string, f func(rune) rune) Step {
	set := newRuneSet(func(r rune) bool { return f(r) != r })
	return Step{Name: name, Changes: func(text string, change func(int, int, string)) {
		for i := set.next(text, 0); i < len(text); {
			r, n := utf8.DecodeRuneInString(text[i:])
			switch to := f(r); {
			case r == utf8.RuneError && n == 1:
			case to < 0:
				change(i, i+n, "")
			case to != r:
				change(i, i+n, runeString(to))
			}
			i = set.next(text, i+n)
		}
	}}
}

// ascii holds the strings of single ASCII characters, which are put in often.
var ascii = func() string {
	b := make([]byte, utf8.RuneSelf)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}()

func runeString(r rune) string {
	if r >= 0 && r < utf8.RuneSelf {
		return ascii[r : r+1]
	}
	return string(r)
}

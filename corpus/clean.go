package corpus

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Step is one transformation of a text in its cleaning. Apply returns the
// new text and how many characters it changed, removed or put in; a text that
// needs nothing is returned as it is, with 0. Steps are safe for concurrent
// use.
type Step struct {
	Name  string
	Apply func(text string) (string, int)
}

// A Cleaner applies steps one after the other. It is immutable and safe for
// concurrent use.
type Cleaner struct{ steps []Step }

// NewCleaner makes a cleaner of these steps, which may be none.
func NewCleaner(steps ...Step) *Cleaner { return &Cleaner{steps: steps} }

// StandardSteps are all steps of this package in the order in which they build
// on each other.
func StandardSteps() []Step {
	return []Step{LineEnds(), ControlCharacters(), Spaces(), HalfWidth(), Simplify()}
}

// StepsByName picks steps of StandardSteps, in the order of the names.
func StepsByName(names ...string) ([]Step, error) {
	var picked []Step
	var known []string
	for _, s := range StandardSteps() {
		known = append(known, s.Name)
	}
names:
	for _, name := range names {
		for _, s := range StandardSteps() {
			if s.Name == name {
				picked = append(picked, s)
				continue names
			}
		}
		return nil, fmt.Errorf("unknown cleaning step %q, expected one of %s", name, strings.Join(known, ", "))
	}
	return picked, nil
}

// StepCount is what one step did to a corpus.
type StepCount struct {
	Name       string `json:"name"`
	Documents  int64  `json:"documents"`  // that it changed
	Characters int64  `json:"characters"` // that it changed, removed or put in
}

// Steps lists the names of the cleaner's steps with counts of zero.
func (c *Cleaner) Steps() []StepCount {
	counts := make([]StepCount, len(c.steps))
	for i, s := range c.steps {
		counts[i].Name = s.Name
	}
	return counts
}

// Clean cleans a text. Counts, if not nil, comes from Steps and receives the
// characters of each step; its Documents are left alone.
func (c *Cleaner) Clean(text string, counts []StepCount) string {
	for i, s := range c.steps {
		var n int
		text, n = s.Apply(text)
		if counts != nil {
			counts[i].Characters += int64(n)
		}
	}
	return text
}

// Word cleans one word of segmented text. What is nothing but white space and
// invisible characters gives no word; white space inside a word cuts it.
func (c *Cleaner) Word(word string, counts []StepCount) []string {
	return strings.Fields(c.Clean(word, counts))
}

// LineEnds turns "\r\n", a lone "\r" and the separators U+0085, U+2028 and
// U+2029, vertical tab and form feed into "\n".
func LineEnds() Step {
	return Step{Name: "line_ends", Apply: func(text string) (string, int) {
		n := strings.Count(text, "\r\n")
		if n > 0 {
			text = strings.ReplaceAll(text, "\r\n", "\n")
		}
		text, more := mapRunes(text, func(r rune) rune {
			switch r {
			case '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
				return '\n'
			}
			return r
		})
		return text, n + more
	}}
}

// ControlCharacters removes control characters but "\n", "\t" and "\r", and
// what has no width: zero-width spaces and joiners, marks of direction, soft
// hyphens, byte order marks, variation selectors.
func ControlCharacters() Step {
	return Step{Name: "control_characters", Apply: func(text string) (string, int) {
		return mapRunes(text, func(r rune) rune {
			switch {
			case r >= 0x20 && r < 0x7F, r == '\n', r == '\t', r == '\r', isHan(r):
				return r
			case r == 0x85: // a line end, which LineEnds has a name for
				return r
			case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r),
				r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
				return -1
			}
			return r
		})
	}}
}

// Spaces turns every space of Unicode (U+00A0, U+3000, U+2003, ...) and the
// tab into the plain space.
func Spaces() Step {
	return Step{Name: "spaces", Apply: func(text string) (string, int) {
		return mapRunes(text, func(r rune) rune {
			if r == '\t' || r > 0x7F && unicode.Is(unicode.Zs, r) {
				return ' '
			}
			return r
		})
	}}
}

// HalfWidth turns full-width Latin letters and digits (Ａ, １) into ASCII.
// Punctuation keeps its width, which in Chinese is the full one.
func HalfWidth() Step {
	return Step{Name: "half_width", Apply: func(text string) (string, int) {
		return mapRunes(text, func(r rune) rune {
			if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
				return r - 0xFEE0
			}
			return r
		})
	}}
}

// mapRunes is strings.Map that counts the characters changed and returns the
// text itself where there are none. Bytes that are no UTF-8 become U+FFFD only
// in a text that changes otherwise.
func mapRunes(text string, f func(rune) rune) (string, int) {
	for i, r := range text {
		if f(r) == r {
			continue
		}
		var b strings.Builder
		b.Grow(len(text))
		b.WriteString(text[:i])
		n := 0
		for _, r := range text[i:] {
			to := f(r)
			if to != r {
				n++
			}
			if to >= 0 {
				b.WriteRune(to)
			}
		}
		return b.String(), n
	}
	return text, 0
}

// changedRunes counts the positions at which two texts differ, and the
// characters that one has more than the other.
func changedRunes(a, b string) int {
	n := 0
	for a != "" && b != "" {
		ra, la := utf8.DecodeRuneInString(a)
		rb, lb := utf8.DecodeRuneInString(b)
		if ra != rb {
			n++
		}
		a, b = a[la:], b[lb:]
	}
	return n + utf8.RuneCountInString(a) + utf8.RuneCountInString(b)
}

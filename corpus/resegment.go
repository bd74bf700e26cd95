package corpus

import "strings"

// What is done with text that was segmented before it was read.
const (
	ResegmentNever      = "never"      // it keeps its words (the default)
	ResegmentSimplified = "simplified" // sentences with traditional characters are cut again: segmenters made for simplified text glue their words together
	ResegmentAlways     = "always"     // all of it is cut again
)

// resegment cuts a cleaned, segmented sentence again where the document's
// source wants it.
func (p *preparer) resegment(how string, before, after []string) []string {
	again := how == ResegmentAlways
	if how == ResegmentSimplified {
		s, err := newSimplifier()
		again = err == nil && s.hasTraditional(strings.Join(before, ""))
	}
	if !again {
		return after
	}
	return segment(p.o.Segmenter, JoinWords(after))
}

// hasTraditional tells whether the text holds a character that is written
// otherwise in simplified Chinese.
func (s *simplifier) hasTraditional(text string) bool {
	return strings.ContainsFunc(text, s.isTraditional)
}

package corpus

import (
	"fmt"
	"iter"
	"strings"
)

// What is done with text that was segmented before it was read.
const (
	ResegmentNever      = "never"      // it keeps its words (the default)
	ResegmentSimplified = "simplified" // sentences with traditional characters are cut again: segmenters made for simplified text glue their words together
	ResegmentAlways     = "always"     // all of it is cut again
)

func checkResegment(value string) error {
	switch value {
	case "", ResegmentNever, ResegmentSimplified, ResegmentAlways:
		return nil
	}
	return fmt.Errorf("unknown resegment %q, expected never, simplified or always", value)
}

// ComesSegmented tells whether the source can have documents whose words were cut
// where it comes from, and are not cut again.
func (s Source) ComesSegmented() bool {
	switch s.Format {
	case FormatCMRC2017, FormatPDCFT, FormatDocuments:
		return s.Resegment == "" || s.Resegment == ResegmentNever
	}
	return false
}

// resegmented marks a source's documents.
func resegmented(documents iter.Seq2[Document, error], how string) iter.Seq2[Document, error] {
	if how == "" {
		return documents
	}
	return func(yield func(Document, error) bool) {
		for d, err := range documents {
			d.Resegment = how
			if !yield(d, err) {
				return
			}
		}
	}
}

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

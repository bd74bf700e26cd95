package corpus

import (
	"strings"
	"unicode/utf8"
)

// StepCount is what one step did to a corpus.
type StepCount struct {
	Name       string `json:"name"`
	Documents  int64  `json:"documents"`  // that it changed
	Characters int64  `json:"characters"` // that it changed, removed or put in
	Removed    int64  `json:"removed"`    // of them, those that went without another in their place
	// Examples are the first changes of the first documents that the step
	// changed, at most three, in the order of the corpus.
	Examples []StepExample `json:"examples,omitempty"`
}

// A StepExample is one change with some characters around it.
type StepExample struct {
	Document string `json:"document,omitempty"` // its id
	Before   string `json:"before"`
	After    string `json:"after"`
}

// MostExamples is how many examples of a step a report shows.
const MostExamples = 3

const (
	snippetContext = 12 // characters at either side of a change
	mostSnippet    = 60 // characters of the change itself
)

// add enters what a step did to one text.
func (c *StepCount) add(e *edit) {
	c.Characters += int64(e.characters)
	c.Removed += int64(e.removed)
	if len(c.Examples) > 0 {
		return
	}
	before, after := contextBefore(e.text, e.first.start), contextAfter(e.text, e.first.end)
	c.Examples = []StepExample{{
		Before: before + clipped(e.text[e.first.start:e.first.end]) + after,
		After:  before + clipped(e.first.to) + after,
	}}
}

// merge adds the counts of one document to those of the corpus.
func (c *StepCount) merge(d StepCount, document string) {
	c.Characters += d.Characters
	c.Removed += d.Removed
	if d.Characters > 0 {
		c.Documents++
	}
	for _, e := range d.Examples {
		if len(c.Examples) < MostExamples {
			e.Document = document
			c.Examples = append(c.Examples, e)
		}
	}
}

func contextBefore(text string, at int) string {
	start := at
	for range snippetContext {
		_, n := utf8.DecodeLastRuneInString(text[:start])
		start -= n
	}
	return strings.ToValidUTF8(text[start:at], "\uFFFD")
}

func contextAfter(text string, at int) string {
	return strings.ToValidUTF8(text[at:runesEnd(text, at, snippetContext)], "\uFFFD")
}

// clipped keeps an example short where a whole script is removed.
func clipped(text string) string {
	end := runesEnd(text, 0, mostSnippet)
	if end == len(text) {
		return text
	}
	return strings.ToValidUTF8(text[:end], "\uFFFD") + "[...]"
}

// runesEnd is the end of so many characters from a place on.
func runesEnd(text string, at, count int) int {
	for range count {
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return at
}

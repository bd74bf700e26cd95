package corpus

import (
	"strings"
	"unicode"
)

// A Cleaner applies steps one after the other. It is immutable and safe for
// concurrent use.
type Cleaner struct {
	steps []Step
	words []Step // those that need no whole document
}

// NewCleaner makes a cleaner of these steps, which may be none.
func NewCleaner(steps ...Step) *Cleaner {
	c := &Cleaner{steps: steps}
	for _, s := range steps {
		if !s.Documents {
			c.words = append(c.words, s)
		}
	}
	return c
}

// WithoutDocumentSteps is the cleaner without the steps that need whole
// documents: the one for questions, where no line may go.
func (c *Cleaner) WithoutDocumentSteps() *Cleaner { return NewCleaner(c.words...) }

// Steps lists the names of the cleaner's steps with counts of zero.
func (c *Cleaner) Steps() []StepCount {
	counts := make([]StepCount, len(c.steps))
	for i, s := range c.steps {
		counts[i].Name = s.Name
	}
	return counts
}

// Clean cleans a text. Counts, if not nil, comes from Steps and receives the
// characters of each step and an example; its Documents are left alone.
func (c *Cleaner) Clean(text string, counts []StepCount) string {
	text, _ = c.run(c.steps, text, counts, false)
	return text
}

// CleanOffsets is Clean that also tells where each piece of the result stood
// in the text.
func (c *Cleaner) CleanOffsets(text string, counts []StepCount) (string, Offsets) {
	return c.run(c.steps, text, counts, true)
}

func (c *Cleaner) run(steps []Step, text string, counts []StepCount, offsets bool) (string, Offsets) {
	var o Offsets
	for _, s := range steps {
		e := edit{text: text, keep: offsets}
		s.Changes(text, e.change)
		if !e.changed {
			continue
		}
		text = e.result()
		if offsets {
			o.layers = append(o.layers, e.edges)
		}
		for i := range counts {
			if counts[i].Name == s.Name {
				counts[i].add(&e)
			}
		}
	}
	return text, o
}

// Word cleans one word of segmented text. What is nothing but white space and
// invisible characters gives no word; white space inside a word cuts it.
func (c *Cleaner) Word(word string, counts []StepCount) []string {
	text, _ := c.run(c.words, word, counts, false)
	return strings.Fields(text)
}

// Words cleans the words of a segmented sentence and keeps their boundaries.
// The steps see the whole sentence, since the words beside it decide what 著
// or 乾 becomes. From tells for each word that is given out which of the words
// given in it comes from; a word may vanish, and white space inside cuts one.
// What the steps make of several words together (three full stops that become
// an ellipsis) goes to the first of them.
func (c *Cleaner) Words(words []string, counts []StepCount) (cleaned []string, from []int) {
	joined := strings.Join(words, "")
	text, offsets := c.run(c.words, joined, counts, true)
	cleaned, from = make([]string, 0, len(words)), make([]int, 0, len(words))
	changed := len(offsets.layers) > 0
	start, end := 0, 0 // of the word in the cleaned text
	old := 0
	for i, w := range words {
		old += len(w)
		if changed {
			start, end = end, offsets.cleaned(old)
			w = text[start:end]
		}
		if w != "" && !strings.ContainsFunc(w, unicode.IsSpace) {
			cleaned, from = append(cleaned, w), append(from, i)
			continue
		}
		for _, part := range strings.Fields(w) {
			cleaned, from = append(cleaned, part), append(from, i)
		}
	}
	return cleaned, from
}

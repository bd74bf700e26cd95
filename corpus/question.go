package corpus

// A Question is a passage with one word missing.
//
// Words are the passage's words WITHOUT the blank, which stands before
// Words[Blank]: the left context is Words[:Blank], the right context is
// Words[Blank:], and 0 <= Blank <= len(Words).
type Question struct {
	ID       string   `json:"id"` // "qid_7" for CMRC 2017: without the angle brackets
	Words    []string `json:"words"`
	Blank    int      `json:"blank"`
	Answer   string   `json:"answer,omitempty"`   // "" where unknown
	Document string   `json:"document,omitempty"` // id of the document that it was made from

	// Surface holds the words as the input spells them, one for each of Words,
	// where cleaning has changed at least one (traditional characters); nil
	// where both are the same. A prediction is answered in this spelling.
	Surface []string `json:"surface,omitempty"`

	File string `json:"-"`
	Line int    `json:"-"`
}

// Left is the context before the blank. It shares memory with Words.
func (q Question) Left() []string { return q.Words[:q.Blank:q.Blank] }

// Right is the context after the blank. It shares memory with Words.
func (q Question) Right() []string { return q.Words[q.Blank:] }

// Spelling is the word as the passage spells it at its first occurrence: what
// stands in the input where Words holds the cleaned form. A word that does not
// occur is given back as it is.
func (q Question) Spelling(word string) string {
	for i, s := range q.Surface {
		if q.Words[i] == word {
			return s
		}
	}
	return word
}

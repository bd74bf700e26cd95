package corpus

import (
	"fmt"
	"unicode/utf8"
)

// Limits of what comes from outside. Whatever keeps them can be written and
// read back by every format of this module: the formats' own limits are wider.
const (
	// MaxWord is the length in characters beyond which a word is none, but a
	// picture in base64 or a run of Latin letters without an end. Such words are
	// dropped and counted.
	MaxWord = 256
	// MaxID is the length in bytes beyond which an id that stands in a file is
	// refused.
	MaxID = 1 << 10
	// MaxPassage is the number of words beyond which a question is refused.
	MaxPassage = 1 << 20
)

// Limits of the files of documents that this package writes and reads itself; in
// those that come from elsewhere, ids have at most MaxID bytes and lines MaxText. An
// id there is a file's path with an id and the numbers of a passage; a line is
// a text of MaxText bytes with its words beside it.
const (
	maxDocumentID   = 16 << 10
	maxDocumentLine = 1 << 30
)

// tooLong tells whether a word has more characters than a word can have.
func tooLong(word string) bool {
	return len(word) > MaxWord && utf8.RuneCountInString(word) > MaxWord
}

// dropLong takes out the words that are too long, in place, and tells how many.
func dropLong(words []string) ([]string, int) {
	kept := words[:0]
	for _, w := range words {
		if !tooLong(w) {
			kept = append(kept, w)
		}
	}
	return kept, len(words) - len(kept)
}

// longID is the Found of an id that is too long, "" for one that is not.
func longID(id string) string {
	if len(id) <= MaxID {
		return ""
	}
	return fmt.Sprintf("an id of %d bytes, %s", len(id), quote(id))
}

var wantID = fmt.Sprintf("an id of at most %d bytes", MaxID)

// longAnswer is the Found of an answer that is too long, "" for one that is not.
func longAnswer(word string) string {
	if !tooLong(word) {
		return ""
	}
	return fmt.Sprintf("an answer of %d characters, %s", utf8.RuneCountInString(word), quote(word))
}

var wantAnswerWord = fmt.Sprintf("a word of at most %d characters", MaxWord)

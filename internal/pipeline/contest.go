package pipeline

import (
	"fmt"
	"strings"

	"wakong/corpus"
)

// contestCandidates is how many words are ranked for the contest's format, which
// takes one: the first that can stand in it.
const contestCandidates = 8

// checkContestID refuses a question whose answer could not be read again in the
// contest's format.
func checkContestID(q corpus.Question) error {
	if readable(q.ID, "") {
		return nil
	}
	return &corpus.InputError{
		File: q.File, Line: q.Line, Found: fmt.Sprintf("the id %q", q.ID),
		Want: "one without spaces, line breaks, angle brackets and \"|||\", which the contest's format cannot hold; --format jsonl (predict.format) can",
	}
}

// contestWord is the best answer that can be read again; "|||" cannot.
func contestWord(a answered) string {
	for _, c := range a.candidates {
		if readable(a.id, c.Word) {
			return c.Word
		}
	}
	return ""
}

// readable asks the reader of the format itself.
func readable(id, word string) bool {
	read, err := corpus.ReadAnswers(strings.NewReader(corpus.FormatAnswer(id, word)+"\n"), "")
	if err != nil || read.Len() != 1 {
		return false
	}
	got, ok := read.Word(id)
	return ok && got == word
}

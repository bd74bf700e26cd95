package corpus

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding"
)

// Answers are the words of a contest's answer file, by question id.
type Answers struct {
	name  string
	ids   []string
	words map[string]string
	lines map[string]int
}

const wantAnswer = "`<qid_k> ||| word`"

// ReadAnswers reads lines "<qid_k> ||| word". Ids may have gaps and any order;
// an id that comes twice is an error that names the second line. Lines of
// white space are passed over. A word may be missing ("<qid_3> |||"): the
// answer is then "". Predictions are in the same format and so may be anything;
// where a source names an answer file, what is no single word is an error.
func ReadAnswers(r io.Reader, name string) (*Answers, error) {
	return readAnswers(r, name, nil)
}

func readAnswers(r io.Reader, name string, e encoding.Encoding) (*Answers, error) {
	a := &Answers{name: name, words: map[string]string{}, lines: map[string]int{}}
	lines := newLineReader(r, name, e)
	for {
		b, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = lines.checkNUL(b)
		}
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(string(b)) == "" {
			continue
		}
		fault := func(found, want string) error {
			return &InputError{File: name, Line: lines.line, Found: found, Want: want}
		}
		f := fieldsOf(b)
		if len(f) != 2 || !isBracketed(f[0]) {
			return nil, fault(quote(string(b)), wantAnswer)
		}
		id := f[0][1 : len(f[0])-1]
		if found := longID(id); found != "" {
			return nil, fault(found, wantID)
		}
		if first, ok := a.lines[id]; ok {
			return nil, fault(fmt.Sprintf("%s again (first in line %d)", f[0], first), "an id that occurs once")
		}
		a.ids = append(a.ids, id)
		a.words[id], a.lines[id] = f[1], lines.line
	}
	if len(a.ids) == 0 {
		return nil, &InputError{File: name, Found: foundEmpty, Want: wantAnswer + " lines"}
	}
	return a, nil
}

// readAnswersFile reads the answer file of a source, with which blanks are
// filled or questions answered: each answer must be one word, or missing.
// Messages call it by name, where there is one.
func readAnswersFile(from FileSystem, path, name string, e encoding.Encoding) (*Answers, error) {
	if name == "" {
		name = path
	}
	f, err := openFrom(from, path, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := readAnswers(f, name, e)
	if err != nil {
		return nil, err
	}
	for id, word := range a.All() {
		found := ""
		switch {
		case len(strings.Fields(word)) > 1:
			found = "an answer of several words, " + quote(word)
		case strings.Contains(word, Blank):
			found = "the blank as its own answer"
		case tooLong(word):
			found = longAnswer(word)
		default:
			continue
		}
		return nil, &InputError{File: name, Line: a.Line(id), Found: found, Want: wantAnswer}
	}
	return a, nil
}

// Len is the number of answers.
func (a *Answers) Len() int { return len(a.ids) }

// Word is the answer to the question with this id (without brackets).
func (a *Answers) Word(id string) (word string, ok bool) {
	word, ok = a.words[id]
	return word, ok
}

// Line is the line in which the id stands, 0 for an unknown id.
func (a *Answers) Line(id string) int { return a.lines[id] }

// Name is the name of the file, as given to ReadAnswers.
func (a *Answers) Name() string { return a.name }

// All gives ids and words in the order of the file.
func (a *Answers) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, id := range a.ids {
			if !yield(id, a.words[id]) {
				return
			}
		}
	}
}

// FormatAnswer is a line of the contest's answer format, without line end.
func FormatAnswer(id, word string) string { return "<" + id + "> " + separator + " " + word }

// unknown is the error for the first answer to a question that is not among
// the ids asked, nil if there is none.
func (a *Answers) unknown(asked map[string]bool) error {
	for _, id := range a.ids {
		if !asked[id] {
			return &InputError{File: a.name, Line: a.lines[id], Found: "an answer for <" + id + ">",
				Want: "ids that the questions have"}
		}
	}
	return nil
}

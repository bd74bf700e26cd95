package model

import (
	"fmt"
	"iter"

	"wakong/corpus"
	"wakong/vocab"
)

// An Example is a question as word ids. An id below the vocabulary's length is
// that of the vocabulary, 0 never stands in a context; the id length+i is
// Unknown[i], a word of this passage that the vocabulary lacks.
type Example struct {
	ID      string
	Left    []int32 // words left of the blank, in reading order
	Right   []int32 // words right of the blank
	Answer  int32   // id of the answer, 0 if it is not a word of the passage
	Unknown []string
}

// NewExample looks the question's words up in the vocabulary. A word that
// holds nothing, a passage without words and a blank outside of it are errors.
func NewExample(q corpus.Question, v *vocab.Vocabulary) (Example, error) {
	where := q.ID
	if q.File != "" {
		where = fmt.Sprintf("%s:%d: question %s", q.File, q.Line, q.ID)
	}
	if len(q.Words) == 0 {
		return Example{}, fmt.Errorf("%s: the passage has no words but the blank", where)
	}
	if q.Blank < 0 || q.Blank > len(q.Words) {
		return Example{}, fmt.Errorf("%s: the blank stands at %d of %d words", where, q.Blank, len(q.Words))
	}
	e := Example{ID: q.ID}
	private := map[string]int32{}
	ids := make([]int32, len(q.Words))
	for i, w := range q.Words {
		if w == "" {
			return Example{}, fmt.Errorf("%s: word %d is empty", where, i+1)
		}
		id := v.ID(w)
		if id == vocab.UNK {
			p, ok := private[w]
			if !ok {
				p = int32(v.Len() + len(e.Unknown))
				private[w] = p
				e.Unknown = append(e.Unknown, w)
			}
			id = p
		}
		ids[i] = id
		if w == q.Answer {
			e.Answer = id
		}
	}
	e.Left, e.Right = ids[:q.Blank:q.Blank], ids[q.Blank:]
	return e, nil
}

// Word gives the word of an id that stands in the example.
func (e Example) Word(id int32, v *vocab.Vocabulary) string {
	if n := int(id) - v.Len(); n >= 0 {
		if n < len(e.Unknown) {
			return e.Unknown[n]
		}
		return ""
	}
	return v.Word(id)
}

// Words is the number of words left and right of the blank.
func (e Example) Words() int { return len(e.Left) + len(e.Right) }

// ExamplesReport counts what [Examples] has seen.
type ExamplesReport struct {
	Questions  int `json:"questions"`
	Words      int `json:"words"`
	Unknown    int `json:"unknown_words"`      // places whose word the vocabulary lacks
	NoAnswer   int `json:"answer_not_stated"`  // questions without an answer
	Absent     int `json:"answer_not_in_text"` // the answer is no word of the passage
	OutOfVocab int `json:"answer_unknown"`     // the answer stands in the passage, but not in the vocabulary
}

// Examples turns questions into examples as they come. Questions whose answer
// does not stand in their passage are counted, and left out when trainable is
// set: nothing can be learned from them.
func Examples(questions iter.Seq2[corpus.Question, error], v *vocab.Vocabulary, trainable bool, report *ExamplesReport) iter.Seq2[Example, error] {
	return func(yield func(Example, error) bool) {
		for q, err := range questions {
			if err != nil {
				yield(Example{}, err)
				return
			}
			e, err := NewExample(q, v)
			if err != nil {
				yield(Example{}, err)
				return
			}
			report.Questions++
			report.Words += e.Words()
			for _, side := range [][]int32{e.Left, e.Right} {
				for _, id := range side {
					if int(id) >= v.Len() {
						report.Unknown++
					}
				}
			}
			switch {
			case q.Answer == "":
				report.NoAnswer++
			case e.Answer == 0:
				report.Absent++
			case int(e.Answer) >= v.Len():
				report.OutOfVocab++
			}
			if trainable && e.Answer == 0 {
				continue
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Add adds the counts of other questions.
func (r *ExamplesReport) Add(other ExamplesReport) {
	r.Questions += other.Questions
	r.Words += other.Words
	r.Unknown += other.Unknown
	r.NoAnswer += other.NoAnswer
	r.Absent += other.Absent
	r.OutOfVocab += other.OutOfVocab
}

package model

import (
	"fmt"
	"strings"
)

// A Labeled is a word with the id of its question and the place it was read
// from: a line of a predictions or answers file.
type Labeled struct {
	ID   string
	Word string
	File string
	Line int
}

// Evaluation scores predictions against answers.
type Evaluation struct {
	Questions int     `json:"questions"` // questions in the answers
	Correct   int     `json:"correct"`
	Accuracy  float64 `json:"accuracy"` // Correct / Questions, from 0 to 1
}

// Evaluate matches predictions and answers by id and compares the words
// exactly, white space around them aside. A missing or empty prediction is
// wrong. A repeated id, in either, and a prediction without a question are
// errors that name the line.
func Evaluate(predictions, answers []Labeled) (Evaluation, error) {
	if len(answers) == 0 {
		return Evaluation{}, fmt.Errorf("model: no answers to evaluate against")
	}
	truth := make(map[string]Labeled, len(answers))
	for _, a := range answers {
		if first, ok := truth[a.ID]; ok {
			return Evaluation{}, fmt.Errorf("%s:%d: found a second answer for %s, the first stands in line %d; expected one a question", a.File, a.Line, a.ID, first.Line)
		}
		truth[a.ID] = a
	}
	e := Evaluation{Questions: len(truth)}
	seen := make(map[string]int, len(predictions))
	for _, p := range predictions {
		if line, ok := seen[p.ID]; ok {
			return Evaluation{}, fmt.Errorf("%s:%d: found a second prediction for %s, the first stands in line %d; expected one a question", p.File, p.Line, p.ID, line)
		}
		seen[p.ID] = p.Line
		a, ok := truth[p.ID]
		if !ok {
			return Evaluation{}, fmt.Errorf("%s:%d: found a prediction for %s, which has no answer in %s", p.File, p.Line, p.ID, answers[0].File)
		}
		word := strings.TrimSpace(p.Word)
		if word != "" && word == strings.TrimSpace(a.Word) {
			e.Correct++
		}
	}
	e.Accuracy = float64(e.Correct) / float64(e.Questions)
	return e, nil
}

package pipeline

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"wakong/corpus"
	"wakong/internal/ui"
)

// Score is what evaluate finds.
type Score struct {
	Questions int     `json:"questions"` // in the answers
	Correct   int     `json:"correct"`
	Accuracy  float64 `json:"accuracy"` // from 0 to 1
}

// Evaluate compares a file of predictions with one of answers and prints the
// score.
func Evaluate(predictions, answers string, asJSON bool, reporter *ui.Reporter) error {
	predicted, err := readAnswers(predictions)
	if err != nil {
		return err
	}
	right, err := readAnswers(answers)
	if err != nil {
		return err
	}
	score, err := compare(predicted, right)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(reporter.Out()).Encode(score)
	}
	reporter.Printf("%d of %d correct: accuracy %.4f (%.2f %%)\n", score.Correct, score.Questions, score.Accuracy, 100*score.Accuracy)
	return nil
}

func readAnswers(name string) (a *corpus.Answers, err error) {
	err = open(name, func(in io.Reader) error {
		a, err = corpus.ReadAnswers(in, name)
		return err
	})
	return a, err
}

// compare scores predictions. A missing or empty one is wrong; one for a
// question that there is no answer to is an error.
func compare(predicted, right *corpus.Answers) (Score, error) {
	score := Score{Questions: right.Len()}
	for id, word := range predicted.All() {
		answer, known := right.Word(id)
		if !known {
			return score, &corpus.InputError{
				File: predicted.Name(), Line: predicted.Line(id),
				Found: fmt.Sprintf("a prediction for <%s>", id), Want: "ids that " + right.Name() + " has",
			}
		}
		if word = strings.TrimSpace(word); word != "" && word == strings.TrimSpace(answer) {
			score.Correct++
		}
	}
	score.Accuracy = float64(score.Correct) / float64(score.Questions)
	return score, nil
}

package pipeline

import (
	"encoding/json"
	"io"

	"wakong/corpus"
	"wakong/internal/ui"
	"wakong/model"
)

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
	score, err := model.Evaluate(labeled(predicted), labeled(right))
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

// labeled gives the answers their places in the file, for messages.
func labeled(a *corpus.Answers) []model.Labeled {
	var out []model.Labeled
	for id, word := range a.All() {
		out = append(out, model.Labeled{ID: "<" + id + ">", Word: word, File: a.Name(), Line: a.Line(id)})
	}
	return out
}

package pipeline

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"wakong/corpus"
	"wakong/internal/demo"
	"wakong/model"
)

// shownQuestions is how many questions the demonstration prints.
const shownQuestions = 5

// showDemonstration prints some questions with the answers found, and the
// network's accuracy beside those of two ways to answer without a network.
func (p *Pipeline) showDemonstration(ctx context.Context) error {
	predictions, err := p.demonstrated()
	if err != nil {
		return err
	}
	input := p.config.Build.Valid[0]
	right, err := readAnswers(ctx, input.Answers.Resolved(), nil)
	if err != nil {
		return err
	}
	options := corpus.QuestionOptions{Cleaner: p.cleaner(p.text())}
	source := corpus.QuestionSource{Format: input.Format, Path: input.Path.Resolved(), Name: demo.Questions}
	var questions []corpus.Question
	for q, err := range source.Questions(ctx, options) {
		if err != nil {
			return err
		}
		questions = append(questions, q)
	}
	answer := func(id string) string {
		word, _ := right.Word(id)
		return word
	}
	jieba, err := p.segmenter(p.config.Segment.HMM)
	if err != nil {
		return err
	}
	correct := 0
	var text strings.Builder
	for i, q := range questions {
		found := predictions[q.ID]
		if len(found) > 0 && found[0].Word == answer(q.ID) {
			correct++
		}
		// Spread over the questions, which stand tale by tale.
		if every := max(1, len(questions)/shownQuestions); i%every == 0 {
			describeQuestion(&text, q, found, answer(q.ID))
		}
	}
	b := demo.Measure(questions, answer, jieba.IsNoun)
	fmt.Fprintf(&text, "\nAccuracy on %d questions about tales that were not trained on:\n", len(questions))
	fmt.Fprintf(&text, "  any noun of the passage   %5.1f %%\n", 100*b.AnyNoun)
	fmt.Fprintf(&text, "  the most frequent noun    %5.1f %%\n", 100*b.MostFrequentNoun)
	fmt.Fprintf(&text, "  the network               %5.1f %%\n", 100*float64(correct)/float64(max(1, len(questions))))
	p.ui.Printf("%s", text.String())
	return nil
}

// demonstrated reads the predictions by question.
func (p *Pipeline) demonstrated() (map[string][]model.Candidate, error) {
	path, err := p.workspace.File(Predict, predictionsFile(p.config.Predict.Format))
	if err != nil {
		return nil, err
	}
	out := map[string][]model.Candidate{}
	return out, open(path, func(in io.Reader) error {
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			var prediction model.Prediction
			if err := json.Unmarshal(lines.Bytes(), &prediction); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			out[prediction.ID] = prediction.Answers
		}
		return lines.Err()
	})
}

// describeQuestion prints the words around a blank and the answers found.
func describeQuestion(w *strings.Builder, q corpus.Question, found []model.Candidate, right string) {
	const around = 12 // words on each side
	left, after := q.Left(), q.Right()
	if len(left) > around {
		left = append([]string{"..."}, left[len(left)-around:]...)
	}
	if len(after) > around {
		after = append(append([]string{}, after[:around]...), "...")
	}
	fmt.Fprintf(w, "\n%s____%s\n", corpus.JoinWords(left), corpus.JoinWords(after))
	var words []string
	for _, c := range found {
		words = append(words, fmt.Sprintf("%s %.0f %%", c.Word, 100*c.Probability))
	}
	verdict := "wrong, it is " + right
	if len(found) > 0 && found[0].Word == right {
		verdict = "right"
	}
	fmt.Fprintf(w, "  %s   (%s)\n", strings.Join(words, ", "), verdict)
}

package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"os"

	"wakong/corpus"
	"wakong/embed"
	"wakong/internal/config"
	"wakong/model"
	"wakong/model/lstm"
)

// modelFiles are the paths of what an answerer is made of.
type modelFiles struct {
	card, weights, text string // of the stage train
	words, vectors      string // of the stage embed, as the network was trained with
	segmenter           string // of the stage segment; "" where text was cut by jieba alone
	// No vectors are those of a network that has its own among its weights.
}

// An answerer answers questions with a trained network.
type answerer struct {
	network network
	vectors *embed.Vectors
	text    textParams
	files   modelFiles
}

func loadAnswerer(f modelFiles, kernel lstm.Kernel, threads int) (*answerer, error) {
	a := &answerer{files: f}
	var card modelCard
	if err := readJSON(f.card, &card); err != nil {
		return nil, err
	}
	if err := card.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", f.card, err)
	}
	if err := readJSON(f.text, &a.text); err != nil {
		return nil, err
	}
	weights, err := readWeights(f.weights)
	if err != nil {
		return nil, err
	}
	enough := func(parameters int) error { return f.enough(weights, parameters) }
	if f.vectors == "" {
		a.vectors, err = card.roomForVectors(f, enough)
	} else {
		a.vectors, err = readVectors(f.words, f.vectors)
	}
	if err != nil {
		return nil, err
	}
	if a.network, err = card.makeNetwork(a.vectors, kernel, threads, enough); err != nil {
		return nil, fmt.Errorf("%s: %w", f.card, err)
	}
	if err := a.network.SetWeights(weights); err != nil {
		return nil, fmt.Errorf("%s: %w", f.weights, err)
	}
	return a, nil
}

// readWeights reads from the file itself, whose size is known then.
func readWeights(path string) (model.Weights, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	weights, _, err := model.ReadWeights(in, path)
	return weights, err
}

// enough reports weights of fewer numbers than the card's network learns: a card that was
// altered would have memory taken for any size, long before the weights do not fit.
func (f modelFiles) enough(weights model.Weights, parameters int) error {
	numbers := 0
	for _, t := range weights {
		numbers += len(t.Data)
	}
	if parameters > numbers {
		return fmt.Errorf("found a network of %d parameters, but %s has %d numbers; the two files do not belong together", parameters, f.weights, numbers)
	}
	return nil
}

func (a *answerer) close() error { return a.network.Close() }

// answers of one question, in the question's own spelling.
type answered struct {
	id         string
	candidates []model.Candidate
}

// answer answers questions in their order. A passage without any word has no
// candidates.
func (a *answerer) answer(ctx context.Context, questions iter.Seq2[corpus.Question, error], top int, progress func(done, total int64)) ([]answered, error) {
	var all []answered
	var asked []corpus.Question
	var examples []model.Example
	var place []int // of each example in all
	for q, err := range questions {
		if err != nil {
			return nil, err
		}
		all = append(all, answered{id: q.ID})
		if len(q.Words) == 0 {
			continue
		}
		e, err := model.NewExample(q, a.vectors.Vocabulary)
		if err != nil {
			return nil, err
		}
		place = append(place, len(all)-1)
		examples, asked = append(examples, e), append(asked, q)
	}
	predictions, err := model.Predict(ctx, a.network, a.vectors.Vocabulary, examples, top, progress)
	if err != nil {
		return nil, err
	}
	for i, prediction := range predictions {
		for _, c := range prediction.Answers {
			to := &all[place[i]]
			to.candidates = append(to.candidates, shownCandidate(asked[i], c))
		}
	}
	return all, nil
}

// shownCandidate has the question's own spelling and six digits.
func shownCandidate(q corpus.Question, c model.Candidate) model.Candidate {
	return model.Candidate{Word: q.Spelling(c.Word), Probability: sixDigits(c.Probability)}
}

func sixDigits(probability float64) float64 { return math.Round(probability*1e6) / 1e6 }

// writeAnswers writes answers in one of the formats of predict.format.
func writeAnswers(w io.Writer, answers []answered, format string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, a := range answers {
		if format == "jsonl" {
			candidates := a.candidates
			if candidates == nil {
				candidates = []model.Candidate{}
			}
			if err := e.Encode(model.Prediction{ID: a.id, Answers: candidates}); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintln(w, corpus.FormatAnswer(a.id, contestWord(a))); err != nil {
			return err
		}
	}
	return nil
}

// questions reads the questions of predict.input, cut as the network's text was;
// learned is the path of its segmenter.
func (p *Pipeline) questions(ctx context.Context, params config.PredictParams, t textParams, learned string, stdin io.Reader) (iter.Seq2[corpus.Question, error], error) {
	if stdin != nil {
		p.ui.Debug(Predict, "waiting for questions from %s", params.Input.Written())
	}
	source, in, err := openQuestions(ctx, params, stdin)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	options := corpus.QuestionOptions{Cleaner: p.cleaner(t)}
	if source.Format == corpus.FormatJSONLines || source.Format == corpus.FormatText {
		if options, err = p.questionOptions(ctx, t, learned); err != nil {
			return nil, err
		}
	}
	return func(yield func(corpus.Question, error) bool) {
		defer in.Close()
		for q, err := range source.Read(ctx, in, options) {
			if err != nil && ctx.Err() != nil {
				err = ctx.Err()
			}
			q.File = source.Name
			if err == nil && params.Format == "contest" {
				err = checkContestID(q)
			}
			if !yield(q, err) {
				return
			}
		}
	}, nil
}

package model

import (
	"cmp"
	"context"
	"math"
	"slices"

	"wakong/vocab"
)

// A Candidate is a word of the passage and the probability that it fills the
// blank.
type Candidate struct {
	Word        string  `json:"word"`
	Probability float64 `json:"probability"`
}

// A Prediction ranks the words of one passage, most probable first; words of
// equal probability stand in the order of their first places.
type Prediction struct {
	ID      string      `json:"id"`
	Answers []Candidate `json:"answers"`
}

// Answer is the most probable word, "" where there is none.
func (p Prediction) Answer() string {
	if len(p.Answers) == 0 {
		return ""
	}
	return p.Answers[0].Word
}

// ranked is a word id with its summed probability.
type ranked struct {
	id          int32
	probability float64
}

// rank adds up the probabilities of repeated words and sorts them.
func rank(e Example, probabilities []float64) []ranked {
	var all []ranked
	place := make(map[int32]int, len(probabilities))
	for i, p := range probabilities {
		id := int32(0)
		if i < len(e.Left) {
			id = e.Left[i]
		} else {
			id = e.Right[i-len(e.Left)]
		}
		at, ok := place[id]
		if !ok {
			at = len(all)
			place[id] = at
			all = append(all, ranked{id: id})
		}
		all[at].probability += p
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.probability, a.probability) })
	return all
}

// Rank gives the words of an example, most probable first, from the
// probabilities of its positions. top bounds their number; 0 keeps all.
func Rank(e Example, probabilities []float64, v *vocab.Vocabulary, top int) []Candidate {
	words := rank(e, probabilities)
	if top > 0 && len(words) > top {
		words = words[:top]
	}
	candidates := make([]Candidate, len(words))
	for i, w := range words {
		candidates[i] = Candidate{Word: e.Word(w.id, v), Probability: w.probability}
	}
	return candidates
}

// predictBatch is how many examples are scored at once.
const predictBatch = 160

// A Scorer is a network that gives, for each example, the probability of each
// position, those of the left context first.
type Scorer interface {
	Probabilities([]Example) ([][]float64, error)
}

// Predict answers examples in their order. top bounds the candidates of each
// prediction; 0 keeps all. progress, if not nil, is called now and then.
func Predict(ctx context.Context, n Scorer, v *vocab.Vocabulary, examples []Example, top int, progress func(done, total int64)) ([]Prediction, error) {
	var all []Prediction
	err := forEach(ctx, n, examples, func(e Example, p []float64) {
		all = append(all, Prediction{ID: e.ID, Answers: Rank(e, p, v, top)})
	}, progress)
	return all, err
}

// Accuracy is the share of examples whose most probable word is the answer.
// Examples without a possible answer count as wrong.
func Accuracy(ctx context.Context, n Scorer, examples []Example, progress func(done, total int64)) (float64, error) {
	v, err := Validate(ctx, n, examples, progress)
	return v.Accuracy, err
}

// A Validation tells how well examples are answered.
type Validation struct {
	Accuracy float64
	// Loss is the mean of -ln p, p being the answer's probability, or
	// leastProbability where that is more, to six digits behind the point: CPUs
	// may compute further ones differently.
	Loss float64
}

// leastProbability bounds what one answer that was thought impossible costs.
const leastProbability = 1e-6

// Validate answers examples. Those without a possible answer count as wrong, with the
// largest loss. Without examples both figures are 0.
func Validate(ctx context.Context, n Scorer, examples []Example, progress func(done, total int64)) (Validation, error) {
	correct, loss := 0, 0.0
	err := forEach(ctx, n, examples, func(e Example, p []float64) {
		answer := leastProbability
		for i, c := range rank(e, p) {
			if e.Answer != 0 && c.id == e.Answer {
				if i == 0 {
					correct++
				}
				answer = max(answer, c.probability)
			}
		}
		loss -= math.Log(answer)
	}, progress)
	if err != nil || len(examples) == 0 {
		return Validation{}, err
	}
	count := float64(len(examples))
	return Validation{Accuracy: float64(correct) / count, Loss: math.Round(1e6*loss/count) / 1e6}, nil
}

// forEach gives f each example and its positions' probabilities, in order.
func forEach(ctx context.Context, n Scorer, examples []Example, f func(Example, []float64), progress func(done, total int64)) error {
	for from := 0; from < len(examples); from += predictBatch {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := examples[from:min(from+predictBatch, len(examples))]
		probabilities, err := n.Probabilities(part)
		if err != nil {
			return err
		}
		for i, e := range part {
			f(e, probabilities[i])
		}
		if progress != nil {
			progress(int64(from+len(part)), int64(len(examples)))
		}
	}
	return nil
}

package reader

import (
	"fmt"
	"math"

	"wakong/model"
)

// Probabilities computes, for each example, the probability of each position,
// those of the left context first; a word's is the sum over its positions. They are
// not the softmax that is trained; see the package's description. Positions that are
// no candidates have 0. In a passage without candidates all words of Chinese
// characters are equally probable, and without such words all words.
func (n *Network[T]) Probabilities(examples []model.Example) ([][]float64, error) {
	n.random = nil
	var all [][]float64
	for from := 0; from < len(examples); {
		to, words := from, 0
		for to < len(examples) && (to == from || words+examples[to].Words()+1 <= n.o.MaxWords) {
			words += examples[to].Words() + 1
			to++
		}
		part, err := n.probabilities(examples[from:to])
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
		from = to
	}
	return all, nil
}

func (n *Network[T]) probabilities(examples []model.Example) ([][]float64, error) {
	passages := make([]*passage, len(examples))
	for i, e := range examples {
		passages[i] = n.lexicon.question(e)
	}
	b, err := n.pack(passages, nil)
	if err != nil {
		return nil, err
	}
	if _, err := n.forward(b); err != nil {
		return nil, err
	}
	all := make([][]float64, len(examples))
	for i, e := range examples {
		positions := make([]float64, e.Words()+1)
		sum := 0.0
		for j, t := range b.keys.of(i) {
			positions[t] = float64(n.pass.scores[i][j])
			sum += positions[t]
		}
		blank := len(e.Left)
		switch {
		case math.IsNaN(sum):
			return nil, fmt.Errorf("reader: the scores of question %q are no numbers; the weights are too large to compute with", e.ID)
		case sum == 0:
			n.lexicon.anyWord(passages[i], blank, positions)
		default:
			pool(passages[i].words, positions)
		}
		all[i] = append(positions[:blank], positions[blank+1:]...)
	}
	return all, nil
}

// pool changes the softmax of positions so that a word's probability, still the sum
// over its positions, is proportional to the root of the sum of their squares. The
// plain sum, which is what is trained, expects words that stand often to be asked for
// more often than they are; the largest alone would leave aside that several places
// speak for a word.
func pool(words []int32, positions []float64) {
	squares := map[int32]float64{}
	for i, p := range positions {
		squares[words[i]] += float64(p * p)
	}
	total, seen := 0.0, map[int32]bool{}
	for _, id := range words {
		if !seen[id] {
			seen[id] = true
			total += math.Sqrt(squares[id])
		}
	}
	for i, p := range positions {
		if s := squares[words[i]]; s > 0 {
			positions[i] = float64(p*p) / (math.Sqrt(s) * total)
		}
	}
}

// anyWord spreads probability over all words, those of Chinese characters if
// there are any.
func (l *Lexicon) anyWord(p *passage, blank int, positions []float64) {
	count := 0
	for i, id := range p.words {
		if _, ok := chinese(l.word(p, id)); ok && i != blank {
			positions[i] = 1
			count++
		}
	}
	if count == 0 {
		for i := range positions {
			positions[i] = 1
		}
		positions[blank] = 0
		count = len(positions) - 1
	}
	for i := range positions {
		positions[i] /= float64(max(1, count))
	}
}

package reader

import "fmt"

// timesRanges is the most shares that [Options].Answers may have.
const timesRanges = 16

// setAnswers weighs the blanks by how often their word stands elsewhere in the
// passage, so that their weights have the shares that [Options].Answers
// names. Each noun of a text that repeats is a blank, and most repeat once;
// where those who ask choose what the passage is about, their answers repeat
// more often, and how often a word stands tells much about whether it is the
// answer.
func (n *Network[T]) setAnswers(passages [][]*passage) {
	n.weights = nil
	if len(n.o.Answers) == 0 {
		return
	}
	counts := make([]float64, len(n.o.Answers))
	total, wanted := 0.0, 0.0
	for _, step := range passages {
		for _, p := range step {
			for _, times := range p.times {
				counts[n.timesRange(times)]++
				total++
			}
		}
	}
	for _, share := range n.o.Answers {
		wanted += share
	}
	n.weights = make([]float64, len(counts))
	for i, count := range counts {
		if count > 0 {
			n.weights[i] = float64(n.o.Answers[i]/wanted) * total / count
		}
	}
}

func (n *Network[T]) timesRange(times uint8) int {
	return min(len(n.o.Answers), max(1, int(times))) - 1
}

// weight is that of a blank whose word stands elsewhere so many times.
func (n *Network[T]) weight(times uint8) float64 {
	if n.weights == nil {
		return 1
	}
	return n.weights[n.timesRange(times)]
}

// weigh gives each blank of the batch its share of the loss.
func (n *Network[T]) weigh(b *batch) {
	b.shares = grow(b.shares, len(b.blanks.at))
	sum := 0.0
	for i, p := range b.passages {
		for a := range b.blanks.of(i) {
			w := 1.0
			if len(p.times) > 0 {
				w = n.weight(p.times[a])
			}
			b.shares[b.blanks.first[i]+a] = w
			sum += w
		}
	}
	for i := range b.shares {
		b.shares[i] /= max(sum, 1e-9)
	}
}

func checkAnswers(shares []float64) error {
	if len(shares) > timesRanges {
		return fmt.Errorf("reader: %d shares of answers, expected at most %d", len(shares), timesRanges)
	}
	sum := 0.0
	for i, s := range shares {
		if !(s >= 0 && s <= 1e6) {
			return fmt.Errorf("reader: the share of answers that stand %d times is %g, expected 0 or more", i+1, s)
		}
		sum += s
	}
	if len(shares) > 0 && sum == 0 {
		return fmt.Errorf("reader: the shares of answers are all 0")
	}
	return nil
}

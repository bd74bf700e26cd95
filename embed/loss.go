package embed

import (
	"fmt"
	"math"
)

// A LossPoint is the mean loss of some pairs in one part of a training.
type LossPoint struct {
	// Words done when its last pair was measured, counted like progress.
	Words int64 `json:"words"`
	// Pairs that were measured.
	Pairs int64 `json:"pairs"`
	// Loss of a pair, in nats, before it was trained: with x the input vector, y
	// the output vector of the word and n those of its negative samples,
	// -log s(x*y) - sum of log s(-x*n), s being the logistic function. Vectors
	// that nothing is known of have (1+negative)*log 2.
	Loss float64 `json:"loss"`
}

const (
	// lossParts is how many points the curve of a whole training has at most.
	lossParts = 100
	// lossBlocks: of so many blocks of text one is looked at, of which
	// lossPairs pairs are measured. Every number of threads must divide it, for
	// the block to be the first of its step whatever their number, so that it
	// is measured with the same weights. Measuring takes some thousandth of the
	// time of training.
	lossBlocks = 64
	lossPairs  = 256
)

// curve is the loss so far.
type curve []LossPoint

// lossPart is the part of the training that a number of words falls into.
func (t *trainer) lossPart(words int64) int64 {
	return words * lossParts / (t.text.words * int64(t.p.Epochs))
}

// measure takes the loss of pairs, evenly spread over a batch that has not been
// trained, and tells of the curve. Nothing random is drawn and no weight changes. A loss
// that is no number is an error: no vector comes of weights that are none, and no
// checkpoint could hold it.
func (t *trainer) measure(b *batch) error {
	pairs := len(b.inputs)
	if pairs == 0 {
		return nil
	}
	sum, n := 0.0, min(pairs, lossPairs)
	for i := range n {
		sum += t.pairLoss(b, int(int64(i)*int64(pairs)/int64(n)))
	}
	point := LossPoint{Words: t.at.Words, Pairs: int64(n), Loss: sum / float64(n)}
	if math.IsNaN(point.Loss) || math.IsInf(point.Loss, 0) {
		return fmt.Errorf("embed: training diverged: after %d words a pair's loss is %v; a smaller alpha than %g may help", point.Words, point.Loss, t.p.Alpha)
	}
	if last := len(t.losses) - 1; last >= 0 && t.lossPart(t.losses[last].Words) == t.lossPart(t.at.Words) {
		before := t.losses[last]
		point.Pairs += before.Pairs
		point.Loss = before.Loss + float64((point.Loss-before.Loss)*(float64(n)/float64(point.Pairs)))
		t.losses = t.losses[:last]
	}
	t.losses = append(t.losses, point)
	if t.o.Loss != nil {
		t.o.Loss(t.losses)
	}
	return nil
}

func (t *trainer) pairLoss(b *batch, pair int) float64 {
	from := int32(0)
	if pair > 0 {
		from = b.ends[pair-1]
	}
	stride := t.parts * t.width
	x := t.in[int(b.inputs[pair])*stride:][:stride]
	loss := 0.0
	for _, target := range b.targets[from:b.ends[pair]] {
		sign := 1.0
		if target < 0 { // the positive sample
			target, sign = -target, -1
		}
		score := 0.0
		for i, y := range t.out[int(target)*stride:][:stride] {
			score += float64(x[i]) * float64(y) // exact, so that fusing it changes nothing
		}
		loss += softplus(sign * score)
	}
	return loss
}

// softplus is log(1+exp(x)), the negative logarithm of the logistic function of
// -x.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

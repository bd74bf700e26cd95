package reader

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestNoBlankDrawn: a step whose light blanks are all left out by chance is a step like
// any other, also where no other word is predicted.
func TestNoBlankDrawn(t *testing.T) {
	for name, o := range map[string]Options{
		"no word loss":    {Reread: 5},
		"no other words":  {WordLoss: 1},
		"words sampled":   {WordLoss: 1, WordSamples: 300},
		"without reading": {},
	} {
		o.Answers.Lightest, o.VectorRate, o.Clip = 10, 0.5, 1
		o = small(o)
		o.Units, o.Hidden, o.Keys = 150, 300, 140 // more columns than one task takes
		n := newSmall[float32](t, o)
		text := smallTexts(n.vocabulary-1, 25)[0]
		p := n.lexicon.text(text.Left, nil, false)
		p.blanks, p.traits = nil, nil
		a := newOptimizer(n)
		n.random = rand.New(rand.NewPCG(1, 2))
		b, err := n.pack([]*passage{p}, n.random)
		if err != nil {
			t.Fatal(err)
		}
		loss, err := n.learn(b, a, 0.01)
		n.random = nil
		if err != nil || loss != (Loss{}) {
			t.Errorf("%s: loss %+v, %v", name, loss, err)
		}
		for _, x := range n.theta {
			if math.IsNaN(float64(x)) {
				t.Fatalf("%s: weights that are no numbers", name)
			}
		}
	}
}

// TestFewBlanksDrawn: a whole training some of whose steps ask for nothing.
func TestFewBlanksDrawn(t *testing.T) {
	for _, loss := range []float64{0, 1} {
		o := small(Options{WordLoss: loss, Answers: Answers{Lightest: 10}})
		o.Units, o.Hidden, o.Keys = 150, 300, 140
		n := newSmall[float32](t, o)
		result, err := Train(t.Context(), n, smallTexts(n.vocabulary-1, 21, 22, 23, 24, 25, 26), nil, TrainOptions{Epochs: 3, StepWords: 1})
		if err != nil || result.Steps != 18 {
			t.Fatalf("word loss %g: %d steps, %v", loss, result.Steps, err)
		}
		for _, m := range result.Metrics {
			if math.IsNaN(m.Loss) || math.IsNaN(m.WordLoss) {
				t.Errorf("word loss %g: %+v", loss, m)
			}
		}
	}
}

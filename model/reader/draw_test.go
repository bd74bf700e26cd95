package reader

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestDraw: over many steps each blank counts as much as without drawing, heavy ones
// are always asked for, and the passages stay as they were.
func TestDraw(t *testing.T) {
	for _, answers := range []Answers{{Times: []float64{1, 3, 2}, Earlier: 40, Lightest: 1.2}, {Lightest: 2}} {
		holdDraws(t, answers)
	}
	for _, lightest := range []float64{-1, 11, math.NaN()} {
		if _, err := small(Options{Answers: Answers{Lightest: lightest}}).withDefaults(); err == nil {
			t.Errorf("no error for the lightest weight %g", lightest)
		}
	}
}

// weighed are passages with weighed blanks.
func weighed(t *testing.T, answers Answers) (*Network[float32], []*passage) {
	t.Helper()
	n := newSmall[float32](t, small(Options{Answers: answers}))
	var passages []*passage
	for _, text := range smallTexts(n.vocabulary-1, 20, 60, 90) {
		p := n.lexicon.text(text.Left, text.Unknown, false)
		n.describe(p)
		passages = append(passages, p)
	}
	n.setAnswers([][]*passage{passages})
	return n, passages
}

// holdDraws draws often and counts.
func holdDraws(t *testing.T, answers Answers) {
	t.Helper()
	n, passages := weighed(t, answers)
	before := make([]passage, len(passages))
	for i, p := range passages {
		before[i] = *p
	}

	const steps = 20000
	rng := rand.New(rand.NewPCG(3, 4))
	counts := make([]map[int32]float64, len(passages))
	for i := range counts {
		counts[i] = map[int32]float64{}
	}
	for range steps {
		for i, p := range n.draw(passages, rng) {
			if len(p.traits) != len(p.blanks) {
				t.Fatalf("%d blanks have the traits of %d", len(p.blanks), len(p.traits))
			}
			for a, at := range p.blanks {
				counts[i][at] += max(n.weight(p.traits[a]), n.o.Answers.Lightest)
			}
		}
	}
	light := 0
	for i, p := range passages {
		if !reflect.DeepEqual(*p, before[i]) {
			t.Errorf("passage %d has changed", i)
		}
		for a, at := range p.blanks {
			want, got := n.weight(p.traits[a]), counts[i][at]/steps
			// Five standard deviations of a share of chance.
			tolerance := 1e-9
			if want < n.o.Answers.Lightest {
				light++
				tolerance = 5 * n.o.Answers.Lightest * math.Sqrt(0.25/steps)
			}
			if math.Abs(got-want) > tolerance {
				t.Errorf("passage %d: the blank at %d counts %.3f a step, want its weight %.3f", i, at, got, want)
			}
		}
	}
	if light == 0 {
		t.Errorf("%+v: no blank is light", answers)
	}
}

// TestDrawnShares: a step's loss is shared among the blanks that were drawn, by their
// weights, light ones by the least.
func TestDrawnShares(t *testing.T) {
	n, passages := weighed(t, Answers{Times: []float64{1, 3, 2}, Earlier: 40, Lightest: 1.2})
	drawn := n.draw(passages, rand.New(rand.NewPCG(5, 6)))
	b, err := n.pack(drawn, nil)
	if err != nil {
		t.Fatal(err)
	}
	var weights []float64
	sum := 0.0
	for _, p := range drawn {
		for _, traits := range p.traits {
			weights = append(weights, max(1.2, n.weight(traits)))
			sum += weights[len(weights)-1]
		}
	}
	if len(weights) == 0 || len(weights) != len(b.shares) {
		t.Fatalf("%d shares of %d blanks", len(b.shares), len(weights))
	}
	for i, w := range weights {
		if math.Abs(b.shares[i]-w/sum) > 1e-12 {
			t.Errorf("blank %d has the share %g, want %g", i, b.shares[i], w/sum)
		}
	}
}

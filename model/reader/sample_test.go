package reader

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWordSample: what is drawn stands in none of the passages, is not drawn twice,
// and weighs as much as all words that the batch lacks. In the mean over draws a word
// meets the sum over the whole vocabulary, whatever the scores are.
func TestWordSample(t *testing.T) {
	n := newSmall[float64](t, small(Options{WordLoss: 1, WordSamples: 4}))
	p := n.lexicon.text([]int32{4, 2, 4, 7, 1}, nil, false)
	own := map[int32]bool{4: true, 2: true, 7: true, 1: true}
	scores := make([]float64, n.vocabulary)
	rng := rand.New(rand.NewPCG(3, 4))
	for id := range scores {
		scores[id] = 2 * rng.NormFloat64()
	}
	lacking, want := 0.0, 0.0 // what such words weigh, and with their scores
	for id := int32(1); int(id) < n.vocabulary; id++ {
		if weight := float64(1 + n.lexicon.Vocabulary.Count(id)); !own[id] {
			lacking += weight
			want += weight * math.Exp(scores[id])
		}
	}
	const draws = 4000
	got := 0.0
	for range draws {
		b, err := n.pack([]*passage{p}, rng)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.sampled) == 0 || len(b.ids) != len(own)+len(b.sampled) || len(b.spellings) != len(b.ids) {
			t.Fatalf("%d words of its own, %d in all, %d spellings, %d offsets", len(own), len(b.ids), len(b.spellings), len(b.sampled))
		}
		weight, seen := 0.0, map[int32]bool{}
		for i, offset := range b.sampled {
			id := b.ids[len(own)+i]
			if own[id] || seen[id] {
				t.Fatalf("drew %d for a batch of %v", id, b.ids[:len(own)])
			}
			seen[id] = true
			weight += math.Exp(offset)
			got += math.Exp(offset+scores[id]) / draws
		}
		if math.Abs(weight-lacking) > 1e-9*lacking {
			t.Fatalf("what is drawn weighs %g, all of it %g", weight, lacking)
		}
	}
	if math.Abs(got-want) > 0.03*want {
		t.Errorf("the mean over draws is %g, the sum over the vocabulary %g", got, want)
	}
}

// TestWordSampleOfAll: a batch that has all words gets none.
func TestWordSampleOfAll(t *testing.T) {
	n := newSmall[float32](t, small(Options{WordLoss: 1, WordSamples: 4}))
	var all []int32
	for id := int32(1); int(id) < n.vocabulary; id++ {
		all = append(all, id)
	}
	b, err := n.pack([]*passage{n.lexicon.text(all, nil, false)}, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	if len(b.sampled) != 0 || len(b.ids) != len(all) {
		t.Errorf("drew %v for %d words", b.ids, len(all))
	}
}

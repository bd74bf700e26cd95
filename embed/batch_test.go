package embed

import (
	"math"
	"slices"
	"testing"

	"wakong/vocab"
)

func zipfVocabulary(t *testing.T, words int) *vocab.Vocabulary {
	t.Helper()
	var c vocab.Counter
	for i := range words {
		c.AddN(string(rune(0x4e00+i)), int64(100000/(i+1))+1)
	}
	v, err := c.Build(1)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// chiSquare compares how often things were seen with their expected shares.
func chiSquare(seen, shares []float64) float64 {
	draws, total := 0.0, 0.0
	for i := range seen {
		draws += seen[i]
		total += shares[i]
	}
	chi := 0.0
	for i := range seen {
		want := draws * shares[i] / total
		chi += (seen[i] - want) * (seen[i] - want) / want
	}
	return chi
}

func TestNegativesDistribution(t *testing.T) {
	const words, draws = 200, 2000000
	v := zipfVocabulary(t, words)
	table := negatives(v)
	seen, shares := make([]float64, words), make([]float64, words)
	rng := newRandom(42)
	for range draws {
		seen[table.draw(&rng)-1]++
	}
	for i := range shares {
		shares[i] = math.Pow(float64(v.Count(int32(i+1))), 0.75)
	}
	// 199 degrees of freedom: mean 199, standard deviation 20.
	if chi := chiSquare(seen, shares); chi > 199+4*20 {
		t.Errorf("chi-square %.0f", chi)
	}
}

func TestSubsampling(t *testing.T) {
	v := zipfVocabulary(t, 500)
	keep := keepThresholds(v, 0.001)
	for _, id := range []int32{1, 2, 10, 100, 500} {
		f := float64(v.Count(id)) / float64(v.Total())
		want := min(1, math.Sqrt(0.001/f)+0.001/f)
		if got := float64(keep[id]) / (1 << 32); math.Abs(got-want) > 1e-6 {
			t.Errorf("word %d, share %.5f: kept with %.5f, expected %.5f", id, f, got, want)
		}
	}
	for id, k := range keepThresholds(v, 0) {
		if k != math.MaxUint32 {
			t.Fatalf("without subsampling word %d is dropped", id)
		}
	}
}

// preparerFor makes a preparer for texts of so many words an epoch.
func preparerFor(v *vocab.Vocabulary, p Params, words int64) *preparer {
	return newPreparer(p, negatives(v), keepThresholds(v, p.Sample), words)
}

// TestSubsampledText counts which words get into pairs.
func TestSubsampledText(t *testing.T) {
	v := zipfVocabulary(t, 50)
	p := DefaultParams()
	p.Sample = 0.02
	const sentences = 4000
	k := block{}
	for range sentences {
		for id := int32(1); id <= 50; id++ {
			k.ids = append(k.ids, id)
		}
		k.ids = append(k.ids, vocab.UNK)
	}
	q := preparerFor(v, p, 1)
	b := q.prepare(0, k)
	seen := make([]float64, 51)
	last := int32(0)
	for _, target := range b.targets {
		if target < 0 {
			if target != last { // the pairs of a word stand one after the other
				seen[-target]++
			}
			last = target
		}
	}
	for id := int32(1); id <= 50; id++ {
		f := float64(v.Count(id)) / float64(v.Total())
		chance := min(1, math.Sqrt(p.Sample/f)+p.Sample/f)
		deviation := math.Sqrt(sentences*chance*(1-chance)) + 1e-9
		if math.Abs(seen[id]-sentences*chance) > 5*deviation {
			t.Errorf("word %d is kept %.0f times of %d, expected %.0f", id, seen[id], sentences, sentences*chance)
		}
	}
}

// TestWindows checks how often words at each distance make a pair: with a
// window of 5 those at distance d do in (6-d)/5 of all cases.
func TestWindows(t *testing.T) {
	const length, sentences = 101, 3000
	words := make([]string, length)
	for i := range words {
		words[i] = string(rune(0x4e00 + i))
	}
	v, err := vocab.New(words, slices.Repeat([]int64{sentences}, length))
	if err != nil {
		t.Fatal(err)
	}
	p := DefaultParams()
	p.Sample = 0
	var k block
	for range sentences {
		for id := int32(1); id <= length; id++ {
			k.ids = append(k.ids, id)
		}
		k.ids = append(k.ids, vocab.UNK)
	}
	b := preparerFor(v, p, 1).prepare(0, k)
	seen := map[int32]float64{}
	from := int32(0)
	for r, end := range b.ends {
		if middle := int32(51); b.targets[from] == -middle {
			seen[b.inputs[r]-middle]++
		}
		from = end
	}
	for d := int32(-6); d <= 6; d++ {
		chance := max(0, float64(6-max(d, -d))/5)
		if d == 0 {
			chance = 0
		}
		deviation := math.Sqrt(sentences*chance*(1-chance)) + 1e-9
		if math.Abs(seen[d]-sentences*chance) > 5*deviation {
			t.Errorf("distance %d: %.0f pairs of %d, expected %.0f", d, seen[d], sentences, sentences*chance)
		}
	}
}

// TestBatchShape checks what the kernels rely on, and that a pair has its
// negatives, none of which is the word itself.
func TestBatchShape(t *testing.T) {
	v := zipfVocabulary(t, 30)
	for _, p := range []Params{DefaultParams(), {Size: 8, Window: 1, Negative: 1, Epochs: 1}, {Size: 8, Window: 40, Negative: 300, Epochs: 1}} {
		k := block{}
		rng := newRandom(7)
		for i := range 700 {
			k.ids = append(k.ids, 1+int32(rng.below(30)))
			if i%13 == 0 {
				k.ids = append(k.ids, vocab.UNK)
			}
		}
		b := preparerFor(v, p, 1).prepare(0, k)
		if len(b.inputs) != len(b.ends) || len(b.inputs) != len(b.alphas) || int(b.rounds[len(b.rounds)-1]) != len(b.inputs) || int(b.ends[len(b.ends)-1]) != len(b.targets) {
			t.Fatalf("%d inputs, %d ends, %d alphas, %d targets, rounds %v", len(b.inputs), len(b.ends), len(b.alphas), len(b.targets), b.rounds)
		}
		run, from, largest := int32(0), int32(0), 0
		for i, last := range b.rounds {
			begin := from
			for ; run < last; run++ {
				if b.ends[run] <= from || b.targets[from] > 0 {
					t.Fatalf("run %d holds no pair", run)
				}
				from = b.ends[run]
			}
			largest = max(largest, int(from-begin))
			if i < len(b.rounds)-1 && from-begin < roundTargets || int(from-begin) > roundTargets+p.Negative {
				t.Fatalf("round %d has %d targets", i, from-begin)
			}
		}
		if largest != b.largest {
			t.Errorf("the largest round has %d targets, not %d", largest, b.largest)
		}
		word, since, pairs, left := int32(0), 0, 0, 0
		for _, target := range append(slices.Clone(b.targets), -1) {
			if target > 0 {
				since++
				if target == word {
					t.Fatal("a negative is the word itself")
				}
				continue
			}
			if since > p.Negative {
				t.Fatalf("%d negatives, expected %d at most", since, p.Negative)
			}
			if word != 0 {
				pairs++
				left += p.Negative - since
			}
			word, since = -target, 0
		}
		if share := float64(left) / float64(pairs*p.Negative); share > 0.12 { // the frequent word has 0.2 of the draws, and 0.03 of this text
			t.Errorf("%.3f of the negatives are missing", share)
		}
	}
}

// TestSlope checks the learning rates that a training gives its kernel.
func TestSlope(t *testing.T) {
	const words, epochs = 1000, 4
	v := zipfVocabulary(t, 20)
	p := DefaultParams()
	p.Epochs, p.Sample = epochs, 0
	q := preparerFor(v, p, 2*words)
	last := float32(math.Inf(1))
	for epoch := range epochs {
		for half := range 2 {
			k := block{index: half, before: int64(half * words)}
			for i := range words {
				k.ids = append(k.ids, int32(1+i%20))
			}
			b := q.prepare(epoch, ended(k))
			word := -1
			seen := int32(0)
			from := int32(0)
			for r, a := range b.alphas {
				if b.targets[from] != seen {
					word++
					seen = b.targets[from]
				}
				from = b.ends[r]
				share := float64((2*epoch+half)*words+word) / (2 * words * epochs)
				if want := p.Alpha * max(1e-4, 1-share); math.Abs(float64(a)-want) > 1e-8 {
					t.Fatalf("epoch %d, word %d: learning rate %g, expected %g", epoch, half*words+word, a, want)
				}
				if a > last {
					t.Fatal("the learning rate rises")
				}
				last = a
			}
		}
	}
	if q.rate(1<<40) != float32(p.Alpha*1e-4) {
		t.Errorf("beyond the end the learning rate is %g", q.rate(1<<40))
	}
}

// ended ends the last sentence of a block.
func ended(k block) block {
	k.ids = append(k.ids, vocab.UNK)
	return k
}

func TestBlocksDrawApart(t *testing.T) {
	v := zipfVocabulary(t, 20)
	p := DefaultParams()
	p.Sample = 0
	q := preparerFor(v, p, 10)
	k := ended(block{ids: []int32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}})
	targets := func(epoch, index int, seed uint64) []int32 {
		q.p.Seed = seed
		k.index = index
		return slices.Clone(q.prepare(epoch, k).targets)
	}
	first := targets(0, 0, 1)
	if !slices.Equal(first, targets(0, 0, 1)) {
		t.Error("a block prepared twice differs")
	}
	for name, other := range map[string][]int32{"block": targets(0, 1, 1), "epoch": targets(1, 0, 1), "seed": targets(0, 0, 2)} {
		if slices.Equal(first, other) {
			t.Errorf("another %s has the same samples", name)
		}
	}
}

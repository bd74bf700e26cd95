package embed

import (
	"math"
	"math/rand/v2"
	"testing"

	"wakong/vocab"
)

// pairReference is one pair's update, written from the gradient of
// -log s(target.x) - sum log s(-negative.x) in double precision.
func pairReference(x []float64, rows [][]float64, alpha float64) {
	g := make([]float64, len(rows))
	for k, r := range rows {
		dot := 0.0
		for j := range x {
			dot += x[j] * r[j]
		}
		label := 0.0
		if k == 0 {
			label = 1
		}
		g[k] = alpha * (label - 1/(1+math.Exp(-dot)))
	}
	old := append([]float64(nil), x...)
	for k, r := range rows {
		for j := range x {
			x[j] += g[k] * r[j]
			r[j] += g[k] * old[j]
		}
	}
}

func TestPairMatchesReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range []int{1, 7, 16, 100, 128, 300} {
		for _, negatives := range []int{1, 5, 10, 16, 63} {
			row := stride(size)
			input, output := make([]float32, 2*row), make([]float32, (negatives+2)*row)
			x := make([]float64, size)
			var ids []int32
			var rows [][]float64
			for j := range size {
				x[j] = rng.NormFloat64()
				input[row+j] = float32(x[j])
			}
			for k := 1; k <= negatives+1; k++ {
				ids = append(ids, int32(k))
				r := make([]float64, size)
				for j := range r {
					r[j] = rng.NormFloat64()
					output[k*row+j] = float32(r[j])
				}
				rows = append(rows, r)
			}
			startIn, startOut := append([]float32(nil), input...), append([]float32(nil), output...)
			pairReference(x, rows, 0.05)
			for _, kernel := range Kernels() {
				copy(input, startIn)
				copy(output, startOut)
				pair(kernel, size, 1, ids, 0.05, input, output)
				for j := range size {
					if d := math.Abs(float64(input[row+j]) - x[j]); d > 3e-6 {
						t.Fatalf("%v, size %d, %d negatives: input off by %g", kernel, size, negatives, d)
					}
					for k := range rows {
						if d := math.Abs(float64(output[(k+1)*row+j]) - rows[k][j]); d > 3e-6 {
							t.Fatalf("%v, size %d, %d negatives: output row %d off by %g", kernel, size, negatives, k, d)
						}
					}
				}
				for j := size; j < row; j++ {
					if input[row+j] != 0 || output[row+j] != 0 {
						t.Fatalf("%v, size %d: padding holds %v and %v", kernel, size, input[row+j], output[row+j])
					}
				}
			}
		}
	}
}

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

// TestNegativesDistribution draws as the kernel does and compares with
// count^0.75 by chi-square.
func TestNegativesDistribution(t *testing.T) {
	const words, draws = 200, 2000000
	v := zipfVocabulary(t, words)
	table := negatives(v)
	seen := make([]float64, words+1)
	state := uint64(42)
	for range draws {
		w := 1 + int32((next(&state)>>32)*words>>32)
		if uint32(next(&state)>>32) > table.threshold[w] {
			w = table.alias[w]
		}
		seen[w]++
	}
	if seen[0] != 0 {
		t.Error("the unknown word was drawn")
	}
	total := 0.0
	for id := 1; id <= words; id++ {
		total += math.Pow(float64(v.Count(int32(id))), 0.75)
	}
	chi := 0.0
	for id := 1; id <= words; id++ {
		want := draws * math.Pow(float64(v.Count(int32(id))), 0.75) / total
		chi += (seen[id] - want) * (seen[id] - want) / want
	}
	// 199 degrees of freedom: mean 199, standard deviation 20.
	if chi > 199+5*20 {
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

// TestSlope checks the learning rates that a training hands to its kernel.
func TestSlope(t *testing.T) {
	all := topics(5000)
	tr, err := newTrainer(count(t, all), small(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &chunk{}
	for _, s := range all {
		c.add(tr.vocabulary, s)
	}
	last := math.Inf(1)
	for epoch := range tr.params.Epochs {
		tr.at.Epoch = epoch
		tr.train(c)
		for i, a := range c.alpha {
			share := (float64(epoch) + float64(i)/float64(len(all))) / float64(tr.params.Epochs)
			if want := tr.params.Alpha * max(1e-4, 1-share); math.Abs(float64(a)-want) > 1e-7 {
				t.Fatalf("epoch %d, sentence %d: learning rate %g, expected %g", epoch, i, a, want)
			}
			if float64(a) > last {
				t.Fatal("the learning rate rises")
			}
			last = float64(a)
		}
	}
}

func TestSentencesAreApart(t *testing.T) {
	// Two sentences of one word each have no pairs: nothing moves.
	all := [][]string{{"一"}, {"二"}, {"一"}, {"二"}}
	p := small()
	tr, err := newTrainer(count(t, all), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	start := append([]float32(nil), tr.input...)
	if _, err := tr.run(t.Context(), stream(all)); err != nil {
		t.Fatal(err)
	}
	for i := range start {
		if tr.input[i] != start[i] || tr.output[i] != 0 {
			t.Fatal("a pair crossed the border of a sentence")
		}
	}
}

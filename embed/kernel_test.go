package embed

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// reference trains a batch in double precision, written from the gradient of
// -log s(word.x) - sum log s(-negative.x): of each round the scores of all
// pairs first, then their updates one by one. Rows are not padded.
func reference(b *batch, in, out [][]float64) {
	run, from := 0, 0
	for _, last := range b.rounds {
		begin, score := from, []float64{}
		for r, t := run, from; r < int(last); r++ {
			for ; t < int(b.ends[r]); t++ {
				dot := 0.0
				for j, x := range in[b.inputs[r]] {
					dot += x * out[max(b.targets[t], -b.targets[t])][j]
				}
				score = append(score, dot)
			}
		}
		for ; run < int(last); run++ {
			x := in[b.inputs[run]]
			old := slices.Clone(x)
			for ; from < int(b.ends[run]); from++ {
				label, row := 0.0, out[max(b.targets[from], -b.targets[from])]
				if b.targets[from] < 0 {
					label = 1
				}
				g := float64(b.alphas[run]) * (label - 1/(1+math.Exp(-score[from-begin])))
				for j := range x {
					x[j] += g * row[j]
					row[j] += g * old[j]
				}
			}
		}
	}
}

// randomBatch has rounds of one pair and of many, rows that come twice, and
// runs of every length up to 20.
func randomBatch(rng *rand.Rand, rows int32) *batch {
	b := &batch{}
	for range 12 {
		begin := len(b.targets)
		for range 1 + rng.IntN(4) {
			b.inputs = append(b.inputs, 1+rng.Int32N(rows-1))
			b.alphas = append(b.alphas, 0.05*rng.Float32())
			for range 1 + rng.IntN(20) {
				target := 1 + rng.Int32N(rows-1)
				if rng.IntN(5) == 0 {
					target = -target
				}
				b.targets = append(b.targets, target)
			}
			b.ends = append(b.ends, int32(len(b.targets)))
		}
		b.rounds = append(b.rounds, int32(len(b.inputs)))
		b.largest = max(b.largest, len(b.targets)-begin)
	}
	return b
}

func TestKernelsMatchReference(t *testing.T) {
	const rows = 30
	rng := rand.New(rand.NewPCG(1, 1))
	for _, size := range []int{1, 7, 16, 17, 100, 128, 300} {
		parts, width := rowParts(size)
		stride := parts * width
		batches := []*batch{randomBatch(rng, rows), randomBatch(rng, rows)}
		start := [2][]float32{make([]float32, rows*stride), make([]float32, rows*stride)}
		want := [2][][]float64{make([][]float64, rows), make([][]float64, rows)}
		for m := range start {
			for id := range rows {
				want[m][id] = make([]float64, size)
				for j := range size {
					x := float32(rng.NormFloat64() / math.Sqrt(float64(size)))
					start[m][id*stride+j], want[m][id][j] = x, float64(x)
				}
			}
		}
		for _, b := range batches {
			reference(b, want[0], want[1])
		}
		for _, kernel := range Kernels() {
			var first [2][]float32
			for threads := 1; threads <= parts; threads *= 2 {
				got := [2][]float32{slices.Clone(start[0]), slices.Clone(start[1])}
				m := newTeam(kernel, threads, parts, width, got[0], got[1])
				m.clock = math.MaxUint32 - 5 // it wraps round
				m.train(threads, batches)
				if threads == 1 {
					first = got
				}
				for k := range got {
					if !slices.Equal(got[k], first[k]) {
						t.Fatalf("%v, size %d: %d threads give other bytes than one", kernel, size, threads)
					}
					for i, x := range got[k] {
						y := 0.0
						if j := i % stride; j < size {
							y = want[k][i/stride][j]
						}
						if math.Abs(float64(x)-y) > 1e-5 {
							t.Fatalf("%v, size %d, %d threads: matrix %d, row %d, column %d is %v, expected %v", kernel, size, threads, k, i/stride, i%stride, x, y)
						}
					}
				}
			}
		}
	}
}

// TestSaturatedScores has scores where exp would overflow.
func TestSaturatedScores(t *testing.T) {
	for _, kernel := range Kernels() {
		for _, x := range []float32{-1e20, -1000, -100, -30, 30, 100, 1000, 1e20} {
			in, out := make([]float32, 2*rowUnit), make([]float32, 3*rowUnit)
			in[rowUnit], out[rowUnit], out[2*rowUnit] = 1, x, x
			b := &batch{inputs: []int32{1}, alphas: []float32{0.5}, ends: []int32{2}, rounds: []int32{1}, targets: []int32{-1, 2}, largest: 2}
			newTeam(kernel, 1, 1, rowUnit, in, out).train(1, []*batch{b})
			s := float32(0)
			if x > 0 {
				s = 1
			}
			if got, want := out[rowUnit], x+0.5*(1-s); math.Abs(float64(got-want)) > 1e-6*math.Abs(float64(x)) {
				t.Errorf("%v: score %g: the word's row becomes %g, expected %g", kernel, x, got, want)
			}
			if got, want := out[2*rowUnit], x-0.5*s; math.Abs(float64(got-want)) > 1e-6*math.Abs(float64(x)) {
				t.Errorf("%v: score %g: the negative's row becomes %g, expected %g", kernel, x, got, want)
			}
		}
	}
}

func TestKernelNames(t *testing.T) {
	for _, k := range []Kernel{Auto, Portable, AVX2, AVX512} {
		if got, err := ParseKernel(k.String()); err != nil || got != k {
			t.Errorf("%v is read as %v, %v", k, got, err)
		}
	}
	if _, err := ParseKernel("sse9"); err == nil {
		t.Error("an unknown kernel was taken")
	}
	if _, err := Kernel(9).Resolve(); err == nil {
		t.Error("a kernel that there is not was resolved")
	}
}

// TestThreadsComeAndGo trains the same batches with one thread and with teams
// whose size changes from step to step, as it does when other programs come
// and go.
func TestThreadsComeAndGo(t *testing.T) {
	all := topics(800)
	v := count(t, all)
	x, err := scanText(t.Context(), v, stream(all), cachedWords)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{32, 128, 256} {
		p := small()
		p.Size = size
		parts, width := rowParts(size)
		for _, kernel := range Kernels() {
			var first *trainer
			for i, sizes := range [][]int{{1}, {parts}, {1, parts, parts / 2, parts}} {
				tr := newTrainer(v, x, p, Options{}, kernel)
				tr.team = newTeam(kernel, parts, parts, width, tr.in, tr.out)
				var batches []*batch
				step := 0
				for _, k := range collect(t, x) {
					q := preparerFor(v, p, x.words)
					if batches = append(batches, q.prepare(0, k)); len(batches) == 3 {
						tr.team.train(sizes[step%len(sizes)], batches)
						batches = nil
						step++
					}
				}
				if i == 0 {
					first = tr
				} else if !slices.Equal(tr.in, first.in) || !slices.Equal(tr.out, first.out) {
					t.Errorf("%v, size %d: threads %v give other bytes than one", kernel, size, sizes)
				}
			}
		}
	}
}

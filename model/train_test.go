package model

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"wakong/model/lstm"
)

// toy is a task that a network must learn: each passage holds several words of
// a small vocabulary, and the answer is the word that stands after the word
// "marker" (id 1) elsewhere in the passage; the blank, too, stands after it.
func toy(count int, seed uint64) (vectors []float32, dim int, examples []Example) {
	const words, size = 12, 8
	rng := rand.New(rand.NewPCG(seed, 1))
	fixed := rand.New(rand.NewPCG(99, 1))
	for range (words + 1) * size {
		vectors = append(vectors, float32(fixed.NormFloat64()*0.5))
	}
	for i := range count {
		var ids []int32
		for range 6 + rng.IntN(8) {
			ids = append(ids, 2+rng.Int32N(words-1))
		}
		at := rng.IntN(len(ids) - 1)
		ids[at] = 1
		answer := ids[at+1]
		if answer == 1 {
			answer = 2
			ids[at+1] = 2
		}
		blank := rng.IntN(len(ids) + 1)
		for blank == at+1 {
			blank = rng.IntN(len(ids) + 1)
		}
		left := append(slices.Clone(ids[:blank]), 1)
		examples = append(examples, Example{ID: fmt.Sprint("q", i), Left: left, Right: slices.Clone(ids[blank:]), Answer: answer})
	}
	return vectors, size, examples
}

func toyNetwork(t testing.TB, o NetworkOptions) (*Network[float32], []Example, []Example) {
	t.Helper()
	vectors, dim, train := toy(320, 1)
	_, _, valid := toy(100, 2)
	n, err := NewNetwork(vectors, dim, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n, train, valid
}

func TestTrainingLearns(t *testing.T) {
	n, train, valid := toyNetwork(t, NetworkOptions{Units: 16, Layers: 2, LearningRate: 0.01, Seed: 1})
	before, err := Accuracy(context.Background(), n, valid, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Train(context.Background(), n, train, valid, TrainOptions{Epochs: 14, Batch: 16, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if r.Accuracy < 0.6 || r.Accuracy < before+0.3 {
		t.Errorf("accuracy %.2f before training, %.2f after; metrics %v", before, r.Accuracy, r.Metrics)
	}
	after, err := Accuracy(context.Background(), n, valid, nil)
	if err != nil {
		t.Fatal(err)
	}
	if after != r.Accuracy {
		t.Errorf("the network left behind reaches %.3f, the result says %.3f", after, r.Accuracy)
	}
	for _, m := range r.Metrics {
		if m.Step == r.BestStep && (m.Accuracy != r.Accuracy || !m.Best) {
			t.Errorf("metric of the best step: %+v", m)
		}
	}
}

// weightsAfter trains for some steps and gives the weights.
func weightsAfter(t *testing.T, o NetworkOptions, steps int) Weights {
	t.Helper()
	n, train, valid := toyNetwork(t, o)
	if _, err := Train(context.Background(), n, train, valid, TrainOptions{Epochs: 100, Batch: 96, Seed: 5, MaxSteps: steps, ValidateEvery: 7}); err != nil {
		t.Fatal(err)
	}
	return n.Weights()
}

func sameWeights(a, b Weights) bool {
	if len(a) != len(b) {
		return false
	}
	for name := range a {
		if !slices.Equal(a[name].Data, b[name].Data) {
			return false
		}
	}
	return true
}

func TestSameWeightsForAnyThreads(t *testing.T) {
	for _, k := range lstm.Kernels() {
		want := weightsAfter(t, NetworkOptions{Units: 10, Seed: 3, Kernel: k, Threads: 1}, 50)
		for _, threads := range []int{2, 8} {
			if !sameWeights(want, weightsAfter(t, NetworkOptions{Units: 10, Seed: 3, Kernel: k, Threads: threads}, 50)) {
				t.Errorf("%v: %d threads give other weights than one", k, threads)
			}
		}
		if sameWeights(want, weightsAfter(t, NetworkOptions{Units: 10, Seed: 4, Kernel: k, Threads: 1}, 50)) {
			t.Errorf("%v: another seed gives the same weights", k)
		}
	}
}

// TestInterruptedTrainingGoesOn cancels a training again and again, each time
// with a fresh network, as a new process would have it.
func TestInterruptedTrainingGoesOn(t *testing.T) {
	o := TrainOptions{Epochs: 3, Batch: 32, Seed: 5, ValidateEvery: 4, Identity: "toy", CheckpointEvery: time.Nanosecond}
	options := NetworkOptions{Units: 6, Seed: 3}
	undisturbed, train, valid := toyNetwork(t, options)
	want, err := Train(context.Background(), undisturbed, train, valid, o)
	if err != nil {
		t.Fatal(err)
	}

	o.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
	o.Notice = func(s string) { t.Error(s) }
	for tries := 0; ; tries++ {
		n, _, _ := toyNetwork(t, options)
		ctx, cancel := context.WithCancel(context.Background())
		steps := 0
		o.Progress = func(p Progress) {
			if steps++; steps > tries%3 {
				cancel()
			}
		}
		got, err := Train(ctx, n, train, valid, o)
		cancel()
		if err != nil {
			if !strings.Contains(err.Error(), "context canceled") {
				t.Fatal(err)
			}
			continue
		}
		if tries < 10 {
			t.Errorf("only %d interruptions", tries)
		}
		if !sameWeights(n.Weights(), undisturbed.Weights()) {
			t.Error("other weights than an undisturbed training's")
		}
		if !slices.Equal(got.Metrics, want.Metrics) {
			t.Errorf("metrics %+v, undisturbed %+v", got.Metrics, want.Metrics)
		}
		return
	}
}

func TestForeignAndDamagedCheckpointsAreLeftAside(t *testing.T) {
	options := NetworkOptions{Units: 6, Seed: 3}
	o := TrainOptions{Epochs: 1, Batch: 32, Seed: 5, Identity: "one", Checkpoint: filepath.Join(t.TempDir(), "c"), CheckpointEvery: time.Nanosecond}
	n, train, valid := toyNetwork(t, options)
	if _, err := Train(context.Background(), n, train, valid, o); err != nil {
		t.Fatal(err)
	}
	good := readFile(t, o.Checkpoint)
	flipped := slices.Clone(good)
	flipped[len(flipped)-3] ^= 1
	for name, c := range map[string]struct {
		content  []byte
		identity string
		want     string
	}{
		"foreign":   {good, "two", "another training"},
		"flipped":   {flipped, "one", "checksum"},
		"truncated": {good[:len(good)/2], "one", "cut off"},
		"garbage":   {[]byte("not a checkpoint at all"), "one", "safetensors"},
		"empty":     {nil, "one", "safetensors"},
	} {
		t.Run(name, func(t *testing.T) {
			writeFile(t, o.Checkpoint, c.content)
			o := o
			o.Identity = c.identity
			var notice string
			o.Notice = func(s string) { notice = s }
			fresh, _, _ := toyNetwork(t, options)
			r, err := Train(context.Background(), fresh, train, valid, o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Resumed != 0 || !strings.Contains(notice, c.want) {
				t.Errorf("resumed at %d, notice %q, expected one about %q", r.Resumed, notice, c.want)
			}
			if !sameWeights(fresh.Weights(), n.Weights()) {
				t.Error("other weights than without the checkpoint")
			}
		})
	}
}

// gorgoniaRounds tells whether gorgonia's solver rounds every product, as ours
// does on each CPU. Where Go fuses a product into a sum it does not.
const gorgoniaRounds = runtime.GOARCH == "amd64"

// TestSolversAgree holds the fused solver against gorgonia's, bit for bit.
func TestSolversAgree(t *testing.T) {
	if !gorgoniaRounds {
		t.Skip("on this CPU gorgonia's own loops are compiled to fused operations, which round differently")
	}
	fused, train, _ := toyNetwork(t, NetworkOptions{Units: 30, Seed: 1, LearningRate: 0.01})
	gorgonia, _, _ := toyNetwork(t, NetworkOptions{Units: 30, Seed: 1, LearningRate: 0.01, Solver: SolverGorgonia})
	for step := range 12 {
		for _, n := range []*Network[float32]{fused, gorgonia} {
			if _, err := n.Step(train[step*20 : step*20+20]); err != nil {
				t.Fatal(err)
			}
		}
		if !sameWeights(fused.Weights(), gorgonia.Weights()) {
			t.Fatalf("the solvers differ after step %d", step+1)
		}
	}
	if _, err := NewNetwork(make([]float32, 4), 2, NetworkOptions{Solver: "sgd"}); err == nil {
		t.Error("an unknown solver was taken")
	}
}

// TestAdamState moves the state of each solver into each other: one that is
// restored must step as the one that was saved. For gorgonia's it also holds
// the reflection in adam_gorgonia.go against gorgonia itself.
func TestAdamState(t *testing.T) {
	for _, from := range []string{SolverFused, SolverGorgonia} {
		for _, to := range []string{SolverFused, SolverGorgonia} {
			if from != to && !gorgoniaRounds {
				continue
			}
			n, train, _ := toyNetwork(t, NetworkOptions{Units: 5, Seed: 1, Solver: from})
			for range 3 {
				if _, err := n.Step(train[:20]); err != nil {
					t.Fatal(err)
				}
			}
			state, err := n.adam.state()
			if err != nil {
				t.Fatal(err)
			}
			if state.steps != 3 {
				t.Errorf("%s: %d steps counted, 3 done", from, state.steps)
			}
			other, _, _ := toyNetwork(t, NetworkOptions{Units: 5, Seed: 2, Solver: to})
			if err := other.SetWeights(n.Weights()); err != nil {
				t.Fatal(err)
			}
			if err := other.adam.restore(state); err != nil {
				t.Fatal(err)
			}
			for _, m := range []*Network[float32]{n, other} {
				if _, err := m.Step(train[20:40]); err != nil {
					t.Fatal(err)
				}
			}
			if !sameWeights(n.Weights(), other.Weights()) {
				t.Errorf("the state of %s, restored in %s, steps differently", from, to)
			}
			if err := other.adam.restore(adamState[float32]{}); err == nil {
				t.Errorf("%s took a state without parameters", to)
			}
		}
	}
}

// TestSplitBatch holds a batch computed in parts against the whole.
func TestSplitBatch(t *testing.T) {
	whole, train, _ := toyNetwork(t, NetworkOptions{Units: 5, Seed: 1})
	parts, _, _ := toyNetwork(t, NetworkOptions{Units: 5, Seed: 1, MaxWords: 50})
	a, err := whole.Step(train[:40])
	if err != nil {
		t.Fatal(err)
	}
	b, err := parts.Step(train[:40])
	if err != nil {
		t.Fatal(err)
	}
	if d := a - b; d > 1e-5 || d < -1e-5 {
		t.Errorf("loss %v in one pass, %v in parts", a, b)
	}
	w, p := whole.Weights(), parts.Weights()
	for name := range w {
		want := make([]float64, len(w[name].Data))
		for i, v := range w[name].Data {
			want[i] = float64(v)
		}
		if len(want) > 0 && !strings.Contains(name, "bias_hh") && relative(p[name].Data, want) > 1e-3 {
			t.Errorf("%s differs by %g after one step", name, relative(p[name].Data, want))
		}
	}
}

// TestOddExamplesGiveNumbers trains and predicts on what is known to break
// such networks.
func TestOddExamplesGiveNumbers(t *testing.T) {
	n, train, _ := toyNetwork(t, NetworkOptions{Units: 5, Seed: 1})
	long := Example{ID: "long", Answer: 4}
	for i := range 3000 {
		long.Right = append(long.Right, int32(1+i%11))
	}
	odd := []Example{
		{ID: "answer unknown", Left: []int32{1, 13, 2}, Right: []int32{13}, Answer: 13, Unknown: []string{"w"}},
		{ID: "answer absent", Left: []int32{1, 2}, Right: []int32{3}, Answer: 0},
		{ID: "answer of another passage", Left: []int32{1, 2}, Right: []int32{3}, Answer: 9},
		{ID: "nothing left", Right: []int32{3, 4, 3}, Answer: 3},
		{ID: "nothing right", Left: []int32{3}, Answer: 3},
		{ID: "one word repeated", Left: []int32{5, 5, 5}, Right: []int32{5, 5}, Answer: 5},
		{ID: "only unknown words", Left: []int32{13, 14}, Right: []int32{13}, Answer: 14, Unknown: []string{"v", "w"}},
		long,
	}
	check := func(what string, err error, loss float64) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if !(loss >= 0 && loss < 100) {
			t.Errorf("%s: loss %v", what, loss)
		}
	}
	for _, e := range odd {
		loss, err := n.Step([]Example{e})
		check(e.ID, err, loss)
	}
	loss, err := n.Step(append(slices.Clone(odd), train[:5]...))
	check("all together", err, loss)
	for name, w := range n.Weights() {
		for _, v := range w.Data {
			if v != v {
				t.Fatalf("%s holds NaN", name)
			}
		}
	}
	p, err := n.Probabilities(odd)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range odd {
		sum := 0.0
		for _, v := range p[i] {
			sum += v
		}
		if len(p[i]) != e.Words() || !(sum > 0 && sum < 1.0000001) {
			t.Errorf("%s: %d probabilities that add up to %v", e.ID, len(p[i]), sum)
		}
	}
}

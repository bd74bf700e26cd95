package model

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"wakong/model/lstm"
)

// fixture is the tiny network of testdata/pointer_pytorch.json: everything
// that goes into it, and what PyTorch computes from that in double precision.
type fixture struct {
	Vectors   [][]float64
	Samples   [][2][]int32
	Answers   []int32
	Units     int
	Weights   map[string]any
	Scores    [][]float64
	Loss      float64
	Gradients map[string]any
	After     map[string]any `json:"after_one_adam_step"`
}

func readFixture(t *testing.T) *fixture {
	t.Helper()
	raw, err := os.ReadFile("testdata/pointer_pytorch.json")
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{}
	if err := json.Unmarshal(raw, f); err != nil {
		t.Fatal(err)
	}
	return f
}

// flat gives the numbers of nested JSON lists.
func flat(v any) []float64 {
	if x, ok := v.(float64); ok {
		return []float64{x}
	}
	var out []float64
	for _, e := range v.([]any) {
		out = append(out, flat(e)...)
	}
	return out
}

func (f *fixture) examples() []Example {
	var out []Example
	for i, s := range f.Samples {
		// The fixture writes an empty context as the single id 0, which a
		// batch makes of an empty one by itself.
		strip := func(ids []int32) []int32 {
			if len(ids) == 1 && ids[0] == 0 {
				return nil
			}
			return ids
		}
		out = append(out, Example{ID: fmt.Sprint(i), Left: strip(s[0]), Right: strip(s[1]), Answer: f.Answers[i]})
	}
	return out
}

// parameters lists, for each learned vector of ours, the parts of which it is
// made, and for each part the fixture's name.
func (f *fixture) parameters(of map[string]any, layers int) [][]float64 {
	out := [][]float64{flat(of["unk"])}
	for l := range layers {
		var theta []float64
		for d := range 2 {
			p := fmt.Sprintf("lstm.%d.", 2*l+d)
			theta = append(theta, flat(of[p+"weight_ih_l0"])...)
			theta = append(theta, flat(of[p+"weight_hh_l0"])...)
			// PyTorch splits the bias in two that add up. Both have the
			// same gradient, so each moves in one Adam step as our single
			// one does.
			theta = append(theta, flat(of[p+"bias_ih_l0"])...)
		}
		out = append(out, theta)
	}
	return out
}

func fixtureNetwork[T lstm.Float](t *testing.T, f *fixture, k lstm.Kernel) *Network[T] {
	t.Helper()
	var vectors []T
	for _, row := range f.Vectors {
		for _, v := range row {
			vectors = append(vectors, T(v))
		}
	}
	n, err := NewNetwork(vectors, len(f.Vectors[0]), NetworkOptions{Units: f.Units, Layers: 2, Kernel: k})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range flat(f.Weights["unk"]) {
		n.UNK()[i] = T(v)
	}
	for l := range 2 {
		theta := f.parameters(f.Weights, 2)[l+1]
		for d := range 2 {
			second := flat(f.Weights[fmt.Sprintf("lstm.%d.bias_hh_l0", 2*l+d)])
			end := (d + 1) * len(theta) / 2
			for i, b := range second {
				theta[end-len(second)+i] += b
			}
		}
		for i, v := range theta {
			n.Theta(l)[i] = T(v)
		}
	}
	return n
}

// relative is the largest difference relative to the largest wanted magnitude.
func relative[T lstm.Float](got []T, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	scale, worst := 0.0, 0.0
	for i := range want {
		scale = max(scale, math.Abs(want[i]))
		worst = max(worst, math.Abs(float64(got[i])-want[i]))
		if math.IsNaN(float64(got[i])) {
			return math.Inf(1)
		}
	}
	return worst / scale
}

func TestPyTorchParity(t *testing.T) {
	t.Run("float64", func(t *testing.T) { checkParity[float64](t, lstm.Portable, 1e-9) })
	for _, k := range lstm.Kernels() {
		t.Run("float32 "+k.String(), func(t *testing.T) { checkParity[float32](t, k, 1e-5) })
	}
}

func checkParity[T lstm.Float](t *testing.T, k lstm.Kernel, tolerance float64) {
	f := readFixture(t)
	n := fixtureNetwork[T](t, f, k)
	defer n.Close()
	examples := f.examples()

	batch, err := NewBatch(examples)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := n.Scores(examples)
	if err != nil {
		t.Fatal(err)
	}
	width := len(f.Scores[0]) / 2 // the fixture pads both contexts to one width
	for i, want := range f.Scores {
		row := scores[i*batch.Width():][:batch.Width()]
		for side, lengths := range [][]int{batch.LeftLengths, batch.RightLengths} {
			got := row[side*batch.LeftWidth:][:lengths[i]]
			if d := relative(got, want[side*width:][:lengths[i]]); d > tolerance {
				t.Errorf("scores of sample %d, side %d: off by %g", i, side, d)
			}
		}
		for j, s := range row {
			inside := j < batch.LeftLengths[i] || j >= batch.LeftWidth && j < batch.LeftWidth+batch.RightLengths[i]
			if !inside && s != masked {
				t.Errorf("sample %d, padding %d: score %v", i, j, s)
			}
		}
	}

	loss, err := n.Gradient(examples)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(loss-f.Loss) / f.Loss; d > tolerance {
		t.Errorf("loss %.12g, PyTorch's %.12g", loss, f.Loss)
	}
	gradients := f.parameters(f.Gradients, 2)
	for i, node := range n.learned {
		grad, err := node.Grad()
		if err != nil {
			t.Fatal(err)
		}
		if d := relative(grad.Data().([]T), gradients[i]); d > tolerance {
			t.Errorf("gradient of %s: off by %g", node.Name(), d)
		}
	}

	before, after := f.parameters(f.Weights, 2), f.parameters(f.After, 2)
	var old [][]T
	for _, node := range n.learned {
		old = append(old, append([]T(nil), values[T](node)...))
	}
	if err := n.Update(); err != nil {
		t.Fatal(err)
	}
	for i, node := range n.learned {
		want := make([]float64, len(before[i]))
		for j := range want {
			want[j] = float64(old[i][j]) + after[i][j] - before[i][j]
		}
		if d := relative(values[T](node), want); d > tolerance {
			t.Errorf("%s after one step of Adam: off by %g", node.Name(), d)
		}
	}
}

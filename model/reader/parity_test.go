package reader

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"wakong/model"
	"wakong/model/lstm"
	"wakong/vocab"
)

// parity is what testdata/parity.py has computed with PyTorch.
type parity struct {
	Units, Layers, Characters, Hidden, Keys, Reread int
	WordLossWeight                                  float64 `json:"word_loss_weight"`
	Words, Tags                                     []string
	Counts                                          []int64
	Unknown                                         []string
	Passages, Texts                                 [][]int32 // the first two passages are texts, too
	Weights                                         map[string][]float64
	Blanks                                          [][]int32
	Probabilities                                   [][][]float64
	BlankLoss                                       float64 `json:"blank_loss"`
	WordLoss                                        float64 `json:"word_loss"`
	Gradients                                       map[string][]float64
}

// TestPyTorchParity holds probabilities, losses and all gradients against
// PyTorch's: in double precision, and in single precision on each kernel.
func TestPyTorchParity(t *testing.T) {
	data, err := os.ReadFile("testdata/parity.json")
	if err != nil {
		t.Fatal(err)
	}
	var want parity
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	t.Run("double", func(t *testing.T) { holdParity[float64](t, want, lstm.Auto, 1e-9) })
	for _, kernel := range lstm.Kernels() {
		t.Run(kernel.String(), func(t *testing.T) { holdParity[float32](t, want, kernel, 1e-5) })
	}
}

func holdParity[T lstm.Float](t *testing.T, want parity, kernel lstm.Kernel, tolerance float64) {
	v, err := vocab.New(want.Words, want.Counts)
	if err != nil {
		t.Fatal(err)
	}
	l := NewLexicon(v, append([]string{""}, want.Tags...))
	n, err := New(l, make([]T, len(want.Weights["vectors"])), Options{
		Units: want.Units, Layers: want.Layers, Characters: want.Characters, Hidden: want.Hidden, Keys: want.Keys, Reread: want.Reread,
		WordLoss: want.WordLossWeight, WordShare: 1, VectorRate: 1, Kernel: kernel,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, view := range n.views() {
		from := want.Weights[view.name]
		if len(from) != len(view.data) {
			t.Fatalf("%s has %d elements, PyTorch's %d", view.name, len(view.data), len(from))
		}
		for i, x := range from {
			view.data[i] = T(x)
		}
	}
	var texts []model.Example
	for _, words := range want.Texts {
		texts = append(texts, model.Example{Left: words, Unknown: want.Unknown})
	}
	n.setCollocations(texts)
	var passages []*passage
	for i, words := range want.Passages {
		passages = append(passages, l.text(words, want.Unknown, false))
		if i < 2 {
			passages[i].text = i + 1
		}
		if !slices.Equal(passages[i].blanks, want.Blanks[i]) {
			t.Fatalf("passage %d: blanks %v, PyTorch's %v", i, passages[i].blanks, want.Blanks[i])
		}
	}
	n.random = rand.New(rand.NewPCG(1, 1))
	b, err := n.pack(passages, n.random)
	if err != nil {
		t.Fatal(err)
	}
	loss, err := n.forward(b)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
			t.Errorf("%s is %.12g, PyTorch's %.12g", what, got, want)
		}
	}
	near("the blanks' loss", loss.Blanks, want.BlankLoss)
	near("the words' loss", loss.Words, want.WordLoss)
	for i, rows := range want.Probabilities {
		keys := len(b.keys.of(i))
		for a, row := range rows {
			for j, p := range row {
				near("a probability", float64(n.pass.scores[i][a*keys+j]), p)
			}
		}
	}
	var u updates[T]
	if err := n.backward(b, &u); err != nil {
		t.Fatal(err)
	}
	vectors := make([]T, len(n.vectors))
	for i, id := range u.ids {
		addScaled(vectors[int(id)*n.dim:], u.rows[i*n.dim:][:n.dim], 1)
	}
	n.theta, n.vectors = n.pass.grad, vectors // so that views gives gradients by name
	for _, view := range n.views() {
		for i, g := range want.Gradients[view.name] {
			near("the gradient of "+view.name, float64(view.data[i]), g)
		}
	}
}

package lstm

import (
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestOpInGraph builds two layers and this loss into one graph and compares
// what the tape machine gives with the layers called by hand.
func TestOpInGraph(t *testing.T) {
	first, second := Size{5, 4}, Size{8, 3}
	g := G.NewGraph()
	layer1, err := NewLayer[float64](first, Portable)
	if err != nil {
		t.Fatal(err)
	}
	layer2, err := NewLayer[float64](second, Portable)
	if err != nil {
		t.Fatal(err)
	}
	op1, op2 := NewOp("first", layer1), NewOp("second", layer2)
	rng := rand.New(rand.NewPCG(5, 6))
	values := func(shape ...int) *tensor.Dense {
		v := tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float64))
		data := v.Data().([]float64)
		for i := range data {
			data[i] = rng.NormFloat64() * 0.5
		}
		return v
	}
	learned := G.NewMatrix(g, tensor.Float64, G.WithName("learned"), G.WithShape(2, 5), G.WithValue(values(2, 5)))
	theta1 := G.NewVector(g, tensor.Float64, G.WithName("theta1"), G.WithShape(first.Params()), G.WithValue(values(first.Params())))
	theta2 := G.NewVector(g, tensor.Float64, G.WithName("theta2"), G.WithShape(second.Params()), G.WithValue(values(second.Params())))
	out1, err := op1.ApplyTable(learned, theta1)
	if err != nil {
		t.Fatal(err)
	}
	out2, err := op2.Apply(out1, theta2)
	if err != nil {
		t.Fatal(err)
	}
	loss := &dotLoss{}
	cost, err := G.ApplyOp(loss, out2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := G.Grad(cost, learned, theta1, theta2); err != nil {
		t.Fatal(err)
	}
	vm := G.NewTapeMachine(g, G.BindDualValues(learned, theta1, theta2))
	defer vm.Close()
	solver := G.NewAdamSolver()
	for step, n := range []int{6, 2, 9} { // batches of different shape
		s := newSample(t, first, manyLengths(n))
		op1.FeedTable(&s.layout, Input[float64]{Rows: s.words, Index: s.index})
		op2.Feed(&s.layout)
		loss.target = make([]float64, s.layout.Rows()*2*second.Units)
		for i := range loss.target {
			loss.target[i] = rng.NormFloat64()
		}
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}

		table := Input[float64]{Rows: slices.Clone(s.words), Index: s.index}
		copy(table.Rows, data(learned.Value()))
		hand1, _ := NewLayer[float64](first, Portable)
		hand2, _ := NewLayer[float64](second, Portable)
		y1, err := hand1.Forward(data(theta1.Value()), table, &s.layout)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := hand2.Forward(data(theta2.Value()), Input[float64]{Rows: y1}, &s.layout); err != nil {
			t.Fatal(err)
		}
		d2, dy := make([]float64, second.Params()), make([]float64, len(y1))
		if err := hand2.Backward(data(theta2.Value()), loss.target, d2, dy); err != nil {
			t.Fatal(err)
		}
		d1, dx := make([]float64, first.Params()), make([]float64, 2*first.In)
		if err := hand1.Backward(data(theta1.Value()), dy, d1, dx); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			node *G.Node
			want []float64
		}{{learned, dx}, {theta1, d1}, {theta2, d2}} {
			grad, err := c.node.Grad()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(data(grad), c.want) {
				t.Errorf("step %d: gradient of %s differs from the layers' by %g", step, c.node.Name(), far(data(grad), c.want))
			}
		}
		if err := solver.Step(G.NodesToValueGrads(G.Nodes{learned, theta1, theta2})); err != nil {
			t.Fatal(err)
		}
		vm.Reset()
	}
}

func data(v G.Value) []float64 { return v.Data().([]float64) }

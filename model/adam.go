package model

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"wakong/model/internal/adam"
	"wakong/model/lstm"
)

// The solvers that NetworkOptions.Solver names. Both are Adam (Kingma and Ba
// 2015), rounded in the same order, and give the same weights to the bit.
const (
	// SolverFused updates moments and weights in place, in one pass.
	SolverFused = "fused"
	// SolverGorgonia is gorgonia's AdamSolver. It copies the gradients four
	// times a step, over 10 MB for the method's network.
	SolverGorgonia = "gorgonia"
)

// optimizer takes steps along gradients, with a state that can be saved.
type optimizer[T lstm.Float] interface {
	step() error
	state() (adamState[T], error)
	restore(adamState[T]) error
}

// adamState is what a checkpoint keeps: the step count and, for each learned
// node, the first and second moments.
type adamState[T lstm.Float] struct {
	steps  int
	first  [][]T
	second [][]T
}

func newOptimizer[T lstm.Float](o NetworkOptions, learned G.Nodes) (optimizer[T], error) {
	switch o.Solver {
	case "", SolverFused:
		return newFusedAdam[T](o, learned), nil
	case SolverGorgonia:
		return newGorgoniaAdam[T](o.LearningRate, learned), nil
	}
	return nil, fmt.Errorf("model: unknown solver %q, expected %q or %q", o.Solver, SolverFused, SolverGorgonia)
}

// fusedAdam is a gorgonia Solver that allocates nothing.
type fusedAdam[T lstm.Float] struct {
	rate    float64
	kernel  lstm.Kernel
	threads int
	learned G.Nodes
	model   []G.ValueGrad
	adamState[T]
}

var _ G.Solver = (*fusedAdam[float32])(nil)

func newFusedAdam[T lstm.Float](o NetworkOptions, learned G.Nodes) *fusedAdam[T] {
	a := &fusedAdam[T]{rate: o.LearningRate, kernel: o.Kernel, threads: o.Threads, learned: learned, model: G.NodesToValueGrads(learned)}
	for _, node := range learned {
		n := len(values[T](node))
		a.first, a.second = append(a.first, make([]T, n)), append(a.second, make([]T, n))
	}
	return a
}

func (a *fusedAdam[T]) step() error { return a.Step(a.model) }

// Step moves each weight against its gradient, and sets the gradients to 0.
func (a *fusedAdam[T]) Step(model []G.ValueGrad) error {
	a.steps++
	step := adam.NewStep[T](a.rate, a.steps)
	for i, m := range model {
		grad, err := m.Grad()
		if err != nil {
			return fmt.Errorf("model: Adam: %w", err)
		}
		g, err := lstm.Elements[T](grad)
		if err != nil {
			return err
		}
		w, err := lstm.Elements[T](m.Value())
		if err != nil {
			return err
		}
		if len(g) != len(w) || len(w) != len(a.first[i]) {
			return fmt.Errorf("model: Adam: parameter %d has %d elements, its gradient %d", i, len(w), len(g))
		}
		lstm.Parallel(a.threads, len(w), func(from, to int) {
			step.Apply(a.kernel, w[from:to], g[from:to], a.first[i][from:to], a.second[i][from:to])
		})
	}
	return nil
}

func (a *fusedAdam[T]) state() (adamState[T], error) {
	st := adamState[T]{steps: a.steps}
	for i := range a.first {
		st.first = append(st.first, append([]T(nil), a.first[i]...))
		st.second = append(st.second, append([]T(nil), a.second[i]...))
	}
	return st, nil
}

func (a *fusedAdam[T]) restore(st adamState[T]) error {
	if err := st.fits(a.learned); err != nil {
		return err
	}
	a.steps = st.steps
	for i := range a.first {
		copy(a.first[i], st.first[i])
		copy(a.second[i], st.second[i])
	}
	return nil
}

// fits reports a state that is not of these nodes.
func (st adamState[T]) fits(learned G.Nodes) error {
	if len(st.first) != len(learned) || len(st.second) != len(learned) || st.steps < 0 {
		return fmt.Errorf("model: Adam's state is of %d parameters, the network has %d", len(st.first), len(learned))
	}
	for i, node := range learned {
		if n := len(values[T](node)); len(st.first[i]) != n || len(st.second[i]) != n {
			return fmt.Errorf("model: Adam's state of %s has %d elements, expected %d", node.Name(), len(st.first[i]), n)
		}
	}
	return nil
}

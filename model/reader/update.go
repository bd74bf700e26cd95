package reader

import (
	"math"

	"wakong/model/internal/adam"
	"wakong/model/lstm"
)

// updates are the gradients of a step's word vectors: few of all have one.
type updates[T lstm.Float] struct {
	ids  []int32
	rows []T // [ids, dim]
}

func (u *updates[T]) add(id int32, gradient []T) {
	u.ids, u.rows = append(u.ids, id), append(u.rows, gradient...)
}

func (u *updates[T]) clear() { u.ids, u.rows = u.ids[:0], u.rows[:0] }

// optimizer is Adam's state. A word vector's moments change only in steps in
// which its word stands.
type optimizer[T lstm.Float] struct {
	steps         int
	first, second []T // moments of theta
	vectorFirst   []T // of the word vectors; empty where they are constant
	vectorSecond  []T
	u             updates[T]
}

func newOptimizer[T lstm.Float](n *Network[T]) *optimizer[T] {
	a := &optimizer[T]{first: make([]T, len(n.theta)), second: make([]T, len(n.theta))}
	if n.o.VectorRate > 0 {
		a.vectorFirst, a.vectorSecond = make([]T, len(n.vectors)), make([]T, len(n.vectors))
	}
	return a
}

// step moves the weights along the gradients that backward has left, with a
// learning rate.
func (a *optimizer[T]) step(n *Network[T], rate float64) {
	a.steps++
	grad := n.pass.grad
	if norm := norm(grad); n.o.Clip > 0 && norm > n.o.Clip {
		scale := T(n.o.Clip / norm)
		for i := range grad {
			grad[i] *= scale
		}
		for i := range a.u.rows {
			a.u.rows[i] *= scale
		}
	}
	s := adam.NewStep[T](rate, a.steps)
	lstm.Parallel(n.o.Threads, len(grad), func(from, to int) {
		s.Apply(n.o.Kernel, n.theta[from:to], grad[from:to], a.first[from:to], a.second[from:to])
	})
	if n.o.VectorRate > 0 {
		d := n.dim
		s := adam.NewStep[T](rate*n.o.VectorRate, a.steps)
		lstm.Tasks(n.o.Threads, len(a.u.ids), func(i int) {
			at := int(a.u.ids[i]) * d
			s.Apply(n.o.Kernel, n.vectors[at:at+d], a.u.rows[i*d:(i+1)*d], a.vectorFirst[at:at+d], a.vectorSecond[at:at+d])
		})
	}
	a.u.clear()
}

func norm[T lstm.Float](x []T) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(float64(v) * float64(v))
	}
	return math.Sqrt(sum)
}

// average is the exponential mean of the weights over the steps (Polyak and
// Juditsky 1992).
type average[T lstm.Float] struct {
	theta, vectors []T
	taken          int
}

// averageEvery is how many steps lie between two weights that are averaged.
const averageEvery = 5

// add takes the weights up after step number step, from 1.
func (a *average[T]) add(n *Network[T], step int) {
	if n.o.Average == 0 || step%averageEvery != 0 && a.theta != nil {
		return
	}
	if a.theta == nil {
		a.theta = append([]T(nil), n.theta...)
		if n.o.VectorRate > 0 {
			a.vectors = append([]T(nil), n.vectors...)
		}
		return
	}
	// In the beginning the mean reaches back over the steps that there are.
	a.taken++
	decay := 1.0
	for range averageEvery {
		decay *= n.o.Average
	}
	decay = min(decay, float64(a.taken)/float64(a.taken+averageEvery))
	mean := func(to, from []T) {
		lstm.Parallel(n.o.Threads, len(to), func(first, last int) {
			keep, take := T(decay), T(1-decay)
			for i := first; i < last; i++ {
				to[i] = T(to[i]*keep) + T(from[i]*take)
			}
		})
	}
	mean(a.theta, n.theta)
	if a.vectors != nil {
		mean(a.vectors, n.vectors)
	}
}

// swap exchanges the network's weights and their mean, where there is one.
func (a *average[T]) swap(n *Network[T]) {
	if a.theta == nil {
		return
	}
	a.theta, n.theta = n.theta, a.theta
	if a.vectors != nil {
		a.vectors, n.vectors = n.vectors, a.vectors
	}
}

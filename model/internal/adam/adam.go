// Package adam is the arithmetic of Adam (Kingma and Ba, "Adam: a method for
// stochastic optimization", 2015), with the parameters that gorgonia and
// PyTorch take by default.
package adam

import (
	"math"

	"wakong/model/lstm"
)

const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

// A Step holds the numbers of one step, as [lstm.Adam] takes them.
type Step[T lstm.Float] [8]T

// NewStep is step number steps, from 1, with a learning rate.
func NewStep[T lstm.Float](rate float64, steps int) *Step[T] {
	return &Step[T]{
		T(beta1), T(beta2), 1 - T(beta1), 1 - T(beta2),
		1 / T(1-math.Pow(beta1, float64(steps))), 1 / T(1-math.Pow(beta2, float64(steps))),
		-T(rate), T(epsilon),
	}
}

// Apply updates weights w, moments m and v from gradients g and clears g.
func (s *Step[T]) Apply(k lstm.Kernel, w, g, m, v []T) { lstm.Adam(k, (*[8]T)(s), w, g, m, v) }

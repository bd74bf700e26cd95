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

// A Step holds the numbers of one step.
type Step[T lstm.Float] struct {
	beta1, beta2, keep1, keep2, unbias1, unbias2, rate, epsilon T
}

// NewStep is step number steps, from 1, with a learning rate.
func NewStep[T lstm.Float](rate float64, steps int) Step[T] {
	return Step[T]{
		beta1: T(beta1), beta2: T(beta2), keep1: 1 - T(beta1), keep2: 1 - T(beta2),
		unbias1: 1 / T(1-math.Pow(beta1, float64(steps))), unbias2: 1 / T(1-math.Pow(beta2, float64(steps))),
		rate: -T(rate), epsilon: T(epsilon),
	}
}

// Apply updates weights w, moments m and v from gradients g and clears g. The
// conversions keep a compiler from fusing a product into a sum, so that every
// CPU rounds alike.
func (s Step[T]) Apply(w, g, m, v []T) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	for j := range w {
		d := g[j]
		first := T(m[j]*s.beta1) + T(d*s.keep1)
		second := T(v[j]*s.beta2) + T(T(d*d)*s.keep2)
		m[j], v[j], g[j] = first, second, 0
		root := T(math.Sqrt(float64(T(second * s.unbias2))))
		w[j] += T(T(T(first*s.unbias1)*s.rate) / (root + s.epsilon))
	}
}

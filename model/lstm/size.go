package lstm

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// A Size is the shape of a bidirectional layer.
type Size struct {
	In    int // width of an input row
	Units int // h, units of one direction; an output row is 2h wide
}

// Validate reports a size that no layer can have.
func (z Size) Validate() error {
	const limit = 1 << 14
	if z.In < 1 || z.In > limit || z.Units < 1 || z.Units > limit {
		return fmt.Errorf("lstm: size in=%d units=%d: both must lie between 1 and %d", z.In, z.Units, limit)
	}
	return nil
}

func (z Size) direction() int { return 4 * z.Units * (z.In + z.Units + 1) }

// Params is the length of the layer's parameter vector θ.
func (z Size) Params() int { return 2 * z.direction() }

// Weights are one direction's parameters, as views of a parameter vector.
type Weights[T Float] struct {
	Input     []T // [4h, in]
	Recurrent []T // [4h, h]
	Bias      []T // [4h]
}

// Split returns the parts of the parameter vector theta, whose length must be
// z.Params(): the forward direction's and the backward direction's.
func Split[T Float](z Size, theta []T) [2]Weights[T] {
	var w [2]Weights[T]
	h := z.Units
	for d := range w {
		p := theta[d*z.direction():]
		w[d].Input = p[:4*h*z.In]
		p = p[4*h*z.In:]
		w[d].Recurrent = p[:4*h*h]
		w[d].Bias = p[4*h*h : 4*h*h+4*h]
	}
	return w
}

// Init fills theta with the customary initial values: matrices uniform within
// ±sqrt(6/(fan in + fan out)) of the joint matrix [4h, in+h] (Glorot and Bengio
// 2010), bias 0 but for the forget gates' 1 (Gers et al. 2000).
func Init[T Float](z Size, theta []T, rng *rand.Rand) {
	limit := math.Sqrt(6 / float64(z.In+z.Units+4*z.Units))
	for _, w := range Split(z, theta) {
		for _, m := range [][]T{w.Input, w.Recurrent} {
			for i := range m {
				m[i] = T((2*rng.Float64() - 1) * limit)
			}
		}
		clear(w.Bias)
		for i := z.Units; i < 2*z.Units; i++ {
			w.Bias[i] = 1
		}
	}
}

package lstm

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestAdam holds a step of every kernel to the bits of the formula in plain Go, at
// lengths that fill no vector.
func TestAdam(t *testing.T) {
	for _, k := range Kernels() {
		for _, n := range []int{0, 1, 3, 4, 8, 16, 37, 64, 1001} {
			adamStep[float32](t, k, n)
		}
	}
	adamStep[float64](t, Auto, 1001)
}

func adamStep[T Float](t *testing.T, k Kernel, n int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	fill := func(scale float64) []T {
		s := make([]T, n)
		for i := range s {
			// From next to nothing to large, some of them 0.
			s[i] = T(scale * (rng.Float64() - 0.5) * math.Pow(10, float64(rng.IntN(12)-9)))
			if rng.IntN(20) == 0 {
				s[i] = 0
			}
		}
		return s
	}
	w, g, m, v := fill(1), fill(3), fill(1), fill(1)
	for i := range v {
		v[i] *= v[i]
	}
	step := [8]T{0.9, 0.999, 0.1, 0.001, 1.7, 33, -0.002, 1e-8}
	wantW, wantM, wantV := slices.Clone(w), slices.Clone(m), slices.Clone(v)
	for i, d := range g {
		wantM[i] = T(m[i]*step[0]) + T(d*step[2])
		wantV[i] = T(v[i]*step[1]) + T(T(d*d)*step[3])
		root := T(math.Sqrt(float64(T(wantV[i] * step[5]))))
		wantW[i] += T(T(T(wantM[i]*step[4])*step[6]) / (root + step[7]))
	}
	Adam(k, &step, w, g, m, v)
	if !slices.Equal(w, wantW) || !slices.Equal(m, wantM) || !slices.Equal(v, wantV) {
		t.Errorf("%v, %d numbers: weights, moments differ from the formula's", k, n)
	}
	if slices.ContainsFunc(g, func(x T) bool { return x != 0 }) {
		t.Errorf("%v, %d numbers: the gradients are not cleared", k, n)
	}
}

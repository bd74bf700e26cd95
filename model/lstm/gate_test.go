package lstm

import (
	"math"
	"testing"
)

// TestGateFunctions holds sigmoid and tanh of every kernel against the C
// library's in double precision, over the whole range and densely around 0.
// They are run where they are used: as one step of rows of one unit, whose
// gates pass through sigmoid and, for the candidate, tanh.
func TestGateFunctions(t *testing.T) {
	var xs []float32
	for i := -40000; i <= 40000; i++ {
		xs = append(xs, float32(i)/400, float32(i)/40000)
	}
	for e := -126; e <= 127; e++ {
		x := float32(math.Ldexp(1.37, e))
		xs = append(xs, x, -x)
	}
	inf := float32(math.Inf(1))
	xs = append(xs, 0, inf, -inf, 0.6249, 0.625, 88, 87, -87, -88.5)
	n := len(xs)
	s := &shard{active: []int32{int32(n)}, offset: []int32{0}}
	for _, k := range Kernels() {
		gates := make([]float32, 4*n)
		for i, x := range xs {
			for g := range 4 {
				gates[4*i+g] = x
			}
		}
		cells, out := make([]float32, n), make([]float32, n)
		packed := make([]float32, packedLen[float32](k, 1, 4))
		forward(k, s, n, 1, false, packed, nil, nil, gates, cells, out, 1)
		worst := [2]float64{}
		for i, x := range xs {
			sigmoid, tanh := 1/(1+math.Exp(-float64(x))), math.Tanh(float64(x))
			for g, want := range []float64{sigmoid, sigmoid, tanh, sigmoid} {
				off := math.Abs(float64(gates[4*i+g]) - want)
				if !(off <= 2e-7) {
					t.Fatalf("%v: gate %d of %g is %g, expected %g", k, g, x, gates[4*i+g], want)
				}
				worst[g&2/2] = max(worst[g&2/2], off)
			}
			// Near 0, tanh must keep its digits: the candidate's, and a
			// small cell's, carry small signals.
			if math.Abs(tanh) < 0.1 && math.Abs(tanh) > 1e-30 {
				if off := math.Abs(float64(gates[4*i+2])/tanh - 1); off > 4e-7 {
					t.Fatalf("%v: tanh %g is %g, expected %g: relative error %g", k, x, gates[4*i+2], tanh, off)
				}
			}
		}
		t.Logf("%v: sigmoid off by at most %.2g, tanh or output gate by %.2g", k, worst[0], worst[1])
	}
}

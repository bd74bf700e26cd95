package lstm

import (
	"math"
	"slices"
	"testing"
)

func needBF16(t *testing.T) {
	t.Helper()
	if !BF16.Available() {
		t.Skip("this CPU has no AVX-512 BF16, or the compiler does not know it")
	}
}

// noise is the root mean square of got's error relative to that of want.
func noise(got []float32, want []float64) float64 {
	var error2, want2 float64
	for i, w := range want {
		error2 += (float64(got[i]) - w) * (float64(got[i]) - w)
		want2 += w * w
	}
	return math.Sqrt(error2 / want2)
}

// TestBF16 holds the bfloat16 kernel against double precision. Each operand of
// a product is off by up to 2^-9 = 0.002 of its size, and the samples'
// weights, made for finding mistakes, would multiply that from step to step:
// they are scaled to the size of trained ones.
func TestBF16(t *testing.T) {
	needBF16(t)
	for name, c := range samples {
		t.Run(name, func(t *testing.T) {
			s := newSample(t, c.size, c.lengths)
			for i := range s.theta {
				s.theta[i] /= 4
			}
			for _, tabular := range []bool{false, true} {
				want := run[float64](t, s, Portable, 2, tabular)
				got := run[float32](t, s, BF16, 2, tabular)
				off := []float64{noise(got.out, want.out), noise(got.dtheta, want.dtheta), noise(got.dx, want.dx)}
				t.Logf("table %t: output off by %.2g, parameter gradient %.2g, input gradient %.2g", tabular, off[0], off[1], off[2])
				if !(slices.Max(off) < 0.02) {
					t.Errorf("table %t: output, parameter gradient and input gradient are off by %g", tabular, off)
				}
				for _, threads := range []int{1, 3, 8} {
					again := run[float32](t, s, BF16, threads, tabular)
					if !slices.Equal(got.out, again.out) || !slices.Equal(got.dtheta, again.dtheta) || !slices.Equal(got.dx, again.dx) {
						t.Errorf("table %t: %d threads give other bits than two", tabular, threads)
					}
				}
			}
		})
	}
}

// TestBF16IsAskedFor makes sure that nobody gets lower precision unasked.
func TestBF16IsAskedFor(t *testing.T) {
	if k, err := Auto.Resolve(); err != nil || k == BF16 {
		t.Errorf("Auto is %v, error %v", k, err)
	}
	if slices.Contains(Kernels(), BF16) {
		t.Error("BF16 is listed among the kernels of full precision")
	}
	if k, err := ParseKernel("bf16"); k != BF16 || err != nil {
		t.Errorf("bf16 is read as %v, error %v", k, err)
	}
}

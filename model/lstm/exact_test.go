package lstm

import (
	"fmt"
	"hash/fnv"
	"math"
	"testing"
)

func TestExpAndLog(t *testing.T) {
	near := func(got, want float64) bool {
		return got == want || math.Abs(got-want) <= 4e-16*math.Abs(want)
	}
	sum := fnv.New64a()
	for i := -7000; i <= 7000; i++ {
		x := float64(i) / 10
		if got, want := Exp(x), math.Exp(x); !near(got, want) {
			t.Errorf("Exp(%g) = %g, expected %g", x, got, want)
		}
		x = float64(i) / 4096
		fmt.Fprintf(sum, "%x %x ", math.Float64bits(Exp(x)), math.Float64bits(Log(2+x)))
	}
	if got := sum.Sum64(); got != 0xcdd2a0ae2a5ad4f {
		t.Errorf("Exp and Log have other bits than on other CPUs: %#x", got)
	}
	for e := -300; e <= 300; e++ {
		for _, m := range []float64{1, 1.001, 1.3, 1.4142, 1.4143, 1.9, 9.99} {
			x := m * math.Pow(10, float64(e))
			if got, want := Log(x), math.Log(x); !near(got, want) {
				t.Errorf("Log(%g) = %g, expected %g", x, got, want)
			}
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 711, -747, -740} {
		if got, want := Exp(x), math.Exp(x); got != want && !(got != got && want != want) {
			t.Errorf("Exp(%g) = %g, expected %g", x, got, want)
		}
		if got, want := Log(x), math.Log(x); !near(got, want) && !(got != got && want != want) {
			t.Errorf("Log(%g) = %g, expected %g", x, got, want)
		}
	}
}

package lstm

import "math"

// ln 2 in two parts; the first has so few bits that its product with any
// exponent is exact.
const (
	ln2High = 0x1.62e42feep-1
	ln2Low  = 0x1.a39ef35793c76p-33
)

// Exp is e^x, right to about one unit in the last place. Unlike math.Exp,
// which is written anew for several CPUs, it has the same bits on all of them:
// the conversions keep a compiler from fusing products into sums.
func Exp(x float64) float64 {
	switch {
	case x != x || x > 710:
		return math.Inf(1) + x
	case x < -746:
		return 0
	}
	// x = k ln 2 + r with |r| <= ln 2 / 2, and e^r = 1 + r + r^2 q(r), q from
	// the exponential series.
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := (x - float64(k*ln2High)) - float64(k*ln2Low)
	q := 0.0
	for n := len(factorials) - 1; n >= 0; n-- {
		q = float64(q*r) + factorials[n]
	}
	return math.Ldexp(1+(r+float64(float64(r*r)*q)), int(k))
}

// factorials are 1/2!, 1/3! and so on.
var factorials = [...]float64{1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800}

// Log is the natural logarithm of x, with the same bits on every CPU, as [Exp].
func Log(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 1) {
		return math.Log(x)
	}
	// x = m 2^e with m about 1, and log m = 2 artanh((m-1)/(m+1)).
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	s := (m - 1) / (m + 1)
	z := float64(s * s)
	q := 0.0
	for n := 12; n >= 1; n-- {
		q = float64((q + 1/float64(2*n+1)) * z)
	}
	k := float64(e)
	return float64(k*ln2High) + (float64(k*ln2Low) + (2*s + float64(2*s*q)))
}

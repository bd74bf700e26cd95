package embed

import "math/bits"

// random is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
// number generators", 2014). Unlike the generators of math/rand/v2 it costs a
// nanosecond a draw without a call through an interface, which matters at some
// sixty draws a word, and any seed is as good as any other, so that each block
// of each epoch has a generator of its own.
type random struct{ state uint64 }

// newRandom derives a generator from the training's seed and from what the
// numbers are for.
func newRandom(seed uint64, purpose ...uint64) random {
	r := random{seed}
	for _, p := range purpose {
		r.state = r.next() + p
	}
	return random{r.next()}
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws from [0, n), with a bias of at most n/2^64.
func (r *random) below(n uint64) uint64 {
	high, _ := bits.Mul64(r.next(), n)
	return high
}

// uniform draws from [0, 1) in steps of 2^-24.
func (r *random) uniform() float32 {
	return float32(r.next()>>40) * (1.0 / (1 << 24))
}

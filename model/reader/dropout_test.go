package reader

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDropoutRises: with Rise 0.5 nothing is dropped at the beginning, half as
// much in the middle of the first half, and all from then on.
func TestDropoutRises(t *testing.T) {
	const rate, count = 0.4, 200000
	for _, c := range []struct {
		rise          float64
		epoch, within int
		want          float64
	}{
		{0.5, 0, 0, 0}, {0.5, 0, 1, rate / 4}, {0.5, 0, 2, rate / 2}, {0.5, 1, 0, rate}, {0.5, 1, 3, rate},
		{0, 0, 0, rate}, {0, 1, 0, rate}, {1, 1, 2, 0.75 * rate},
	} {
		n := newSmall[float32](t, small(Options{Dropout: Dropout{Rise: c.rise}}))
		training := trainer{n: n, todo: make([][]*passage, 4), o: TrainOptions{Epochs: 2}}
		training.state.Epoch, training.state.Within = c.epoch, c.within
		n.random, n.risen = rand.New(rand.NewPCG(1, 2)), training.risen()
		mask, dropped, sum := n.drawMask(nil, count, rate), 0, 0.0
		for _, f := range mask {
			sum += float64(f)
			if f == 0 {
				dropped++
			}
		}
		if len(mask) == 0 && c.want == 0 {
			continue
		}
		if got := float64(dropped) / count; len(mask) != count || math.Abs(got-c.want) > 0.005 || math.Abs(sum/count-1) > 0.01 {
			t.Errorf("%+v: %d factors, %.4f are 0, their mean is %.4f", c, len(mask), got, sum/count)
		}
	}
}

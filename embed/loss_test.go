package embed

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lossesOf trains and gives the last curve that was told.
func lossesOf(t *testing.T, all [][]string, p Params, o Options) (last []LossPoint) {
	t.Helper()
	o.Loss = func(curve []LossPoint) { last = slices.Clone(curve) }
	train(t, all, p, o)
	return last
}

func TestLossFalls(t *testing.T) {
	p := small()
	curve := lossesOf(t, topics(9000), p, Options{})
	// Output vectors begin at zero. One negative in twenty is the word itself
	// and left out.
	if first, want := curve[0].Loss, (1+0.95*float64(p.Negative))*math.Ln2; math.Abs(first-want) > 0.03 {
		t.Errorf("the loss begins at %.3f, expected %.3f", first, want)
	}
	// Within a topic of ten words, of twenty in all, nothing can be told apart:
	// the best that there is has a loss well above 0.
	if last := curve[len(curve)-1].Loss; last > 0.9*curve[0].Loss || last < 1 {
		t.Errorf("the loss ends at %.3f", last)
	}
	if last := curve[len(curve)-1]; len(curve) != p.Epochs || last.Pairs != lossPairs || last.Words != 5*9000*12 {
		t.Errorf("%d points, the last is %+v", len(curve), last)
	}
}

// Neither threads nor interruptions show in the curve.
func TestSameLossEveryTime(t *testing.T) {
	all := topics(24000) // more than lossBlocks blocks an epoch
	p := small()
	p.Epochs, p.Size = 2, 64
	want := lossesOf(t, all, p, Options{Threads: 1})
	if len(want) < 2*p.Epochs {
		t.Errorf("only %d points", len(want))
	}
	for _, threads := range []int{2, 8} {
		if got := lossesOf(t, all, p, Options{Threads: threads}); !slices.Equal(got, want) {
			t.Errorf("%d threads: %v, expected %v", threads, got, want)
		}
	}
	o := Options{Threads: 2, Checkpoint: Checkpoint{Path: filepath.Join(t.TempDir(), "c"), Every: 1}}
	for _, steps := range []int{31, 90} {
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		o.Progress = func(done, total int64) {
			if n++; n == steps {
				cancel()
			}
		}
		if _, err := Train(ctx, count(t, all), stream(all), p, o); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, expected a cancelled training", err)
		}
	}
	o.Progress = nil
	if got := lossesOf(t, all, p, o); !slices.Equal(got, want) {
		t.Errorf("interrupted: %v, expected %v", got, want)
	}
}

// TestDivergence: a learning rate that is too large is told as soon as it shows, whether
// or not the state is saved, and again when a training goes on from what was.
func TestDivergence(t *testing.T) {
	all := topics(24000)
	p := small()
	p.Alpha = 5
	for _, asynchronous := range []bool{false, true} {
		p.Asynchronous = asynchronous
		for _, path := range []string{"", filepath.Join(t.TempDir(), "c")} {
			for range 2 {
				done := int64(0)
				o := Options{Threads: 2, Checkpoint: Checkpoint{Path: path, Every: 1}, Notice: func(s string) { t.Error(s) }}
				o.Progress = func(words, _ int64) { done = words }
				o.Loss = func(curve []LossPoint) {
					for _, point := range curve {
						if math.IsNaN(point.Loss) || math.IsInf(point.Loss, 0) {
							t.Errorf("a loss was told of that is no number: %+v", point)
						}
					}
				}
				_, err := Train(context.Background(), count(t, all), stream(all), p, o)
				if err == nil || !strings.Contains(err.Error(), "diverged") || !strings.Contains(err.Error(), "alpha") {
					t.Errorf("asynchronous %t, checkpoint %q: %v", asynchronous, path, err)
				}
				if done >= int64(p.Epochs)*int64(len(all))*12 {
					t.Errorf("asynchronous %t, checkpoint %q: trained to the end", asynchronous, path)
				}
			}
		}
	}
}

func TestSoftplus(t *testing.T) {
	for x, want := range map[float64]float64{0: math.Ln2, 800: 800, -800: 0, 1: 1.3132616875182228} {
		if got := softplus(x); math.Abs(got-want) > 1e-15*math.Max(1, want) {
			t.Errorf("softplus(%v) is %v, expected %v", x, got, want)
		}
	}
}

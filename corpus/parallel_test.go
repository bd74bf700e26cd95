package corpus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

// numbers are 0 to n-1, with an error in the place of every tenth.
func numbers(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			var err error
			if i%10 == 9 {
				err = fmt.Errorf("%d", i)
			}
			if !yield(i, err) {
				return
			}
		}
	}
}

// Order and errors are those of the sequence for any number of threads and any
// size of the items.
func TestOrdered(t *testing.T) {
	defer goleak.VerifyNone(t)
	const n = 1000
	for _, threads := range []int{1, 2, 7} {
		for _, size := range []int{0, 1, batchBytes / 3, 10 * batchBytes} {
			var got []string
			for square, err := range ordered(t.Context(), numbers(n), threads, func(int) int { return size }, func(i int) int { return i * i }) {
				got = append(got, fmt.Sprint(square, err))
			}
			for i := range n {
				want := fmt.Sprint(i*i, nil)
				if i%10 == 9 {
					want = fmt.Sprint(0, errors.New(fmt.Sprint(i)))
				}
				if i >= len(got) || got[i] != want {
					t.Fatalf("%d threads, size %d: item %d of %d is %q, want %q", threads, size, i, len(got), got[min(i, len(got)-1)], want)
				}
			}
		}
	}
}

// Large items are not read far ahead, and nothing runs on when the reader leaves.
func TestOrderedHoldsLittle(t *testing.T) {
	defer goleak.VerifyNone(t)
	const threads = 3
	for _, c := range []struct{ size, most int }{
		// Those that wait, those that are worked on, and one in each hand.
		{batchBytes, batchesPerThread*threads + threads + 2},
		{1, (batchesPerThread*threads + threads + 2) * batchItems},
	} {
		var read, given atomic.Int64
		in := func(yield func(int, error) bool) {
			for i := range 10_000 {
				if ahead := read.Add(1) - given.Load(); ahead > int64(c.most) {
					t.Errorf("%d items of %d bytes are held, expected at most %d", ahead, c.size, c.most)
				}
				if !yield(i, nil) {
					return
				}
			}
		}
		for i := range ordered(t.Context(), in, threads, func(int) int { return c.size }, func(i int) int { return i }) {
			given.Add(1)
			if i == 5000 {
				break
			}
		}
	}
}

func TestOrderedCancelled(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, threads := range []int{1, 4} {
		ctx, cancel := context.WithCancel(t.Context())
		var errs []error
		for i, err := range ordered(ctx, numbers(1_000_000), threads, func(int) int { return 1 << 20 }, func(i int) int { return i }) {
			if i == 100 {
				cancel()
			}
			if errors.Is(err, context.Canceled) {
				errs = append(errs, err)
				break
			}
		}
		cancel()
		if !slices.ContainsFunc(errs, func(err error) bool { return errors.Is(err, context.Canceled) }) {
			t.Errorf("%d threads: no word of the cancelling", threads)
		}
	}
}

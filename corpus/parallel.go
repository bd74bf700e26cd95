package corpus

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// A batch is what goes from goroutine to goroutine at once: neighbouring items of
// a sequence, so that a short text does not cost as much to hand over as to work
// on.
type batch[In, Out any] struct {
	in   []In
	out  []Out
	err  error // of an item that comes after these
	done chan struct{}
}

const (
	batchItems = 64
	// batchBytes is the size of a batch's items from which on it takes no more.
	batchBytes = 128 << 10
	// batchesPerThread is how many batches wait for each thread, worked on or not:
	// enough for none to stop where a goroutine beside it is busy for a while.
	batchesPerThread = 4
)

// ordered applies work to each item of a sequence on several goroutines and
// gives the results in the sequence's order, whatever the number of threads. An
// item's error is passed on in its place, without work. Size is about how many
// bytes an item takes: at most 4 times batchBytes a thread are held, or 4 items
// where they are larger. All goroutines have ended when the iteration has.
func ordered[In, Out any](ctx context.Context, in iter.Seq2[In, error], threads int, size func(In) int, work func(In) Out) iter.Seq2[Out, error] {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if threads == 1 {
		return sequential(ctx, in, work)
	}
	return func(yield func(Out, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		// Whatever is in todo is in queue too, so that todo never fills up.
		todo := make(chan *batch[In, Out], batchesPerThread*threads+1)
		queue := make(chan *batch[In, Out], batchesPerThread*threads)
		var group sync.WaitGroup
		defer group.Wait()
		defer cancel()
		group.Go(func() {
			defer close(queue)
			defer close(todo)
			for b := range batches[In, Out](in, size) {
				select {
				case queue <- b:
					todo <- b
				case <-ctx.Done():
					return
				}
			}
		})
		for range threads {
			group.Go(func() {
				for b := range todo {
					b.out = make([]Out, len(b.in))
					for i, item := range b.in {
						if ctx.Err() != nil {
							return
						}
						b.out[i] = work(item)
					}
					close(b.done)
				}
			})
		}
		var none Out
		for b := range queue {
			select {
			case <-b.done:
			case <-ctx.Done():
				yield(none, ctx.Err())
				return
			}
			for _, out := range b.out {
				if !yield(out, nil) {
					return
				}
			}
			if b.err != nil && !yield(none, b.err) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(none, err)
		}
	}
}

// batches cuts a sequence into batches.
func batches[In, Out any](in iter.Seq2[In, error], size func(In) int) iter.Seq[*batch[In, Out]] {
	return func(yield func(*batch[In, Out]) bool) {
		fresh := func() *batch[In, Out] { return &batch[In, Out]{done: make(chan struct{})} }
		b, bytes := fresh(), 0
		for item, err := range in {
			if b.err = err; err == nil {
				b.in = append(b.in, item)
				bytes += size(item)
			}
			if err == nil && len(b.in) < batchItems && bytes < batchBytes {
				continue
			}
			if !yield(b) {
				return
			}
			b, bytes = fresh(), 0
		}
		if len(b.in) > 0 {
			yield(b)
		}
	}
}

func sequential[In, Out any](ctx context.Context, in iter.Seq2[In, error], work func(In) Out) iter.Seq2[Out, error] {
	return func(yield func(Out, error) bool) {
		for item, err := range in {
			var out Out
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				out = work(item)
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

package corpus

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// ordered applies work to each item of a sequence on several goroutines and
// gives the results in the sequence's order, whatever the number of threads. An
// item's error is passed on in its place, without work. At most 4 items a
// thread are held. All goroutines have ended when the iteration has.
func ordered[In, Out any](ctx context.Context, in iter.Seq2[In, error], threads int, work func(In) Out) iter.Seq2[Out, error] {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if threads == 1 {
		return sequential(ctx, in, work)
	}
	type job struct {
		in   In
		out  Out
		err  error
		done chan struct{}
	}
	return func(yield func(Out, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		jobs := make(chan *job)
		queue := make(chan *job, 4*threads)
		var group sync.WaitGroup
		defer group.Wait()
		defer cancel()
		group.Go(func() {
			defer close(queue)
			defer close(jobs)
			for item, err := range in {
				j := &job{in: item, err: err, done: make(chan struct{})}
				select {
				case queue <- j:
				case <-ctx.Done():
					return
				}
				if err != nil {
					close(j.done)
					continue
				}
				select {
				case jobs <- j:
				case <-ctx.Done():
					return
				}
			}
		})
		for range threads {
			group.Go(func() {
				for j := range jobs {
					j.out = work(j.in)
					close(j.done)
				}
			})
		}
		for j := range queue {
			select {
			case <-j.done:
			case <-ctx.Done():
				var none Out
				yield(none, ctx.Err())
				return
			}
			if !yield(j.out, j.err) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			var none Out
			yield(none, err)
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

package lstm

import (
	"sync"
	"sync/atomic"
)

// parallel runs task(0) to task(n-1) on up to threads goroutines. Tasks write
// to different memory, so which goroutine takes which has no influence on the
// result.
func parallel(threads, n int, task func(i int)) {
	if threads = min(threads, n); threads <= 1 {
		for i := range n {
			task(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				task(i)
			}
		})
	}
	wg.Wait()
}

// Parallel cuts the range from 0 to n into parts and runs f on them, on up to
// threads goroutines. Where the cuts fall depends on threads: f must not let
// that show.
func Parallel(threads, n int, f func(from, to int)) {
	const least = 1 << 14 // elements below which a goroutine does not pay
	parts := max(1, min(threads, n/least))
	parallel(parts, parts, func(i int) { f(i*n/parts, (i+1)*n/parts) })
}

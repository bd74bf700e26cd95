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

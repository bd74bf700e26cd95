package lstm

import (
	"sync"
	"sync/atomic"
)

// A job is one call of parallel, kept for reuse so that a training step does
// not allocate for each of its phases.
type job struct {
	next atomic.Int64
	n    int
	task func(i int)
	wg   sync.WaitGroup
}

var jobs = sync.Pool{New: func() any { return new(job) }}

func (j *job) work() {
	for i := int(j.next.Add(1)) - 1; i < j.n; i = int(j.next.Add(1)) - 1 {
		j.task(i)
	}
}

func (j *job) help() {
	defer j.wg.Done()
	j.work()
}

// Tasks runs task(0) to task(n-1) on up to threads goroutines, in any order.
func Tasks(threads, n int, task func(i int)) { parallel(threads, n, task) }

// parallel runs task(0) to task(n-1) on up to threads goroutines. Tasks write
// to different memory, so which goroutine takes which has no influence on the
// result.
func parallel(threads, n int, task func(i int)) {
	threads = min(threads, n)
	if threads <= 1 {
		for i := range n {
			task(i)
		}
		return
	}
	j := jobs.Get().(*job)
	j.next.Store(0)
	j.n, j.task = n, task
	j.wg.Add(threads - 1)
	for range threads - 1 {
		go j.help()
	}
	j.work()
	j.wg.Wait()
	j.task = nil
	jobs.Put(j)
}

// Parallel cuts the range from 0 to n into parts and runs f on them, on up to
// threads goroutines. Where the cuts fall depends on threads: f must not let
// that show.
func Parallel(threads, n int, f func(from, to int)) {
	const least = 1 << 14 // elements below which a goroutine does not pay
	parts := max(1, min(threads, n/least))
	parallel(parts, parts, func(i int) { f(i*n/parts, (i+1)*n/parts) })
}

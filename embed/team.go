package embed

// #include "kernel.h"
import "C"

import "sync"

// A team is the shared state of the threads that train one pair of matrices.
type team struct {
	kernel       Kernel
	parts, width int
	in, out      []float32   // [rows, parts*width]
	clocks       []uint32    // [threads, 16]: a cache line each
	clock        uint32      // rounds done
	partial      []float32   // [2, parts, ld]
	gradient     [][]float32 // [threads][ld]
	ld           int
}

// clockStride keeps the threads' clocks on cache lines of their own.
const clockStride = 16

func newTeam(kernel Kernel, threads, parts, width int, in, out []float32) *team {
	return &team{
		kernel: kernel, parts: parts, width: width, in: in, out: out,
		clocks: make([]uint32, threads*clockStride), gradient: make([][]float32, threads),
	}
}

// train trains batches in their order with so many threads: a power of two, up
// to the team's threads and to the parts.
func (m *team) train(threads int, batches []*batch) {
	for _, b := range batches {
		m.reserve(b.largest)
	}
	for i := range m.gradient { // who did not take part last time is behind
		m.clocks[i*clockStride] = m.clock
	}
	start := m.clock
	together(threads, func(thread int) {
		clock := start
		for _, b := range batches {
			m.share(thread, threads, b, clock)
			clock += uint32(len(b.rounds))
		}
	})
	for _, b := range batches {
		m.clock += uint32(len(b.rounds))
	}
}

// reserve makes room for rounds of n targets.
func (m *team) reserve(n int) {
	n += rowUnit // kernels write scores by eights, beyond the last one
	if n <= m.ld {
		return
	}
	m.ld = (n + rowUnit - 1) / rowUnit * rowUnit
	m.partial = make([]float32, 2*m.parts*m.ld)
	for i := range m.gradient {
		m.gradient[i] = make([]float32, m.ld)
	}
}

// share is one thread's share of a batch that starts at the given clock. All
// threads must be called, with the same batches in the same order: they wait
// for each other.
func (m *team) share(thread, threads int, b *batch, clock uint32) {
	if len(b.rounds) == 0 {
		return
	}
	first, last := thread*m.parts/threads, (thread+1)*m.parts/threads
	C.skipgram_train(C.int(m.kernel),
		C.int64_t(m.width), C.int64_t(m.width*m.parts), C.int(m.parts), C.int(first), C.int(last),
		C.int(threads), C.int(thread), (*C.uint32_t)(&m.clocks[0]), C.uint32_t(clock),
		(*C.float)(&m.in[0]), (*C.float)(&m.out[0]),
		(*C.int32_t)(&b.inputs[0]), (*C.float)(&b.alphas[0]), (*C.int32_t)(&b.ends[0]),
		(*C.int32_t)(&b.rounds[0]), C.int64_t(len(b.rounds)), (*C.int32_t)(&b.targets[0]),
		(*C.float)(&m.partial[0]), C.int64_t(m.ld), (*C.float)(&m.gradient[thread][0]))
}

// together runs a function on so many threads and waits for all.
func together(threads int, work func(thread int)) {
	var group sync.WaitGroup
	for i := 1; i < threads; i++ {
		group.Go(func() { work(i) })
	}
	work(0)
	group.Wait()
}

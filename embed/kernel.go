package embed

/*
#cgo CFLAGS: -O3 -std=c11
#include "kernel.h"
*/
import "C"

import "fmt"

// A Kernel is an instruction set that the training's arithmetic has been
// compiled for. On one kernel the same training gives the same bytes; two
// kernels round differently. Portable gives the same bytes on every CPU.
type Kernel int

// The kernels. Auto is the best that the CPU runs.
const (
	Auto     Kernel = 0
	Portable Kernel = C.SKIPGRAM_PORTABLE
	AVX2     Kernel = C.SKIPGRAM_AVX2
	AVX512   Kernel = C.SKIPGRAM_AVX512
)

// rowUnit is the number of floats of which the part of a row that one thread
// owns must be a multiple: the longest vector register of any kernel.
const rowUnit = C.SKIPGRAM_UNIT

var kernelNames = [...]string{Auto: "auto", Portable: "portable", AVX2: "avx2", AVX512: "avx512"}

// String gives the name that ParseKernel reads.
func (k Kernel) String() string {
	if k >= 0 && int(k) < len(kernelNames) {
		return kernelNames[k]
	}
	return fmt.Sprintf("Kernel(%d)", int(k))
}

// ParseKernel reads auto, portable, avx2 or avx512.
func ParseKernel(name string) (Kernel, error) {
	for k, s := range kernelNames {
		if s == name {
			return Kernel(k), nil
		}
	}
	return 0, fmt.Errorf("embed: unknown kernel %q; known: auto, portable, avx2, avx512", name)
}

// Available tells whether this CPU runs the kernel.
func (k Kernel) Available() bool {
	return k == Auto || C.skipgram_available(C.int(k)) != 0
}

// Kernels lists what this CPU runs, slowest first.
func Kernels() []Kernel {
	var all []Kernel
	for _, k := range []Kernel{Portable, AVX2, AVX512} {
		if k.Available() {
			all = append(all, k)
		}
	}
	return all
}

// Resolve turns Auto into the best kernel of this CPU and leaves others as
// they are, if the CPU runs them.
func (k Kernel) Resolve() (Kernel, error) {
	if !k.Available() {
		return 0, fmt.Errorf("embed: this CPU does not run the kernel %v; it runs %v", k, Kernels())
	}
	if k != Auto {
		return k, nil
	}
	all := Kernels()
	return all[len(all)-1], nil
}

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

// reserve makes room for rounds of n targets. No thread may be training.
func (m *team) reserve(n int) {
	for i := range m.gradient { // who did not take part last time is behind
		m.clocks[i*clockStride] = m.clock
	}
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

// train is one thread's share of a batch that starts at the given clock. All
// of the first so many threads, a power of two up to the parts, must call it
// with the same batches in the same order: they wait for each other.
func (m *team) train(thread, threads int, b *batch, clock uint32) {
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

package embed

/*
#cgo CFLAGS: -O3 -std=c11
#include "kernel.h"
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// A Kernel is an instruction set that the training's inner loop is compiled
// for. Results differ between kernels by rounding; Portable gives the same
// bits on every CPU.
type Kernel int

// The kernels. Auto is the best that the CPU runs.
const (
	Auto     Kernel = 0
	Portable Kernel = C.EMBED_PORTABLE
	AVX2     Kernel = C.EMBED_AVX2
	AVX512   Kernel = C.EMBED_AVX512
)

const (
	maxNegative = C.EMBED_NEGATIVES
	align       = C.EMBED_ALIGN
)

// String gives the name that ParseKernel reads.
func (k Kernel) String() string {
	switch k {
	case Auto:
		return "auto"
	case Portable:
		return "portable"
	case AVX2:
		return "avx2"
	case AVX512:
		return "avx512"
	}
	return fmt.Sprintf("Kernel(%d)", int(k))
}

// ParseKernel reads auto, portable, avx2 or avx512.
func ParseKernel(name string) (Kernel, error) {
	for k := Auto; k <= AVX512; k++ {
		if k.String() == name {
			return k, nil
		}
	}
	return 0, fmt.Errorf("embed: unknown kernel %q, expected auto, portable, avx2 or avx512", name)
}

// Kernels lists what this CPU runs, slowest first.
func Kernels() []Kernel {
	var all []Kernel
	for _, k := range []Kernel{Portable, AVX2, AVX512} {
		if C.embed_kernel_available(C.int(k)) != 0 {
			all = append(all, k)
		}
	}
	return all
}

// Resolve turns Auto into the best kernel of this CPU and refuses one that the
// CPU does not run.
func (k Kernel) Resolve() (Kernel, error) {
	all := Kernels()
	if k == Auto {
		return all[len(all)-1], nil
	}
	for _, have := range all {
		if k == have {
			return k, nil
		}
	}
	return 0, fmt.Errorf("embed: this CPU does not run the kernel %v; it runs %v", k, all)
}

// chunk is a run of sentences to train on.
type chunk struct {
	ids   []int32
	ends  []int64 // where each sentence ends in ids
	alpha []float32
}

// stride is the distance of a matrix's rows for vectors of this size.
func stride(size int) int { return (size + align - 1) / align * align }

// trainChunk checks everything that C will touch and trains on the chunk.
func (t *trainer) trainChunk(c *chunk, state *uint64) {
	words := t.vocabulary.Len()
	row := stride(t.params.Size)
	mustHold := func(ok bool, what string) {
		if !ok {
			panic("embed: " + what) // a mistake of this package, not of its user
		}
	}
	mustHold(words >= 2 && len(t.input) == words*row && len(t.output) == words*row, "matrices and vocabulary do not match")
	mustHold(len(t.keep) == words && len(t.negatives.threshold) == words && len(t.negatives.alias) == words, "tables and vocabulary do not match")
	mustHold(len(c.ends) == len(c.alpha) && t.params.Negative <= maxNegative, "sentences and learning rates do not match")
	last, longest := int64(0), 0
	for _, end := range c.ends {
		mustHold(end >= last && end <= int64(len(c.ids)), "sentence outside the chunk")
		longest = max(longest, int(end-last))
		last = end
	}
	for _, id := range c.ids {
		mustHold(id > 0 && int(id) < words, "id outside the vocabulary")
	}
	if len(c.ids) == 0 {
		return
	}
	if len(t.kept) < longest {
		t.kept = make([]int32, longest)
	}
	shape := C.embed_shape{words: C.int64_t(words), stride: C.int64_t(row), window: C.int64_t(t.params.Window), negative: C.int64_t(t.params.Negative)}
	C.embed_train(C.int(t.kernel), &shape, C.int64_t(len(c.ends)),
		(*C.int32_t)(unsafe.SliceData(c.ids)), (*C.int64_t)(unsafe.SliceData(c.ends)), (*C.float)(unsafe.SliceData(c.alpha)),
		(*C.uint32_t)(unsafe.SliceData(t.keep)), (*C.uint32_t)(unsafe.SliceData(t.negatives.threshold)), (*C.int32_t)(unsafe.SliceData(t.negatives.alias)),
		(*C.uint64_t)(state), (*C.int32_t)(unsafe.SliceData(t.kept)), (*C.float)(unsafe.SliceData(t.input)), (*C.float)(unsafe.SliceData(t.output)))
}

// pair trains on one pair, for tests.
func pair(k Kernel, size, center int, rows []int32, alpha float32, input, output []float32) {
	C.embed_pair(C.int(k), C.int64_t(stride(size)), C.int64_t(center), C.int64_t(len(rows)), (*C.int32_t)(unsafe.SliceData(rows)), C.float(alpha), (*C.float)(unsafe.SliceData(input)), (*C.float)(unsafe.SliceData(output)))
}

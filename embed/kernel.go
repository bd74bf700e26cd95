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

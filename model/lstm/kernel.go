package lstm

/*
#cgo CFLAGS: -O3 -std=c11
#cgo LDFLAGS: -lm
#include "kernel.h"
*/
import "C"

import (
	"fmt"
	"strings"
)

// Float is the element type of a layer. Double precision is the reference for
// tests and gradient checks; it has the portable kernel only.
type Float interface{ float32 | float64 }

// A Kernel is an instruction set that the C code has been compiled for.
type Kernel int

// The kernels. Auto is the best that the CPU runs, BF16 excepted: that one
// multiplies in bfloat16 (8 significant bits) and adds in float32, for CPUs with
// AVX-512 BF16, and is used only where it is asked for.
const (
	Auto     Kernel = 0
	Portable Kernel = C.LSTM_PORTABLE
	AVX2     Kernel = C.LSTM_AVX2
	AVX512   Kernel = C.LSTM_AVX512
	BF16     Kernel = C.LSTM_BF16
)

var kernelNames = map[Kernel]string{Auto: "auto", Portable: "portable", AVX2: "avx2", AVX512: "avx512", BF16: "bf16"}

// String gives the name that [ParseKernel] reads.
func (k Kernel) String() string {
	if s, ok := kernelNames[k]; ok {
		return s
	}
	return fmt.Sprintf("Kernel(%d)", int(k))
}

// Available tells whether this CPU runs the kernel.
func (k Kernel) Available() bool {
	return k == Auto || C.lstm_kernel_available(C.int(k)) != 0
}

// Resolve turns Auto into the best kernel of this CPU and leaves others as
// they are, if the CPU runs them.
func (k Kernel) Resolve() (Kernel, error) {
	if k != Auto {
		if !k.Available() {
			return 0, fmt.Errorf("lstm: this CPU does not run the kernel %q; available: %s", k, strings.Join(names(Kernels()), ", "))
		}
		return k, nil
	}
	all := Kernels()
	return all[len(all)-1], nil
}

// Kernels lists what this CPU runs in full float32 precision, slowest first:
// all but BF16.
func Kernels() []Kernel {
	var all []Kernel
	for _, k := range []Kernel{Portable, AVX2, AVX512} {
		if k.Available() {
			all = append(all, k)
		}
	}
	return all
}

func names(all []Kernel) []string {
	s := make([]string, len(all))
	for i, k := range all {
		s[i] = k.String()
	}
	return s
}

// ParseKernel reads auto, portable, avx2, avx512 or bf16.
func ParseKernel(name string) (Kernel, error) {
	for k, s := range kernelNames {
		if s == name {
			return k, nil
		}
	}
	return 0, fmt.Errorf("lstm: unknown kernel %q; known: auto, portable, avx2, avx512, bf16", name)
}

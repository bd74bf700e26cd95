package lstm

import (
	"fmt"
	"testing"
)

// BenchmarkGEMM measures the packed matrix product in GFLOP/s (10^9
// multiplications and additions a second) at the shapes of a layer of 128
// units: the input's product, the recurrence's forward and backward, and the
// weights' gradient, whose left operand lies transposed. Each thread computes
// its own product, as the two directions do. Packing the right operand is not
// counted, except in the weights' gradient, where it belongs to every call.
func BenchmarkGEMM(b *testing.B) {
	for _, s := range []struct {
		name    string
		m, k, n int
		weights bool
	}{
		{"input=[1536,256]x[256,512]", 1536, 256, 512, false},
		{"forward=[80,128]x[128,512]", 80, 128, 512, false},
		{"backward=[80,512]x[512,128]", 80, 512, 128, false},
		{"weights=[6000,512]Tx[6000,128]", 512, 6000, 128, true},
	} {
		all := Kernels()
		if BF16.Available() {
			all = append(all, BF16)
		}
		for _, k := range all {
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/kernel=%v/threads=%d", s.name, k, threads), func(b *testing.B) {
					benchProduct(b, k, threads, s.m, s.k, s.n, s.weights)
				})
			}
		}
	}
}

func benchProduct(b *testing.B, kernel Kernel, threads, m, k, n int, weights bool) {
	type product struct{ a, b, c, packed []float32 }
	all := make([]product, threads)
	for i := range all {
		p := product{a: make([]float32, m*k), b: make([]float32, k*n), c: make([]float32, m*n)}
		for j := range p.a {
			p.a[j] = float32(j%17) / 16
		}
		for j := range p.b {
			p.b[j] = float32(j%19) / 1024
		}
		if weights {
			p.packed = make([]float32, scratchLen[float32](kernel, n))
		} else {
			p.packed = make([]float32, packedLen[float32](kernel, k, n))
			pack(kernel, k, n, p.b, n, 1, p.packed)
		}
		all[i] = p
	}
	work := func(i int) {
		p := &all[i]
		if weights {
			clear(p.c)
			gemmTN(kernel, m, n, k, p.a, m, p.b, n, nil, p.c, n, p.packed)
		} else {
			gemm(kernel, m, n, k, p.a, k, p.packed, p.c, n, nil, false)
		}
	}
	// Small products are done several times over, so that starting
	// goroutines does not count.
	repeat := max(1, 1<<28/(2*m*n*k))
	b.ResetTimer()
	for range b.N {
		parallel(threads, threads, func(i int) {
			for range repeat {
				work(i)
			}
		})
	}
	flop := 2 * float64(m) * float64(n) * float64(k) * float64(repeat) * float64(threads)
	b.ReportMetric(flop*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	b.ReportMetric(0, "ns/op")
}

package lstm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// sample is a batch with random weights and inputs for one size.
type sample struct {
	size    Size
	layout  Layout
	theta   []float64
	words   []float64 // [distinct, in]
	index   []int32   // [rows]
	rows    []float64 // [rows, in]
	target  []float64 // [rows, 2h]: the loss is out · target
	lengths []int
}

func newSample(t testing.TB, z Size, lengths []int) *sample {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(z.In*1000+z.Units)))
	s := &sample{size: z, lengths: lengths}
	if err := s.layout.Set(lengths); err != nil {
		t.Fatal(err)
	}
	n := s.layout.Rows()
	normal := func(n int, scale float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.NormFloat64() * scale
		}
		return v
	}
	s.theta = normal(z.Params(), 0.4)
	distinct := n/2 + 1
	s.words = normal(distinct*z.In, 0.7)
	s.index = make([]int32, n)
	for r := range s.index {
		s.index[r] = rng.Int32N(int32(distinct))
		s.rows = append(s.rows, s.words[int(s.index[r])*z.In:][:z.In]...)
	}
	s.target = normal(n*2*z.Units, 1)
	return s
}

func convert[T Float](v []float64) []T {
	out := make([]T, len(v))
	for i, x := range v {
		out[i] = T(x)
	}
	return out
}

// result is what one forward and backward pass gives.
type result[T Float] struct{ out, dtheta, dx []T }

func run[T Float](t testing.TB, s *sample, k Kernel, threads int, tabular bool) result[T] {
	t.Helper()
	l, err := NewLayer[T](s.size, k)
	if err != nil {
		t.Fatal(err)
	}
	l.Threads = threads
	x := Input[T]{Rows: convert[T](s.rows)}
	if tabular {
		x = Input[T]{Rows: convert[T](s.words), Index: s.index}
	}
	theta := convert[T](s.theta)
	out, err := l.Forward(theta, x, &s.layout)
	if err != nil {
		t.Fatal(err)
	}
	r := result[T]{out: slices.Clone(out), dtheta: make([]T, len(theta)), dx: make([]T, len(x.Rows))}
	if err := l.Backward(theta, convert[T](s.target), r.dtheta, r.dx); err != nil {
		t.Fatal(err)
	}
	return r
}

// far is the largest difference relative to the largest magnitude of want.
func far[A, B Float](got []A, want []B) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	scale, worst := 0.0, 0.0
	for i := range want {
		scale = max(scale, math.Abs(float64(want[i])))
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		worst = max(worst, d)
	}
	return worst / max(scale, 1e-30)
}

var samples = map[string]struct {
	size    Size
	lengths []int
}{
	"one word":        {Size{3, 2}, []int{1}},
	"odd sizes":       {Size{7, 5}, []int{4, 1, 9, 9, 2}},
	"vector multiple": {Size{16, 32}, []int{12, 5, 5, 1}},
	"narrow panel":    {Size{33, 17}, []int{20, 3}},
	"several shards":  {Size{6, 8}, manyLengths(300)},
	"long":            {Size{5, 9}, []int{700, 1, 350}},
	"method":          {Size{128, 128}, []int{30, 11, 7, 30}},
}

func manyLengths(n int) []int {
	rng := rand.New(rand.NewPCG(1, 2))
	l := make([]int, n)
	for i := range l {
		l[i] = 1 + rng.IntN(25)
	}
	return l
}

func TestForwardMatchesReference(t *testing.T) {
	for name, c := range samples {
		t.Run(name, func(t *testing.T) {
			s := newSample(t, c.size, c.lengths)
			var want []float64
			want = make([]float64, s.layout.Rows()*2*c.size.Units)
			for i := range s.lengths {
				rows := s.layout.RowsOf(i)
				var x [][]float64
				for _, r := range rows {
					x = append(x, s.rows[int(r)*c.size.In:][:c.size.In])
				}
				for j, y := range reference(c.size, s.theta, x) {
					copy(want[int(rows[j])*2*c.size.Units:], y)
				}
			}
			for _, tabular := range []bool{false, true} {
				if d := far(run[float64](t, s, Portable, 2, tabular).out, want); d > 1e-12 {
					t.Errorf("float64, table %t: off by %g", tabular, d)
				}
				for _, k := range Kernels() {
					if d := far(run[float32](t, s, k, 2, tabular).out, want); d > 5e-6 {
						t.Errorf("%v, table %t: off by %g", k, tabular, d)
					}
				}
			}
		})
	}
}

// TestGradients holds the float64 gradients against finite differences of the
// reference, and every float32 kernel against the float64 gradients.
func TestGradients(t *testing.T) {
	for name, c := range samples {
		t.Run(name, func(t *testing.T) {
			s := newSample(t, c.size, c.lengths)
			for _, tabular := range []bool{false, true} {
				want := run[float64](t, s, Portable, 2, tabular)
				checkDifferences(t, s, want, tabular)
				for _, k := range Kernels() {
					got := run[float32](t, s, k, 2, tabular)
					if d := far(got.dtheta, want.dtheta); d > 2e-5 {
						t.Errorf("%v, table %t: parameter gradient off by %g", k, tabular, d)
					}
					if d := far(got.dx, want.dx); d > 2e-5 {
						t.Errorf("%v, table %t: input gradient off by %g", k, tabular, d)
					}
				}
			}
		})
	}
}

func checkDifferences(t *testing.T, s *sample, got result[float64], tabular bool) {
	t.Helper()
	l, err := NewLayer[float64](s.size, Portable)
	if err != nil {
		t.Fatal(err)
	}
	theta, words := slices.Clone(s.theta), slices.Clone(s.rows)
	x := Input[float64]{Rows: words}
	if tabular {
		words = slices.Clone(s.words)
		x = Input[float64]{Rows: words, Index: s.index}
	}
	loss := func() float64 {
		out, err := l.Forward(theta, x, &s.layout)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, y := range out {
			sum += y * s.target[i]
		}
		return sum
	}
	rng := rand.New(rand.NewPCG(3, 4))
	check := func(what string, p, grad []float64) {
		for range 40 {
			i := rng.IntN(len(p))
			const step = 1e-5
			old := p[i]
			p[i] = old + step
			up := loss()
			p[i] = old - step
			down := loss()
			p[i] = old
			want := (up - down) / (2 * step)
			if math.Abs(grad[i]-want) > 1e-5*max(1, math.Abs(want)) {
				t.Errorf("table %t: gradient of %s %d is %.9g, finite difference %.9g", tabular, what, i, grad[i], want)
			}
		}
	}
	check("parameter", theta, got.dtheta)
	check("input", words, got.dx)
}

// TestSameBitsForAnyThreads runs batches on different numbers of threads.
func TestSameBitsForAnyThreads(t *testing.T) {
	for name, c := range samples {
		t.Run(name, func(t *testing.T) {
			s := newSample(t, c.size, c.lengths)
			for _, k := range Kernels() {
				for _, tabular := range []bool{false, true} {
					want := run[float32](t, s, k, 1, tabular)
					for _, threads := range []int{2, 3, 8} {
						got := run[float32](t, s, k, threads, tabular)
						if !slices.Equal(got.out, want.out) || !slices.Equal(got.dtheta, want.dtheta) || !slices.Equal(got.dx, want.dx) {
							t.Errorf("%v, table %t: %d threads give other bits than one", k, tabular, threads)
						}
					}
				}
			}
		})
	}
}

// TestBuffersAreReused runs batches of falling and rising size through one
// layer: what an earlier batch left must not show.
func TestBuffersAreReused(t *testing.T) {
	z := Size{6, 8}
	l, err := NewLayer[float32](z, Auto)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{40, 3, 170, 1} {
		s := newSample(t, z, manyLengths(n))
		want := run[float32](t, s, Auto, 2, true)
		theta := convert[float32](s.theta)
		out, err := l.Forward(theta, Input[float32]{Rows: convert[float32](s.words), Index: s.index}, &s.layout)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(out, want.out) {
			t.Errorf("%d sequences: other outputs than a fresh layer's", n)
		}
		dtheta, dx := make([]float32, len(theta)), make([]float32, len(s.words))
		for i := range dtheta {
			dtheta[i] = float32(math.NaN())
		}
		if err := l.Backward(theta, convert[float32](s.target), dtheta, dx); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(dtheta, want.dtheta) || !slices.Equal(dx, want.dx) {
			t.Errorf("%d sequences: other gradients than a fresh layer's", n)
		}
	}
}

// TestTableThenRows: a batch of packed rows behind one with a table, whose product still
// has its memory.
func TestTableThenRows(t *testing.T) {
	s := newSample(t, Size{6, 8}, []int{5, 3, 1})
	l, err := NewLayer[float64](s.size, Portable)
	if err != nil {
		t.Fatal(err)
	}
	var want []float64
	for _, x := range []Input[float64]{{Rows: s.words, Index: s.index}, {Rows: s.rows}, {Rows: s.words, Index: s.index}} {
		out, err := l.Forward(s.theta, x, &s.layout)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = slices.Clone(out)
		}
		if far(out, want) > 1e-12 {
			t.Errorf("with an index: %t, other outputs than with a table first", x.Index != nil)
		}
	}
}

func TestExtremeValuesStayFinite(t *testing.T) {
	z := Size{4, 6}
	s := newSample(t, z, []int{5, 3})
	for i := range s.theta {
		s.theta[i] *= 1e4
	}
	for _, k := range Kernels() {
		r := run[float32](t, s, k, 1, false)
		for _, v := range slices.Concat(r.out, r.dtheta, r.dx) {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("%v: saturated gates give %v", k, v)
			}
		}
	}
}

func TestBadInputIsRefused(t *testing.T) {
	var layout Layout
	if err := layout.Set([]int{2, 0}); err == nil {
		t.Error("a sequence of length 0 was accepted")
	}
	if err := layout.Set([]int{2, 1}); err != nil {
		t.Fatal(err)
	}
	z := Size{3, 2}
	l, err := NewLayer[float32](z, Auto)
	if err != nil {
		t.Fatal(err)
	}
	theta := make([]float32, z.Params())
	good := Input[float32]{Rows: make([]float32, 9)}
	var empty Layout
	for name, f := range map[string]func() error{
		"short theta":  func() error { _, err := l.Forward(theta[1:], good, &layout); return err },
		"too few rows": func() error { _, err := l.Forward(theta, Input[float32]{Rows: good.Rows[:6]}, &layout); return err },
		"ragged rows":  func() error { _, err := l.Forward(theta, Input[float32]{Rows: good.Rows[:8]}, &layout); return err },
		"index too large": func() error {
			_, err := l.Forward(theta, Input[float32]{good.Rows, []int32{0, 1, 3}}, &layout)
			return err
		},
		"negative index": func() error {
			_, err := l.Forward(theta, Input[float32]{good.Rows, []int32{0, -1, 2}}, &layout)
			return err
		},
		"short index":    func() error { _, err := l.Forward(theta, Input[float32]{good.Rows, []int32{0}}, &layout); return err },
		"no sequences":   func() error { _, err := l.Forward(theta, Input[float32]{}, &empty); return err },
		"backward first": func() error { return l.Backward(theta, nil, theta, nil) },
		"short gradient": func() error {
			if _, err := l.Forward(theta, good, &layout); err != nil {
				t.Fatal(err)
			}
			return l.Backward(theta, make([]float32, 3), make([]float32, len(theta)), nil)
		},
		"negative units": func() error { _, err := NewLayer[float32](Size{3, -1}, Auto); return err },
		"unknown kernel": func() error { _, err := ParseKernel("mmx"); return err },
		"absent kernel":  func() error { _, err := NewLayer[float32](z, Kernel(99)); return err },
	} {
		if err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func ExampleLayer() {
	z := Size{In: 2, Units: 3}
	layer, err := NewLayer[float32](z, Portable)
	if err != nil {
		panic(err)
	}
	theta := make([]float32, z.Params())
	Init(z, theta, rand.New(rand.NewPCG(1, 1)))
	var layout Layout
	if err := layout.Set([]int{2, 1}); err != nil { // two sequences
		panic(err)
	}
	x := make([]float32, layout.Rows()*z.In)
	x[int(layout.RowsOf(0)[1])*z.In] = 1 // second row of the first sequence
	out, err := layer.Forward(theta, Input[float32]{Rows: x}, &layout)
	if err != nil {
		panic(err)
	}
	fmt.Println(layout.Rows(), "rows of", len(out)/layout.Rows())
	// Output: 3 rows of 6
}

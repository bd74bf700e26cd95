package lstm

import (
	"errors"
	"fmt"
	"runtime"
)

// An Input is what a layer reads, as one of two things: Rows alone, a packed
// matrix [layout rows, in]; or a table of distinct rows [n, in] in Rows with an
// Index [layout rows] that names the table's row for each packed row.
type Input[T Float] struct {
	Rows  []T
	Index []int32
}

// A Layer is a bidirectional LSTM layer with the buffers that one forward and
// one backward pass need. They are kept from batch to batch and grow to the
// largest. A Layer serves one goroutine at a time.
type Layer[T Float] struct {
	Size   Size
	Kernel Kernel
	// Split gives each direction an input of its own: rows are 2*Size.In
	// wide, the forward direction reads their first half, the backward
	// direction the second. Stacked, such layers never mix what stands before
	// a position with what stands after it. A table cannot be split.
	Split bool
	// Threads bounds the goroutines of a pass; 0 is GOMAXPROCS. Results do
	// not depend on it.
	Threads int

	layout *Layout
	input  Input[T]
	table  int // rows of the input's table, 0 for a plain input
	out    []T // [rows, 2h]
	dir    [2]direction[T]
}

// direction holds one direction's state between forward and backward.
type direction[T Float] struct {
	gates  []T // [rows, 4h] activations, then gradients
	cells  []T // [rows, h]
	table  []T // [table rows, 4h] product of the table and the input weights; later its gradient
	packed packed[T]
	carry  [][]T // [shards][2*sequences*h]
	work   [][]T // for each task of the weight gradients
}

type packed[T Float] struct{ input, recurrent, inputBack, recurrentBack []T }

// NewLayer returns a layer of the given size on the kernel, which is resolved
// if it is Auto.
func NewLayer[T Float](z Size, k Kernel) (*Layer[T], error) {
	if err := z.Validate(); err != nil {
		return nil, err
	}
	k, err := k.Resolve()
	if err != nil {
		return nil, err
	}
	return &Layer[T]{Size: z, Kernel: k}, nil
}

func (l *Layer[T]) threads() int {
	if l.Threads > 0 {
		return l.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// inWidth is the width of an input row, inAt where direction d's part begins.
func (l *Layer[T]) inWidth() int {
	if l.Split {
		return 2 * l.Size.In
	}
	return l.Size.In
}

func (l *Layer[T]) inAt(d int) int {
	if l.Split {
		return d * l.Size.In
	}
	return 0
}

// rowChunk is how many rows a task of a plain matrix product takes, whatever the
// threads: two of the kernel's bands, few enough that a small batch, too, has work for
// all of them.
const rowChunk = 192

func chunks(rows int) int { return (rows + rowChunk - 1) / rowChunk }

func chunk(i, rows int) (from, to int) { return i * rowChunk, min((i+1)*rowChunk, rows) }

// Forward runs both directions over the input and returns the outputs
// [layout rows, 2h]: the forward direction's h columns, then the backward
// direction's. theta has Size.Params() elements. The returned slice is the
// layer's own and holds until its next Forward; layout, input and theta must
// stay unchanged until Backward has returned.
func (l *Layer[T]) Forward(theta []T, x Input[T], layout *Layout) ([]T, error) {
	if err := l.begin(theta, x, layout); err != nil {
		return nil, err
	}
	h, in, width, k := l.Size.Units, l.Size.In, l.inWidth(), l.Kernel
	rows := layout.Rows()
	weights := Split(l.Size, theta)
	parallel(l.threads(), 2, func(d int) {
		s, w := &l.dir[d], weights[d]
		s.packed.input = resize(s.packed.input, packedLen[T](k, in, 4*h))
		s.packed.recurrent = resize(s.packed.recurrent, packedLen[T](k, h, 4*h))
		pack(k, in, 4*h, w.Input, 1, in, s.packed.input)
		pack(k, h, 4*h, w.Recurrent, 1, h, s.packed.recurrent)
		s.gates = resize(s.gates, rows*4*h)
		s.cells = resize(s.cells, rows*h)
		s.table = resize(s.table, l.table*4*h)
	})
	source := rows
	if l.table > 0 {
		source = l.table
	}
	n := chunks(source)
	parallel(l.threads(), 2*n, func(i int) {
		s := &l.dir[i/n]
		from, to := chunk(i%n, source)
		product := s.gates
		if l.table > 0 {
			product = s.table
		}
		gemm(k, to-from, 4*h, in, x.Rows[from*width+l.inAt(i/n):], width, s.packed.input, product[from*4*h:], 4*h, weights[i/n].Bias, false)
	})
	l.out = resize(l.out, rows*2*h)
	parallel(l.threads(), 2*len(layout.shards), func(i int) {
		d := i % 2
		s := &l.dir[d]
		forward(k, &layout.shards[i/2], rows, h, d == 1, s.packed.recurrent, s.table, x.Index, s.gates, s.cells, l.out[d*h:], 2*h)
	})
	return l.out, nil
}

func (l *Layer[T]) begin(theta []T, x Input[T], layout *Layout) error {
	l.layout = nil
	if layout.Rows() == 0 {
		return errors.New("lstm: the layout holds no sequences")
	}
	if len(theta) != l.Size.Params() {
		return fmt.Errorf("lstm: the parameter vector has %d elements; a layer of in=%d units=%d has %d", len(theta), l.Size.In, l.Size.Units, l.Size.Params())
	}
	width := l.inWidth()
	if l.Split && x.Index != nil {
		return errors.New("lstm: a layer of split input takes no table")
	}
	if len(x.Rows)%width != 0 {
		return fmt.Errorf("lstm: the input has %d elements, no multiple of the row width %d", len(x.Rows), width)
	}
	n := len(x.Rows) / width
	if x.Index == nil {
		if n != layout.Rows() {
			return fmt.Errorf("lstm: the input has %d rows, the layout %d", n, layout.Rows())
		}
		n = 0
	} else {
		if len(x.Index) != layout.Rows() {
			return fmt.Errorf("lstm: the index has %d entries, the layout %d rows", len(x.Index), layout.Rows())
		}
		for r, i := range x.Index {
			if i < 0 || int(i) >= n {
				return fmt.Errorf("lstm: row %d asks for row %d of a table of %d", r, i, n)
			}
		}
	}
	l.layout, l.input, l.table = layout, x, n
	return nil
}

// Backward takes the gradient dout [layout rows, 2h] of the outputs of the
// Forward just run and writes the gradient of theta to dtheta. Where dx is not
// nil it receives the gradient of the first len(dx)/in rows of Input.Rows (of
// the table, where there is one; all rows otherwise); it must share no memory with
// Input.Rows. The forward pass's state is used up: one Backward for each Forward.
func (l *Layer[T]) Backward(theta, dout, dtheta, dx []T) error {
	if l.layout == nil {
		return errors.New("lstm: Backward without a Forward before it")
	}
	layout := l.layout
	l.layout = nil
	h, in, k := l.Size.Units, l.Size.In, l.Kernel
	rows := layout.Rows()
	if len(dout) != rows*2*h || len(theta) != l.Size.Params() || len(dtheta) != len(theta) {
		return fmt.Errorf("lstm: gradient of the output has %d elements, expected %d; parameters %d and their gradient %d, expected %d", len(dout), rows*2*h, len(theta), len(dtheta), l.Size.Params())
	}
	width := l.inWidth()
	if len(dx)%width != 0 || len(dx) > len(l.input.Rows) || (l.table == 0 && dx != nil && len(dx) != rows*width) {
		return fmt.Errorf("lstm: gradient of the input has %d elements, the input %d", len(dx), len(l.input.Rows))
	}
	weights, grads := Split(l.Size, theta), Split(l.Size, dtheta)
	parallel(l.threads(), 2, func(d int) {
		s, w := &l.dir[d], weights[d]
		s.packed.recurrentBack = resize(s.packed.recurrentBack, packedLen[T](k, 4*h, h))
		pack(k, 4*h, h, w.Recurrent, h, 1, s.packed.recurrentBack)
		if dx != nil {
			s.packed.inputBack = resize(s.packed.inputBack, packedLen[T](k, 4*h, in))
			pack(k, 4*h, in, w.Input, in, 1, s.packed.inputBack)
		}
		s.carry = resize(s.carry, len(layout.shards))
		s.work = resize(s.work, columns(h)+columns(in))
		for i := range s.work {
			s.work[i] = resize(s.work[i], scratchLen[T](k, columnChunk))
		}
	})
	parallel(l.threads(), 2*len(layout.shards), func(i int) {
		d := i % 2
		s, sh := &l.dir[d], &layout.shards[i/2]
		s.carry[i/2] = resize(s.carry[i/2], 2*len(sh.order)*h)
		backward(k, sh, rows, h, d == 1, s.packed.recurrentBack, s.gates, s.cells, dout[d*h:], 2*h, s.carry[i/2])
	})
	if l.table > 0 {
		// The gradients of all places of a word add up before they meet
		// its input row.
		parallel(l.threads(), 8, func(i int) {
			s, q := &l.dir[i/4], i%4
			table := s.table[q*h:]
			for r := range l.table {
				clear(table[r*4*h : r*4*h+h])
			}
			scatterAdd(k, h, l.input.Index, s.gates[q*h:], 4*h, table, 4*h)
		})
	}
	// Some columns of the weight gradients are one task: every sum over the
	// rows then has one order, whatever the number of threads.
	// Last come rows of the input's gradient, which are the smaller tasks: threads
	// end at about the same time.
	input, recurrent := columns(in), columns(h)
	weightTasks, count := 2*(recurrent+input), len(dx)/width
	parallel(l.threads(), weightTasks+chunks(count), func(i int) {
		d, c := i%2, i/2
		switch {
		case i >= weightTasks:
			from, to := chunk(i-weightTasks, count)
			l.inputRows(from, to, dx)
		case c < recurrent:
			l.recurrentGradient(layout, d, c, grads[d])
		default:
			l.inputGradient(layout, d, c-recurrent, grads[d])
		}
	})
	return nil
}

// inputRows computes rows of the input's gradient dx, of the table's where there is one.
func (l *Layer[T]) inputRows(from, to int, dx []T) {
	h, width := l.Size.Units, l.inWidth()
	for d := range 2 {
		s := &l.dir[d]
		gradient := s.gates
		if l.table > 0 {
			gradient = s.table
		}
		gemm(l.Kernel, to-from, l.Size.In, 4*h, gradient[from*4*h:], 4*h, s.packed.inputBack, dx[from*width+l.inAt(d):], width, nil, d == 1 && !l.Split)
	}
}

// columnChunk is how many columns of a weight gradient a task takes.
const columnChunk = 128

func columns(n int) int { return (n + columnChunk - 1) / columnChunk }

// recurrentGradient computes a chunk of columns of direction d's recurrent
// weight gradient: the gates' gradients against the outputs one step before.
func (l *Layer[T]) recurrentGradient(layout *Layout, d, c int, g Weights[T]) {
	h := l.Size.Units
	from, to := c*columnChunk, min((c+1)*columnChunk, h)
	for r := range 4 * h {
		clear(g.Recurrent[r*h+from : r*h+to])
	}
	earlier := layout.before
	if d == 1 {
		earlier = layout.after
	}
	gemmTN(l.Kernel, 4*h, to-from, layout.Rows(), l.dir[d].gates, 4*h, l.out[d*h+from:], 2*h, earlier, g.Recurrent[from:], h, l.dir[d].work[c])
}

// inputGradient computes a chunk of columns of direction d's input weight
// gradient, and with the first chunk the bias's.
func (l *Layer[T]) inputGradient(layout *Layout, d, c int, g Weights[T]) {
	h, in, s := l.Size.Units, l.Size.In, &l.dir[d]
	from, to := c*columnChunk, min((c+1)*columnChunk, in)
	source, count := s.gates, layout.Rows()
	if l.table > 0 {
		source, count = s.table, l.table
	}
	for r := range 4 * h {
		clear(g.Input[r*in+from : r*in+to])
	}
	gemmTN(l.Kernel, 4*h, to-from, count, source, 4*h, l.input.Rows[l.inAt(d)+from:], l.inWidth(), nil, g.Input[from:], in, s.work[columns(h)+c])
	if c == 0 {
		clear(g.Bias)
		columnSum(l.Kernel, count, 4*h, source, 4*h, g.Bias)
	}
}

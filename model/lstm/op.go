package lstm

import (
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"unsafe"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An Op is a layer as an operation of gorgonia graphs. The graph is built
// once; before every run the batch's layout (and index, for a table input) is
// put into the Op with [Op.Feed].
//
// gorgonia wants one output per operation and checks shapes when the graph is
// built, while here the number of rows differs from run to run. So nodes of
// packed rows are declared with one row, and only operations made for that may
// read them, such as another layer's or a loss of one's own. Gradients come from one
// fused operation that gives them in a flat vector, from which small
// operations take their part.
type Op[T Float] struct {
	Layer *Layer[T]

	name    string
	feed    Input[T]
	layout  *Layout
	tabular bool
	flat    []T // gradient of theta, then of the input
}

// NewOp wraps a layer. Its name tells it apart from the graph's other layers.
func NewOp[T Float](name string, l *Layer[T]) *Op[T] { return &Op[T]{Layer: l, name: name} }

// Feed sets the layout of the next run's batch.
func (o *Op[T]) Feed(layout *Layout) { o.layout = layout }

// FeedTable sets the layout of the next run's batch, and the table and index
// that an operation made with [Op.ApplyTable] reads. Its leading rows, as many
// as the node given to ApplyTable has, are overwritten with that node's value.
func (o *Op[T]) FeedTable(layout *Layout, table Input[T]) {
	o.layout, o.feed = layout, table
}

// Apply adds the layer to the graph of its arguments: x holds packed rows
// [rows, in], theta the parameters [Size.Params()]. The result holds the
// outputs [rows, 2h].
func (o *Op[T]) Apply(x, theta *G.Node) (*G.Node, error) {
	return G.ApplyOp(&forwardOp[T]{o}, x, theta)
}

// ApplyTable adds the layer with an input table to the graph. learned
// [n, in] holds the table's first n rows, the only ones that get a gradient;
// the others come from [Op.FeedTable].
func (o *Op[T]) ApplyTable(learned, theta *G.Node) (*G.Node, error) {
	o.tabular = true
	return G.ApplyOp(&forwardOp[T]{o}, learned, theta)
}

// input is what the layer reads when the first argument has the value x.
func (o *Op[T]) input(x []T) (Input[T], error) {
	if !o.tabular {
		return Input[T]{Rows: x}, nil
	}
	if len(x) > len(o.feed.Rows) {
		return Input[T]{}, fmt.Errorf("lstm: the table has %d elements, its learned rows %d", len(o.feed.Rows), len(x))
	}
	copy(o.feed.Rows, x)
	return o.feed, nil
}

// forwardOp is the layer's forward pass: (x, theta) -> out.
type forwardOp[T Float] struct{ *Op[T] }

func (f *forwardOp[T]) Arity() int { return 2 }

func (f *forwardOp[T]) Type() hm.Type { return hm.NewFnType(matrix[T](), vector[T](), matrix[T]()) }

func (f *forwardOp[T]) InferShape(...G.DimSizer) (tensor.Shape, error) {
	return tensor.Shape{1, 2 * f.Layer.Size.Units}, nil
}

func (f *forwardOp[T]) Do(v ...G.Value) (G.Value, error) {
	in, err := arguments[T](v, 2)
	if err != nil {
		return nil, err
	}
	if f.layout == nil {
		return nil, errors.New("lstm: the operation ran without a layout; call Feed before each run")
	}
	x, err := f.input(in[0])
	if err != nil {
		return nil, err
	}
	out, err := f.Layer.Forward(in[1], x, f.layout)
	if err != nil {
		return nil, err
	}
	return dense(out, f.layout.Rows(), 2*f.Layer.Size.Units), nil
}

func (f *forwardOp[T]) DiffWRT(n int) []bool { return []bool{true, true} }

// SymDiff makes the gradients of x and theta.
func (f *forwardOp[T]) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	flat, err := G.ApplyOp(&backwardOp[T]{f.Op}, in[0], in[1], out, grad)
	if err != nil {
		return nil, err
	}
	dx, err := G.ApplyOp(&partOp[T]{op: f.Op, rows: in[0].Shape()[0]}, flat)
	if err != nil {
		return nil, err
	}
	dtheta, err := G.ApplyOp(&partOp[T]{op: f.Op, theta: true}, flat)
	if err != nil {
		return nil, err
	}
	return G.Nodes{dx, dtheta}, nil
}

func (f *forwardOp[T]) String() string {
	return fmt.Sprintf("BiLSTM{%s, in=%d, units=%d}", f.name, f.Layer.Size.In, f.Layer.Size.Units)
}
func (f *forwardOp[T]) ReturnsPtr() bool      { return false }
func (f *forwardOp[T]) CallsExtern() bool     { return false }
func (f *forwardOp[T]) OverwritesInput() int  { return -1 }
func (f *forwardOp[T]) WriteHash(h hash.Hash) { writeHash(h, f.name, f) }
func (f *forwardOp[T]) Hashcode() uint32      { return hashcode(f) }

// backwardOp is the fused gradient: (x, theta, out, dout) -> [dtheta, dx].
type backwardOp[T Float] struct{ *Op[T] }

func (b *backwardOp[T]) Arity() int { return 4 }

func (b *backwardOp[T]) Type() hm.Type {
	return hm.NewFnType(matrix[T](), vector[T](), matrix[T](), matrix[T](), vector[T]())
}

func (b *backwardOp[T]) InferShape(...G.DimSizer) (tensor.Shape, error) {
	return tensor.Shape{b.Layer.Size.Params()}, nil
}

func (b *backwardOp[T]) Do(v ...G.Value) (G.Value, error) {
	in, err := arguments[T](v, 4)
	if err != nil {
		return nil, err
	}
	p := b.Layer.Size.Params()
	b.flat = resize(b.flat, p+len(in[0]))
	if err := b.Layer.Backward(in[1], in[3], b.flat[:p], b.flat[p:]); err != nil {
		return nil, err
	}
	return dense(b.flat, len(b.flat)), nil
}

func (b *backwardOp[T]) String() string {
	return fmt.Sprintf("BiLSTMGradient{%s, in=%d, units=%d}", b.name, b.Layer.Size.In, b.Layer.Size.Units)
}
func (b *backwardOp[T]) ReturnsPtr() bool      { return false }
func (b *backwardOp[T]) CallsExtern() bool     { return false }
func (b *backwardOp[T]) OverwritesInput() int  { return -1 }
func (b *backwardOp[T]) WriteHash(h hash.Hash) { writeHash(h, b.name, b) }
func (b *backwardOp[T]) Hashcode() uint32      { return hashcode(b) }

// partOp takes the gradient of theta, or of the input, out of the flat vector.
type partOp[T Float] struct {
	op    *Op[T]
	theta bool
	rows  int // declared rows of the input
	last  *tensor.Dense
}

func (p *partOp[T]) Arity() int { return 1 }

func (p *partOp[T]) Type() hm.Type {
	if p.theta {
		return hm.NewFnType(vector[T](), vector[T]())
	}
	return hm.NewFnType(vector[T](), matrix[T]())
}

func (p *partOp[T]) InferShape(...G.DimSizer) (tensor.Shape, error) {
	if p.theta {
		return tensor.Shape{p.op.Layer.Size.Params()}, nil
	}
	return tensor.Shape{p.rows, p.op.Layer.Size.In}, nil
}

func (p *partOp[T]) Do(v ...G.Value) (G.Value, error) {
	in, err := arguments[T](v, 1)
	if err != nil {
		return nil, err
	}
	n := p.op.Layer.Size.Params()
	if len(in[0]) < n {
		return nil, fmt.Errorf("lstm: the flat gradient has %d elements, expected at least %d", len(in[0]), n)
	}
	part, shape := in[0][:n], tensor.Shape{n}
	if !p.theta {
		width := p.op.Layer.Size.In
		part = in[0][n:]
		shape = tensor.Shape{len(part) / width, width}
	}
	// The parameters' gradient is the same piece of memory run after run.
	if p.last != nil {
		if have, err := Elements[T](p.last); err == nil && len(have) == len(part) && unsafe.SliceData(have) == unsafe.SliceData(part) {
			return p.last, nil
		}
	}
	p.last = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(part))
	return p.last, nil
}

func (p *partOp[T]) String() string {
	return fmt.Sprintf("BiLSTMGradientPart{%s, theta=%t}", p.op.name, p.theta)
}
func (p *partOp[T]) ReturnsPtr() bool     { return false }
func (p *partOp[T]) CallsExtern() bool    { return false }
func (p *partOp[T]) OverwritesInput() int { return -1 }
func (p *partOp[T]) WriteHash(h hash.Hash) {
	writeHash(h, p.op.name, p)
	fmt.Fprintf(h, "%t", p.theta)
}
func (p *partOp[T]) Hashcode() uint32 { return hashcode(p) }

// writeHash tells apart operations of different kinds and layers: gorgonia
// merges nodes whose operations and arguments are the same.
func writeHash(h hash.Hash, name string, op any) { fmt.Fprintf(h, "%T %q", op, name) }

func hashcode(op interface{ WriteHash(hash.Hash) }) uint32 {
	h := fnv.New32a()
	op.WriteHash(h)
	return h.Sum32()
}

func dtype[T Float]() tensor.Dtype {
	if unsafe.Sizeof(T(0)) == 8 {
		return tensor.Float64
	}
	return tensor.Float32
}

func matrix[T Float]() hm.Type { return G.TensorType{Dims: 2, Of: dtype[T]()} }
func vector[T Float]() hm.Type { return G.TensorType{Dims: 1, Of: dtype[T]()} }

func dense[T Float](data []T, shape ...int) G.Value {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// arguments gives the arguments' elements.
func arguments[T Float](v []G.Value, want int) (in [4][]T, err error) {
	if len(v) != want {
		return in, fmt.Errorf("lstm: the operation got %d arguments, it takes %d", len(v), want)
	}
	for i, x := range v {
		if in[i], err = Elements[T](x); err != nil {
			return in, fmt.Errorf("lstm: argument %d: %w", i, err)
		}
	}
	return in, nil
}

// Elements gives the numbers of a dense tensor, not a copy. Unlike the tensor's
// own method it does not allocate. A value that is no dense, contiguous tensor
// of T is an error.
func Elements[T Float](v G.Value) ([]T, error) {
	d, ok := v.(*tensor.Dense)
	if !ok || d.Dtype() != dtype[T]() || d.RequiresIterator() {
		return nil, fmt.Errorf("lstm: the value is a %T, expected a dense tensor of %v", v, dtype[T]())
	}
	if unsafe.Sizeof(T(0)) == 8 {
		return cast[T](d.Float64s()), nil
	}
	return cast[T](d.Float32s()), nil
}

// cast gives a slice its type back: T is E, as its caller has made sure.
func cast[T, E Float](s []E) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"wakong/model/lstm"
)

// NetworkOptions shape a network. The zero value of a field stands for the
// default that it names.
type NetworkOptions struct {
	Units        int     // h, LSTM units of one direction; default 128
	Layers       int     // stacked bidirectional layers; default 2
	LearningRate float64 // Adam's step size; default 0.001
	Seed         uint64  // of the initial weights; any value counts
	// MaxWords bounds the words that one pass computes at once, and so the
	// memory. A larger batch is split and its gradients are added up. It
	// changes results by rounding only. Default 65536.
	MaxWords int

	// Solver that takes Adam's steps: SolverFused, the default, or
	// SolverGorgonia. Both give the same bits.
	Solver  string
	Kernel  lstm.Kernel // default the best that this CPU runs
	Threads int         // default GOMAXPROCS; no influence on results
}

// Defaults of NetworkOptions, from the method.
const (
	DefaultUnits        = 128
	DefaultLayers       = 2
	DefaultLearningRate = 0.001
	DefaultMaxWords     = 1 << 16
)

func (o NetworkOptions) withDefaults() (NetworkOptions, error) {
	if o.Units == 0 {
		o.Units = DefaultUnits
	}
	if o.Layers == 0 {
		o.Layers = DefaultLayers
	}
	if o.LearningRate == 0 {
		o.LearningRate = DefaultLearningRate
	}
	if o.MaxWords == 0 {
		o.MaxWords = DefaultMaxWords
	}
	if o.Threads == 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.Units < 0 || o.Layers < 0 || o.Layers > 16 || o.LearningRate < 0 || o.MaxWords < 0 || o.Threads < 0 {
		return o, fmt.Errorf("model: impossible network: units %d, layers %d (1 to 16), learning rate %g, max words %d, threads %d", o.Units, o.Layers, o.LearningRate, o.MaxWords, o.Threads)
	}
	return o, nil
}

// A Network is the pointer network with its weights, its graph and Adam's
// state. It serves one goroutine at a time.
type Network[T lstm.Float] struct {
	options NetworkOptions
	vectors []T // [V, d], constant; row 0 is not read
	dim     int // d
	vocab   int // V

	unk     *G.Node   // [1, d], the unknown word's vector
	thetas  []*G.Node // each layer's parameters
	layers  []*lstm.Layer[T]
	ops     []*lstm.Op[T]
	head    *pointer[T]
	vm      G.VM
	adam    optimizer[T]
	learned G.Nodes // unk, then the thetas

	single plan[T]     // of Gradient
	own    prepared[T] // of forward
}

// prepared is a batch packed for the layers. It does not depend on the weights,
// so that the next one can be made while a step runs.
type prepared[T lstm.Float] struct {
	batch   Batch
	lengths []int
	layout  lstm.Layout
	table   []T     // [distinct words + 1, d]: row 0 is UNK, filled in by the step
	index   []int32 // [rows] row of the table
	place   map[int32]int32
}

// NewNetwork builds a network over constant word vectors [V, dim], whose row 0
// stands for the unknown word and is not read: that word's vector is learned.
// vectors is kept, not copied.
func NewNetwork[T lstm.Float](vectors []T, dim int, o NetworkOptions) (*Network[T], error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if dim < 1 || len(vectors) == 0 || len(vectors)%dim != 0 {
		return nil, fmt.Errorf("model: %d numbers are no word vectors of size %d", len(vectors), dim)
	}
	n := &Network[T]{options: o, vectors: vectors, dim: dim, vocab: len(vectors) / dim}
	if n.options.Kernel, err = o.Kernel.Resolve(); err != nil {
		return nil, err
	}
	if err := n.build(); err != nil {
		return nil, fmt.Errorf("model: building the graph: %w", err)
	}
	n.initialize(rand.New(rand.NewPCG(o.Seed, 0x6e6574)))
	return n, nil
}

// build makes the graph: lookup and first layer, further layers, loss, and the
// gradients of the loss.
func (n *Network[T]) build() error {
	o := n.options
	g := G.NewGraph()
	n.unk = G.NewMatrix(g, dtype[T](), G.WithName("unk"), G.WithShape(1, n.dim), G.WithValue(tensor.New(tensor.WithShape(1, n.dim), tensor.Of(dtype[T]()))))
	out := n.unk
	sizes, err := o.sizes(n.dim)
	if err != nil {
		return err
	}
	for l, size := range sizes {
		layer, err := lstm.NewLayer[T](size, o.Kernel)
		if err != nil {
			return err
		}
		layer.Threads = o.Threads
		op := lstm.NewOp(fmt.Sprintf("layer%d", l+1), layer)
		theta := G.NewVector(g, dtype[T](), G.WithName(fmt.Sprintf("theta%d", l+1)), G.WithShape(size.Params()), G.WithValue(tensor.New(tensor.WithShape(size.Params()), tensor.Of(dtype[T]()))))
		if l == 0 {
			out, err = op.ApplyTable(out, theta)
		} else {
			out, err = op.Apply(out, theta)
		}
		if err != nil {
			return err
		}
		n.layers, n.ops, n.thetas = append(n.layers, layer), append(n.ops, op), append(n.thetas, theta)
	}
	n.head = &pointer[T]{kernel: o.Kernel, threads: o.Threads}
	loss, err := G.ApplyOp(&lossOp[T]{n.head}, out)
	if err != nil {
		return err
	}
	n.learned = append(G.Nodes{n.unk}, n.thetas...)
	if _, err := G.Grad(loss, n.learned...); err != nil {
		return err
	}
	n.vm = G.NewTapeMachine(g, G.BindDualValues(n.learned...))
	n.adam, err = newOptimizer[T](o, n.learned)
	return err
}

func (n *Network[T]) initialize(rng *rand.Rand) {
	unk := n.UNK()
	for i := range unk {
		unk[i] = T((2*rng.Float64() - 1) * 0.05)
	}
	for l, theta := range n.thetas {
		lstm.Init(n.layers[l].Size, values[T](theta), rng)
	}
}

// values gives the elements of a node's value, which build has made a dense
// tensor of T.
func values[T lstm.Float](node *G.Node) []T {
	v, err := lstm.Elements[T](node.Value())
	if err != nil {
		panic(err) // a mistake of this package
	}
	return v
}

// UNK is the unknown word's learned vector [d].
func (n *Network[T]) UNK() []T { return values[T](n.unk) }

// Theta is layer l's parameter vector; see lstm.Split for its parts.
func (n *Network[T]) Theta(l int) []T { return values[T](n.thetas[l]) }

// Options are the network's options with all defaults filled in.
func (n *Network[T]) Options() NetworkOptions { return n.options }

// Close frees what the graph's machine holds.
func (n *Network[T]) Close() error { return n.vm.Close() }

// prepare packs examples. It may run beside a step that uses another prepared.
func (n *Network[T]) prepare(p *prepared[T], examples []Example) error {
	b := &p.batch
	if err := b.Set(examples); err != nil {
		return err
	}
	p.lengths = append(append(p.lengths[:0], b.LeftLengths...), b.RightLengths...)
	if err := p.layout.Set(p.lengths); err != nil {
		return err
	}
	p.index = grow(p.index, p.layout.Rows())
	p.table = grow(p.table, n.dim)
	if p.place == nil {
		p.place = map[int32]int32{}
	}
	clear(p.place)
	for i := range 2 * b.Size {
		ids := b.context(i/b.Size, i%b.Size)
		for t, row := range p.layout.RowsOf(i) {
			p.index[row] = n.tableRow(p, ids[t])
		}
	}
	return nil
}

// tableRow gives the table's row of a word, appending it at first sight. Words
// that the vocabulary lacks share UNK's row.
func (n *Network[T]) tableRow(p *prepared[T], id int32) int32 {
	if id <= 0 || int(id) >= n.vocab {
		return 0
	}
	row, ok := p.place[id]
	if !ok {
		row = int32(len(p.table) / n.dim)
		p.place[id] = row
		p.table = append(p.table, n.vectors[int(id)*n.dim:][:n.dim]...)
	}
	return row
}

// feed hands a batch to the layers. share is an example's weight in the loss.
func (n *Network[T]) feed(p *prepared[T], share float64) {
	n.ops[0].FeedTable(&p.layout, lstm.Input[T]{Rows: p.table, Index: p.index})
	for _, op := range n.ops[1:] {
		op.Feed(&p.layout)
	}
	n.head.feed(&p.batch, &p.layout, share)
}

// Gradient computes the loss of the examples, averaged over them, and leaves
// its gradient in the graph, for [Network.Update]. Between two updates
// gradients add up.
func (n *Network[T]) Gradient(examples []Example) (loss float64, err error) {
	n.single.pack(n, examples)
	return n.single.gradient(n)
}

// gradient runs the graph on a part of a step of so many examples.
func (n *Network[T]) gradient(p *prepared[T], examples int) (loss float64, err error) {
	n.feed(p, 1/float64(examples))
	if err := n.vm.RunAll(); err != nil {
		return 0, fmt.Errorf("model: training step: %w", err)
	}
	n.vm.Reset()
	return n.head.total, nil
}

// Update lets Adam take one step along the gradients that have added up.
func (n *Network[T]) Update() error { return n.adam.step() }

// Step is one training step: [Network.Gradient], then [Network.Update]. It
// returns the loss before the update.
func (n *Network[T]) Step(examples []Example) (loss float64, err error) {
	if loss, err = n.Gradient(examples); err != nil {
		return 0, err
	}
	return loss, n.Update()
}

// split cuts examples into runs of at most maxWords words, at least one each.
func split(examples []Example, maxWords int) func(yield func([]Example) bool) {
	return func(yield func([]Example) bool) {
		from, words := 0, 0
		for i, e := range examples {
			w := max(1, len(e.Left)) + max(1, len(e.Right))
			if i > from && words+w > maxWords {
				if !yield(examples[from:i]) {
					return
				}
				from, words = i, 0
			}
			words += w
		}
		if from < len(examples) {
			yield(examples[from:])
		}
	}
}

// forward runs the layers over examples, without graph or gradient, up to the
// scores.
func (n *Network[T]) forward(examples []Example) (*Batch, error) {
	p := &n.own
	if err := n.prepare(p, examples); err != nil {
		return nil, err
	}
	n.feed(p, 0)
	copy(p.table, n.UNK())
	x := lstm.Input[T]{Rows: p.table, Index: p.index}
	for l, layer := range n.layers {
		out, err := layer.Forward(n.Theta(l), x, &p.layout)
		if err != nil {
			return nil, err
		}
		x = lstm.Input[T]{Rows: out}
	}
	return &p.batch, n.head.score(x.Rows)
}

// masked is what stands in [Network.Scores] at padding.
const masked = -1e12

// Scores computes the scores [B, L+R] of all positions of a batch of the
// examples, -1e12 at padding.
func (n *Network[T]) Scores(examples []Example) ([]T, error) {
	b, err := n.forward(examples)
	if err != nil {
		return nil, err
	}
	scores := make([]T, b.Size*b.Width())
	for i := range scores {
		scores[i] = masked
	}
	for i := range b.Size {
		row := scores[i*b.Width():]
		s := n.head.of(i, n.head.scores)
		copy(row, s[0])
		copy(row[b.LeftWidth:], s[1])
	}
	return scores, nil
}

// Probabilities computes, for each example, the probability of each position,
// those of the left context first. An empty context has none: the probability
// of its stand-in is left out, so that the sum may be less than 1. Weights so
// large that a score is no number are an error.
func (n *Network[T]) Probabilities(examples []Example) ([][]float64, error) {
	var all [][]float64
	for part := range split(examples, n.options.MaxWords) {
		if _, err := n.forward(part); err != nil {
			return nil, err
		}
		for i, e := range part {
			p := make([]float64, n.head.positions[i+1]-n.head.positions[i])
			if logSum := n.head.softmax(i, p); math.IsNaN(logSum) || math.IsInf(logSum, 0) {
				return nil, fmt.Errorf("model: the scores of question %q are no numbers; the weights are too large to compute with", e.ID)
			}
			if len(e.Left) == 0 {
				p = p[1:]
			}
			all = append(all, p[:e.Words()])
		}
	}
	return all, nil
}

package reader

import (
	"fmt"
	"math"
	"math/rand/v2"

	"wakong/model/lstm"
)

// A Network reads passages and finds words for their blanks. It serves one
// goroutine at a time.
type Network[T lstm.Float] struct {
	o          Options
	lexicon    *Lexicon
	vocabulary int // words, the unknown one included
	dim        int // of the word vectors

	// Learned: the word vectors [V, dim], whose row 0 is not used, and all else.
	vectors []T
	theta   []T
	known   knownWords         // [V]
	rates   []float64          // [V] in training, how often a word is replaced by the unknown one; nil: Dropout.Words
	weights *[traits][]float64 // factors of the blanks' weights; nil: all are the same
	parts   parameters[T]

	thesaurus thesaurus // in training; nil: no word takes another's place

	layers   []*lstm.Layer[T]
	hidden   lstm.Linear[T] // W1
	query    lstm.Linear[T] // W2
	features lstm.Linear[T] // Wf
	key      [kinds]lstm.Linear[T]
	fit      lstm.Linear[T] // Wp
	word     lstm.Linear[T] // Wo
	reread   rereading[T]

	random *rand.Rand // of the step's draws; nil when nothing is dropped
	risen  float64    // the part of their dropout that layers have in the step
	pass   pass[T]
}

// parameters are the pieces of theta.
type parameters[T lstm.Float] struct {
	characters, unknown, scale         piece
	layers                             []piece
	hidden, query, features, fit, word piece
	key                                [kinds]piece
	length                             int
}

// A piece of theta, and of its gradient.
type piece struct{ from, to int }

func (p *parameters[T]) add(size int) piece {
	p.length += size
	return piece{p.length - size, p.length}
}

func part[T lstm.Float](all []T, p piece) []T { return all[p.from:p.to] }

// in is the width of a word's input.
func (n *Network[T]) in() int { return n.dim + 3*n.o.Characters }

// keyWidth is the width of what a key of a kind is made of.
func (n *Network[T]) keyWidth(kind int) int { return kindStates(kind)*n.o.Units + n.in() }

// New makes a network over word vectors [V, dim], which are copied.
func New[T lstm.Float](l *Lexicon, vectors []T, o Options) (*Network[T], error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	v := l.Vocabulary.Len()
	if len(vectors) == 0 || len(vectors)%v != 0 {
		return nil, fmt.Errorf("reader: %d numbers are no vectors of the vocabulary's %d words", len(vectors), v)
	}
	n := &Network[T]{o: o, risen: 1, lexicon: l, vocabulary: v, dim: len(vectors) / v, vectors: append([]T(nil), vectors...)}
	n.known = make(knownWords, v)
	for i := range n.known {
		n.known[i] = i > 0
	}
	if err := n.layOut(); err != nil {
		return nil, err
	}
	n.theta = make([]T, n.parts.length)
	n.pass.init(o.Layers, n.parts.length)
	n.initialize(rand.New(rand.NewPCG(o.Seed, 0x726561646572)))
	return n, nil
}

// Parameters is how many numbers a network of these options learns with a lexicon and
// word vectors of size dim, the vectors included. Its weights hold at least as many; who
// has them of others can tell, before there is memory for a network, whether they are its.
// Options that no network can have are an error.
func (o Options) Parameters(l *Lexicon, dim int) (int, error) {
	o, err := o.withDefaults()
	if err != nil {
		return 0, err
	}
	n := &Network[float32]{o: o, lexicon: l, dim: dim}
	if err := n.layOut(); err != nil {
		return 0, err
	}
	return l.Vocabulary.Len()*dim + n.parts.length, nil
}

// layOut makes the layers and gives each its piece of theta, which is made afterwards.
func (n *Network[T]) layOut() error {
	o, p := n.o, &n.parts
	h, in := o.Units, n.in()
	p.characters = p.add(n.lexicon.Characters() * o.Characters)
	p.unknown = p.add(n.dim)
	p.scale = p.add(1)
	for i := range o.Layers {
		size := lstm.Size{In: in, Units: h}
		if i > 0 {
			size.In = h
		}
		layer, err := lstm.NewLayer[T](size, o.Kernel)
		if err != nil {
			return err
		}
		layer.Split, layer.Threads = i > 0, o.Threads
		n.layers = append(n.layers, layer)
		p.layers = append(p.layers, p.add(size.Params()))
	}
	linear := func(l *lstm.Linear[T], from, to int) piece {
		*l = lstm.Linear[T]{In: from, Out: to, Kernel: o.Kernel, Threads: o.Threads}
		return p.add(l.Params())
	}
	p.hidden = linear(&n.hidden, 2*h, o.Hidden)
	p.query = linear(&n.query, o.Hidden, 2*o.Keys)
	for kind := range n.key {
		p.key[kind] = linear(&n.key[kind], n.keyWidth(kind), o.Keys)
	}
	p.features = linear(&n.features, o.Hidden, featureCount)
	p.fit = linear(&n.fit, o.Hidden, o.Keys)
	p.word = linear(&n.word, in, o.Keys)
	return n.layOutReread()
}

func (n *Network[T]) initialize(rng *rand.Rand) {
	uniform := func(s []T, limit float64) {
		for i := range s {
			s[i] = T((2*rng.Float64() - 1) * limit)
		}
	}
	p := &n.parts
	uniform(part(n.theta, p.characters), 0.3)
	uniform(part(n.theta, p.unknown), 0.1)
	part(n.theta, p.scale)[0] = 0.3
	for i, layer := range n.layers {
		lstm.Init(layer.Size, part(n.theta, p.layers[i]), rng)
	}
	if n.o.Reread > 0 {
		// With out at 0 the second reading adds nothing yet.
		uniform(part(n.theta, n.reread.parts.blank), 0.1)
		lstm.Init(n.reread.layer.Size, part(n.theta, n.reread.parts.layer), rng)
	}
	for _, l := range n.linears() {
		// Glorot and Bengio 2010; biases start at 0.
		limit := math.Sqrt(6 / float64(l.In+l.Out))
		if l.name == "features" {
			limit = 0 // no feature is for or against a candidate yet
		}
		uniform(part(n.theta, l.piece)[:l.In*l.Out], limit)
	}
}

// A namedLinear is a linear map with its place and its name among the weights.
type namedLinear[T lstm.Float] struct {
	*lstm.Linear[T]
	piece piece
	name  string
}

func (n *Network[T]) linears() []namedLinear[T] {
	p := &n.parts
	all := []namedLinear[T]{
		{&n.hidden, p.hidden, "hidden"}, {&n.query, p.query, "query"}, {&n.features, p.features, "features"}, {&n.fit, p.fit, "fit"}, {&n.word, p.word, "word"},
	}
	for kind, name := range kindNames {
		all = append(all, namedLinear[T]{&n.key[kind], p.key[kind], name})
	}
	if n.o.Reread > 0 {
		s := &n.reread
		all = append(all, namedLinear[T]{&s.pair, s.parts.pair, "reread.pair"}, namedLinear[T]{&s.glance, s.parts.glance, "reread.glance"}, namedLinear[T]{&s.ask, s.parts.ask, "reread.ask"})
	}
	return all
}

// Options are the network's options with all defaults filled in.
func (n *Network[T]) Options() Options { return n.o }

// training tells whether a step is being trained, with its dropout.
func (n *Network[T]) training() bool { return n.random != nil }

// A pass holds what one pass over a batch computes, in memory kept from pass
// to pass. Names that begin with d are gradients.
type pass[T lstm.Float] struct {
	grad []T // of theta

	table, dtable []T // [distinct words, in]
	tableMask     []T
	replaced      []bool // [distinct words] the unknown word's vector stands for it
	outputs       [][]T  // [layers][rows, 2h] after dropout: masked, or the layer's own
	masked        [][]T
	masks         [][]T // [layers][passages, 2h]; empty: no dropout
	thetas        [][]T // [layers] after dropout of recurrent weights
	kept          [][]T // [layers] factors of the recurrent weights
	dout, dx      []T

	ends, dends         []T         // [asked, 2h]
	hidden, dhidden     []T         // [asked, hidden]
	hiddenMask          []T         // the same; empty: no dropout
	query, dquery       []T         // [blanks, 2 keys]
	keys, dkeys         [kinds][]T  // [keys, keyWidth]
	points, dpoints     [kinds][]T  // [keys, Keys]
	scores, dscores     [][]T       // [passages][blanks, keys] probabilities; gradients of scores
	raw                 [][]float64 // [passages][blanks, keys] scores
	features, dfeatures []T         // [blanks, featureCount] their weights
	dscale              []T         // [passages]
	losses              []float64
	fits, dfits         []T // [asked, Keys]
	words, dwords       []T // [distinct words, Keys]
	logits, dlogits     []T // [asked, distinct words]
	offsets, sums       []T
	more, moreTable     []T
}

func (p *pass[T]) init(layers, parameters int) {
	p.grad = make([]T, parameters)
	p.outputs, p.masked, p.masks = make([][]T, layers), make([][]T, layers), make([][]T, layers)
	p.thetas, p.kept = make([][]T, layers), make([][]T, layers)
}

package model

import (
	"fmt"
	"hash"
	"hash/fnv"
	"math"
	"unsafe"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"wakong/model/lstm"
)

// pointer computes a batch's scores, probabilities and loss from the last
// layer's outputs, and the gradient of the loss.
type pointer[T lstm.Float] struct {
	kernel  lstm.Kernel
	threads int

	// Set for each batch.
	batch  *Batch
	layout *lstm.Layout // sequences 0..B-1 are the left contexts, B..2B-1 the right
	share  float64      // weight of an example's loss: 1/B of the whole batch

	width     int // 2h
	positions []int
	queries   []T       // [B, 2h]
	scores    []T       // all positions, example after example, left before right
	gradients []T       // of the scores
	odds      []float64 // probabilities of all positions
	losses    []float64
	total     float64 // the batch's loss, which the graph holds in T only
	dqueries  []T     // [B, 2h]
	dout      []T
	errs      []error
}

// feed prepares for a batch whose examples weigh share in the loss.
func (p *pointer[T]) feed(b *Batch, layout *lstm.Layout, share float64) {
	p.batch, p.layout, p.share = b, layout, share
	p.positions = append(p.positions[:0], 0)
	for i := range b.Size {
		p.positions = append(p.positions, p.positions[i]+b.LeftLengths[i]+b.RightLengths[i])
	}
}

// final copies to query the mean of both contexts' final states: the forward
// direction's at a context's last word, the backward direction's at its first.
func (p *pointer[T]) final(i int, out, query []T) {
	h := p.width / 2
	clear(query)
	for side := range 2 {
		rows := p.layout.RowsOf(side*p.batch.Size + i)
		last := out[int(rows[len(rows)-1])*p.width:]
		first := out[int(rows[0])*p.width:]
		for u := range h {
			query[u] += last[u] / 2
			query[h+u] += first[h+u] / 2
		}
	}
}

// of gives example i's part of a slice over all positions, left and right.
func (p *pointer[T]) of(i int, all []T) [2][]T {
	s := all[p.positions[i]:p.positions[i+1]]
	n := p.batch.LeftLengths[i]
	return [2][]T{s[:n], s[n:]}
}

// score fills queries and scores from the outputs [rows, 2h].
func (p *pointer[T]) score(out []T) error {
	b := p.batch
	p.width = len(out) / p.layout.Rows()
	p.queries = grow(p.queries, b.Size*p.width)
	p.scores = grow(p.scores, p.positions[b.Size])
	return p.each(func(i int) error {
		query := p.queries[i*p.width:][:p.width]
		p.final(i, out, query)
		for side, s := range p.of(i, p.scores) {
			if err := lstm.RowDots(p.kernel, p.layout.RowsOf(side*b.Size+i), out, query, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// each runs f for every example, on the pointer's threads, and returns the
// error of the first example that has one.
func (p *pointer[T]) each(f func(i int) error) error {
	p.errs = grow(p.errs, p.batch.Size)
	lstm.Tasks(p.threads, p.batch.Size, func(i int) { p.errs[i] = f(i) })
	for _, err := range p.errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// softmax turns example i's scores into probabilities, in double precision.
// Its bits, and the loss's, are the same on every CPU.
func (p *pointer[T]) softmax(i int, probability []float64) (logSum float64) {
	scores := p.scores[p.positions[i]:p.positions[i+1]]
	top := math.Inf(-1)
	for _, s := range scores {
		top = max(top, float64(s))
	}
	sum := 0.0
	for j, s := range scores {
		probability[j] = lstm.Exp(float64(s) - top)
		sum += probability[j]
	}
	for j := range probability[:len(scores)] {
		probability[j] /= sum
	}
	return top + lstm.Log(sum)
}

// loss computes the batch's loss and the gradient of its scores.
func (p *pointer[T]) loss(out []T) (float64, error) {
	if err := p.score(out); err != nil {
		return 0, err
	}
	b := p.batch
	p.gradients = grow(p.gradients, len(p.scores))
	p.odds = grow(p.odds, len(p.scores))
	p.losses = grow(p.losses, b.Size)
	err := p.each(func(i int) error {
		p.losses[i] = 0
		probability := p.odds[p.positions[i]:p.positions[i+1]]
		logSum := p.softmax(i, probability)
		gradients := p.of(i, p.gradients)
		if !b.Answerable[i] {
			clear(gradients[0])
			clear(gradients[1])
			return nil
		}
		j := 0
		for side, scores := range p.of(i, p.scores) {
			for t, y := range b.target(side, i) {
				p.losses[i] -= float64(y * (float64(scores[t]) - logSum))
				gradients[side][t] = T((probability[j] - y) * p.share)
				j++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	p.total = 0
	for _, l := range p.losses[:b.Size] {
		p.total += float64(l * p.share) // rounded, on every CPU
	}
	return p.total, nil
}

// backward gives the gradient of the loss with respect to the outputs, scaled.
func (p *pointer[T]) backward(out []T, scale T) ([]T, error) {
	p.dout = grow(p.dout, len(out))
	p.dqueries = grow(p.dqueries, len(p.queries))
	clear(p.dqueries)
	h := p.width / 2
	if scale != 1 {
		for i := range p.gradients {
			p.gradients[i] *= scale
		}
	}
	err := p.each(func(i int) error {
		query := p.queries[i*p.width:][:p.width]
		dquery := p.dqueries[i*p.width:][:p.width]
		for side, d := range p.of(i, p.gradients) {
			if err := lstm.RowDotsBackward(p.kernel, p.layout.RowsOf(side*p.batch.Size+i), out, query, d, p.dout, dquery); err != nil {
				return err
			}
		}
		for side := range 2 {
			rows := p.layout.RowsOf(side*p.batch.Size + i)
			last := p.dout[int(rows[len(rows)-1])*p.width:]
			first := p.dout[int(rows[0])*p.width:]
			for u := range h {
				last[u] += dquery[u] / 2
				first[h+u] += dquery[h+u] / 2
			}
		}
		return nil
	})
	return p.dout, err
}

// grow gives s the length n, in its own memory where that suffices.
func grow[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n, n+n/16)
	}
	return s[:n]
}

// lossOp is the loss as an operation of the graph: outputs -> loss.
type lossOp[T lstm.Float] struct{ *pointer[T] }

func (l *lossOp[T]) Arity() int    { return 1 }
func (l *lossOp[T]) Type() hm.Type { return hm.NewFnType(matrixOf[T](), dtype[T]()) }
func (l *lossOp[T]) InferShape(...G.DimSizer) (tensor.Shape, error) {
	return tensor.ScalarShape(), nil
}
func (l *lossOp[T]) Do(v ...G.Value) (G.Value, error) {
	out, err := lstm.Elements[T](v[0])
	if err != nil {
		return nil, err
	}
	loss, err := l.pointer.loss(out)
	if err != nil {
		return nil, err
	}
	if dtype[T]() == tensor.Float64 {
		return G.NewF64(loss), nil
	}
	return G.NewF32(float32(loss)), nil
}
func (l *lossOp[T]) DiffWRT(int) []bool { return []bool{true} }
func (l *lossOp[T]) SymDiff(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	d, err := G.ApplyOp(&lossGradientOp[T]{l.pointer}, in[0], grad)
	if err != nil {
		return nil, err
	}
	return G.Nodes{d}, nil
}
func (l *lossOp[T]) String() string        { return "PointerLoss" }
func (l *lossOp[T]) ReturnsPtr() bool      { return false }
func (l *lossOp[T]) CallsExtern() bool     { return false }
func (l *lossOp[T]) OverwritesInput() int  { return -1 }
func (l *lossOp[T]) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%T", l) }
func (l *lossOp[T]) Hashcode() uint32      { return hashcode(l) }

// lossGradientOp is the loss's gradient: outputs, gradient of the loss ->
// gradient of the outputs.
type lossGradientOp[T lstm.Float] struct{ *pointer[T] }

func (l *lossGradientOp[T]) Arity() int { return 2 }
func (l *lossGradientOp[T]) Type() hm.Type {
	return hm.NewFnType(matrixOf[T](), dtype[T](), matrixOf[T]())
}
func (l *lossGradientOp[T]) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape), nil
}
func (l *lossGradientOp[T]) Do(v ...G.Value) (G.Value, error) {
	out, err := lstm.Elements[T](v[0])
	if err != nil {
		return nil, err
	}
	scale, ok := v[1].Data().(T)
	if !ok {
		return nil, fmt.Errorf("model: the loss's gradient is a %T", v[1].Data())
	}
	d, err := l.backward(out, scale)
	if err != nil {
		return nil, err
	}
	return tensor.New(tensor.WithShape(len(d)/l.width, l.width), tensor.WithBacking(d)), nil
}
func (l *lossGradientOp[T]) String() string        { return "PointerLossGradient" }
func (l *lossGradientOp[T]) ReturnsPtr() bool      { return false }
func (l *lossGradientOp[T]) CallsExtern() bool     { return false }
func (l *lossGradientOp[T]) OverwritesInput() int  { return -1 }
func (l *lossGradientOp[T]) WriteHash(h hash.Hash) { fmt.Fprintf(h, "%T", l) }
func (l *lossGradientOp[T]) Hashcode() uint32      { return hashcode(l) }

func hashcode(op interface{ WriteHash(hash.Hash) }) uint32 {
	h := fnv.New32a()
	op.WriteHash(h)
	return h.Sum32()
}

func dtype[T lstm.Float]() tensor.Dtype {
	if unsafe.Sizeof(T(0)) == 8 {
		return tensor.Float64
	}
	return tensor.Float32
}

func matrixOf[T lstm.Float]() hm.Type { return G.TensorType{Dims: 2, Of: dtype[T]()} }

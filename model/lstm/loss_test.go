package lstm

import (
	"hash"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// dotLoss is a loss for tests: the inner product of packed rows and a target.
type dotLoss struct{ target []float64 }

func (l *dotLoss) Arity() int { return 1 }
func (l *dotLoss) Type() hm.Type {
	return hm.NewFnType(matrix[float64](), tensor.Float64)
}
func (l *dotLoss) InferShape(...G.DimSizer) (tensor.Shape, error) { return tensor.ScalarShape(), nil }
func (l *dotLoss) Do(v ...G.Value) (G.Value, error) {
	sum := 0.0
	for i, y := range v[0].Data().([]float64) {
		sum += y * l.target[i]
	}
	return G.NewF64(sum), nil
}
func (l *dotLoss) DiffWRT(int) []bool { return []bool{true} }
func (l *dotLoss) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	d, err := G.ApplyOp(&dotLossGradient{l}, in[0])
	return G.Nodes{d}, err
}
func (l *dotLoss) String() string        { return "dotLoss" }
func (l *dotLoss) ReturnsPtr() bool      { return false }
func (l *dotLoss) CallsExtern() bool     { return false }
func (l *dotLoss) OverwritesInput() int  { return -1 }
func (l *dotLoss) WriteHash(h hash.Hash) { h.Write([]byte("dotLoss")) }
func (l *dotLoss) Hashcode() uint32      { return hashcode(l) }

type dotLossGradient struct{ *dotLoss }

func (l *dotLossGradient) Type() hm.Type { return hm.NewFnType(matrix[float64](), matrix[float64]()) }
func (l *dotLossGradient) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape), nil
}
func (l *dotLossGradient) Do(v ...G.Value) (G.Value, error) {
	return dense(l.target, v[0].Shape()...), nil
}
func (l *dotLossGradient) String() string        { return "dotLossGradient" }
func (l *dotLossGradient) WriteHash(h hash.Hash) { h.Write([]byte("dotLossGradient")) }
func (l *dotLossGradient) Hashcode() uint32      { return hashcode(l) }

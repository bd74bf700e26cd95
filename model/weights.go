package model

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"

	"github.com/nlpodyssey/safetensors"

	"wakong/model/lstm"
)

// Weights are a network's learned parameters by name. Names and shapes are
// those that PyTorch gives the same network, so that weights travel both ways:
// "unk" [1, d], and for layer l (from 0) and direction r (0 forward, 1
// backward) with k = 2l+r "lstm.k.weight_ih_l0" [4h, in],
// "lstm.k.weight_hh_l0" [4h, h], "lstm.k.bias_ih_l0" [4h] and
// "lstm.k.bias_hh_l0" [4h], whose two biases add up. Gates stand in the order
// i, f, g, o. Files for other programs hold the constant word vectors too, as
// "vectors" [V, d], whose row 0 is not read.
type Weights map[string]Tensor

// A Tensor is an array of single-precision numbers, last dimension fastest.
type Tensor struct {
	Shape []int
	Data  []float32
}

func (n *Network[T]) names(l, d int) (input, recurrent, bias, bias2 string) {
	p := fmt.Sprintf("lstm.%d.", 2*l+d)
	return p + "weight_ih_l0", p + "weight_hh_l0", p + "bias_ih_l0", p + "bias_hh_l0"
}

// Weights copies the network's parameters.
func (n *Network[T]) Weights() Weights {
	w := Weights{"unk": tensorOf([]int{1, n.dim}, n.UNK())}
	for l, layer := range n.layers {
		h, in := layer.Size.Units, layer.Size.In
		for d, p := range lstm.Split(layer.Size, n.Theta(l)) {
			input, recurrent, bias, bias2 := n.names(l, d)
			w[input] = tensorOf([]int{4 * h, in}, p.Input)
			w[recurrent] = tensorOf([]int{4 * h, h}, p.Recurrent)
			w[bias] = tensorOf([]int{4 * h}, p.Bias)
			w[bias2] = tensorOf([]int{4 * h}, make([]float32, 4*h))
		}
	}
	return w
}

func tensorOf[T lstm.Float](shape []int, data []T) Tensor {
	t := Tensor{Shape: shape, Data: make([]float32, len(data))}
	for i, v := range data {
		t.Data[i] = float32(v)
	}
	return t
}

// SetWeights replaces the network's parameters. Every one must be there with
// its shape; bias_hh may be left out; "vectors" may be there and must be the
// network's own; other names are an error.
func (n *Network[T]) SetWeights(w Weights) error {
	todo, err := n.assign(w)
	if err != nil {
		return err
	}
	for _, c := range todo {
		for i, v := range c.src {
			c.dst[i] = T(v)
			if c.add != nil {
				c.dst[i] += T(c.add[i])
			}
		}
	}
	return nil
}

// fits reports weights that SetWeights would refuse.
func (n *Network[T]) fits(w Weights) error {
	_, err := n.assign(w)
	return err
}

// An assignment is a parameter and what it is set to: src, plus add if given.
type assignment[T lstm.Float] struct {
	dst []T
	src []float32
	add []float32
}

// assign finds the weights of every parameter.
func (n *Network[T]) assign(w Weights) ([]assignment[T], error) {
	used := map[string]bool{}
	get := func(name string, shape ...int) ([]float32, error) {
		t, ok := w[name]
		if !ok {
			return nil, fmt.Errorf("model: the weights lack %q %v", name, shape)
		}
		if !slices.Equal(t.Shape, shape) {
			return nil, fmt.Errorf("model: the weights' %q has shape %v, the network's %v", name, t.Shape, shape)
		}
		used[name] = true
		return t.Data, nil
	}
	unk, err := get("unk", 1, n.dim)
	if err != nil {
		return nil, err
	}
	if _, ok := w["vectors"]; ok {
		vectors, err := get("vectors", n.vocab, n.dim)
		if err != nil {
			return nil, err
		}
		for i := n.dim; i < len(vectors); i++ {
			if T(vectors[i]) != n.vectors[i] {
				return nil, fmt.Errorf("model: the weights' \"vectors\" hold %v for word %d, the network's %v: they were trained over other word vectors, which this network does not change", vectors[i], i/n.dim, n.vectors[i])
			}
		}
	}
	todo := []assignment[T]{{n.UNK(), unk, nil}}
	for l, layer := range n.layers {
		h, in := layer.Size.Units, layer.Size.In
		for d, p := range lstm.Split(layer.Size, n.Theta(l)) {
			inputName, recurrentName, biasName, biasName2 := n.names(l, d)
			input, err := get(inputName, 4*h, in)
			if err != nil {
				return nil, err
			}
			recurrent, err := get(recurrentName, 4*h, h)
			if err != nil {
				return nil, err
			}
			bias, err := get(biasName, 4*h)
			if err != nil {
				return nil, err
			}
			var bias2 []float32
			if _, ok := w[biasName2]; ok {
				if bias2, err = get(biasName2, 4*h); err != nil {
					return nil, err
				}
			}
			todo = append(todo, assignment[T]{p.Input, input, nil}, assignment[T]{p.Recurrent, recurrent, nil}, assignment[T]{p.Bias, bias, bias2})
		}
	}
	for _, name := range sortedNames(w) {
		if !used[name] {
			return nil, fmt.Errorf("model: the weights hold %q, which a network of %d layers does not have", name, len(n.layers))
		}
	}
	return todo, nil
}

func sortedNames(w Weights) []string {
	var names []string
	for name := range w {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// WriteWeights writes weights as safetensors, with metadata (may be nil). The
// same weights and metadata give the same bytes.
func WriteWeights(w io.Writer, weights Weights, metadata map[string]string) error {
	views, buffer := map[string]view{}, []byte(nil)
	for name, t := range weights {
		v := view{t, &buffer}
		if count, ok := product(v.Shape()); !ok || count != uint64(len(t.Data)) {
			return fmt.Errorf("model: weights %q: %d numbers for a tensor of shape %v", name, len(t.Data), t.Shape)
		}
		views[name] = v
	}
	if err := safetensors.SerializeToWriter(views, metadata, w); err != nil {
		return fmt.Errorf("model: writing weights: %w", err)
	}
	return nil
}

// product is how many numbers a tensor of a shape has; it is not ok where no machine could
// count them.
func product(shape []uint64) (count uint64, ok bool) {
	count = 1
	for _, size := range shape {
		high, low := bits.Mul64(count, size)
		if high != 0 {
			return 0, false
		}
		count = low
	}
	return count, true
}

// A view is a tensor as it is written. Its bytes are made when they are asked for, and stand
// in a buffer that all views share: a checkpoint has tens of millions of numbers.
type view struct {
	Tensor
	buffer *[]byte
}

func (v view) DType() safetensors.DType { return safetensors.F32 }
func (v view) DataLen() uint64          { return uint64(4 * len(v.Tensor.Data)) }

func (v view) Shape() []uint64 {
	shape := make([]uint64, len(v.Tensor.Shape))
	for i, size := range v.Tensor.Shape {
		shape[i] = uint64(size)
	}
	return shape
}

func (v view) Data() []byte {
	*v.buffer = appendFloats(slices.Grow((*v.buffer)[:0], 4*len(v.Tensor.Data)), v.Tensor.Data)
	return *v.buffer
}

func appendFloats(b []byte, data []float32) []byte {
	for _, v := range data {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

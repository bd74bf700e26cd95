package reader

import (
	"fmt"
	"slices"

	"wakong/model"
	"wakong/model/lstm"
)

// Weights copies the network's parameters: "vectors" [V, dim], "candidates" [V]
// (1 for words that can be answers), "known" [V] (1 for words whose vector is used), "function_words" [V] (1 for words that are
// no content words), "collocations" [n, 4] (see docs/formats.md), "characters" [C, characters], "unknown"
// [dim], "features", "scale", for layer l and direction r (0 forward, 1
// backward) with k = 2l+r the names of PyTorch's LSTM, "lstm.k.weight_ih_l0"
// and so on, and for each linear map "hidden.weight", "hidden.bias" and the
// like; those of a second reading begin with "reread.".
func (n *Network[T]) Weights() model.Weights {
	w := model.Weights{}
	for _, v := range n.views() {
		data := make([]float32, len(v.data))
		for i, x := range v.data {
			data[i] = float32(x)
		}
		w[v.name] = model.Tensor{Shape: v.shape, Data: data}
	}
	w["candidates"] = flags(n.lexicon.candidate)
	w["known"] = flags(n.known)
	w["function_words"] = flags(n.lexicon.functionWords())
	w["collocations"] = n.lexicon.collocationsTensor()
	return w
}

// flags are 1 where true, else 0.
func flags(of []bool) model.Tensor {
	t := model.Tensor{Shape: []int{len(of)}, Data: make([]float32, len(of))}
	for i, b := range of {
		if b {
			t.Data[i] = 1
		}
	}
	return t
}

// A view is a parameter by its name.
type view[T lstm.Float] struct {
	name  string
	shape []int
	data  []T
}

func (n *Network[T]) views() []view[T] {
	p := &n.parts
	all := []view[T]{
		{"vectors", []int{n.vocabulary, n.dim}, n.vectors},
		{"characters", []int{n.lexicon.Characters(), n.o.Characters}, part(n.theta, p.characters)},
		{"unknown", []int{n.dim}, part(n.theta, p.unknown)},
		{"scale", []int{1}, part(n.theta, p.scale)},
	}
	for l, layer := range n.layers {
		all = append(all, layerViews("lstm.", 2*l, layer.Size, part(n.theta, p.layers[l]))...)
	}
	if r := n.o.Reread; r > 0 {
		s := &n.reread
		all = append(all,
			view[T]{"reread.features", []int{featureCount, r}, part(n.theta, s.parts.features)},
			view[T]{"reread.first", []int{2, r}, part(n.theta, s.parts.first)},
			view[T]{"reread.blank", []int{r}, part(n.theta, s.parts.blank)},
			view[T]{"reread.out", []int{2, 2 * r}, part(n.theta, s.parts.out)})
		all = append(all, layerViews("reread.lstm.", 0, s.layer.Size, part(n.theta, s.parts.layer))...)
	}
	for _, l := range n.linears() {
		theta := part(n.theta, l.piece)
		all = append(all,
			view[T]{l.name + ".weight", []int{l.Out, l.In}, theta[:l.In*l.Out]},
			view[T]{l.name + ".bias", []int{l.Out}, theta[l.In*l.Out:]})
	}
	return all
}

// layerViews are those of a layer's two directions, numbered from first on.
func layerViews[T lstm.Float](prefix string, first int, size lstm.Size, theta []T) (all []view[T]) {
	h, in := size.Units, size.In
	for d, w := range lstm.Split(size, theta) {
		name := fmt.Sprintf("%s%d.", prefix, first+d)
		all = append(all,
			view[T]{name + "weight_ih_l0", []int{4 * h, in}, w.Input},
			view[T]{name + "weight_hh_l0", []int{4 * h, h}, w.Recurrent},
			view[T]{name + "bias_ih_l0", []int{4 * h}, w.Bias})
	}
	return all
}

// SetWeights replaces the network's parameters. Every one must be there with
// its shape; other names are an error.
func (n *Network[T]) SetWeights(w model.Weights) error {
	if err := n.fits(w); err != nil {
		return err
	}
	for _, v := range n.views() {
		for i, x := range w[v.name].Data {
			v.data[i] = T(x)
		}
	}
	for i, c := range w["candidates"].Data {
		n.lexicon.candidate[i] = c != 0
	}
	for i, k := range w["known"].Data {
		n.known[i] = k != 0
	}
	n.lexicon.setFunctionWords(w["function_words"].Data)
	for id, known := range n.known {
		if !known {
			n.lexicon.forgetRoles(int32(id))
		}
	}
	n.lexicon.loadCollocations(w["collocations"])
	return nil
}

// fits reports weights that SetWeights would refuse.
func (n *Network[T]) fits(w model.Weights) error {
	views := n.views()
	for _, name := range []string{"candidates", "known", "function_words"} {
		views = append(views, view[T]{name: name, shape: []int{n.vocabulary}})
	}
	views = append(views, view[T]{name: "collocations", shape: []int{len(w["collocations"].Data) / collocationColumns, collocationColumns}})
	for _, v := range views {
		t, ok := w[v.name]
		if !ok {
			return fmt.Errorf("reader: the weights lack %q %v", v.name, v.shape)
		}
		elements := 1
		for _, length := range t.Shape {
			elements *= length
		}
		if len(t.Data) != elements {
			return fmt.Errorf("reader: the weights' %q has %d elements, its shape is %v", v.name, len(t.Data), t.Shape)
		}
		if !slices.Equal(t.Shape, v.shape) {
			return fmt.Errorf("reader: the weights' %q has shape %v, the network's %v", v.name, t.Shape, v.shape)
		}
	}
	if len(w) != len(views) {
		for name := range w {
			if !slices.ContainsFunc(views, func(v view[T]) bool { return v.name == name }) {
				return fmt.Errorf("reader: the weights hold tensors such as %q that a network of %d layers does not have", name, n.o.Layers)
			}
		}
	}
	return n.checkCollocations(w["collocations"])
}

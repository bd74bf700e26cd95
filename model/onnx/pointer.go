package onnx

import (
	"fmt"
	"io"
	"slices"

	"wakong/model"
	"wakong/model/onnx/internal/schema"
)

// masked is the score at padding, as [model.Network.Scores] gives it.
const masked = -1e12

// WritePointer writes the network pointer: its weights, by their names, over
// constant word vectors [V, size], whose row 0 is not read. The same input gives the
// same bytes. The package's description has the inputs and outputs.
func WritePointer(w io.Writer, weights model.Weights, vectors []float32, size int, info Info) error {
	// The network refuses weights that are not all there or do not fit.
	units, layers := shape(weights)
	if units < 1 || layers < 1 {
		return fmt.Errorf("onnx: the weights are not those of the network pointer")
	}
	n, err := model.NewNetwork(vectors, size, model.NetworkOptions{Units: units, Layers: layers, Threads: 1})
	if err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	defer n.Close()
	if err := n.SetWeights(weights); err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	b := &pointer{vectors: vectors, size: size, units: units, layers: layers, weights: n.Weights()}
	return encode(w, b.model(info))
}

// shape reads the sizes of a network from its weights.
func shape(weights model.Weights) (units, layers int) {
	for {
		t, ok := weights[fmt.Sprintf("lstm.%d.weight_hh_l0", 2*layers)]
		if !ok {
			return units, layers
		}
		if len(t.Shape) == 2 && layers == 0 {
			units = t.Shape[1]
		}
		layers++
	}
}

// pointer builds the graph.
type pointer struct {
	graph
	vectors             []float32
	size, units, layers int
	weights             model.Weights
}

// A side is one context: its name, and what the graph has for it.
type side struct{ ids, lengths, outputs, final string }

func (b *pointer) model(info Info) *schema.ModelProto {
	table := slices.Clone(b.vectors)
	copy(table, b.weights["unk"].Data)
	b.floats("vectors", table, int64(len(table)/b.size), int64(b.size))
	for l := range b.layers {
		b.layerWeights(l)
	}
	b.ints("join_directions", []int64{0, 0, 2 * int64(b.units)}, 3)
	b.ints("join_final", []int64{0, 2 * int64(b.units)}, 2)
	b.ints("last_axis", []int64{2}, 1)
	b.ints("second_axis", []int64{1}, 1)
	b.ints("time_axis", []int64{1})
	b.ints("zero", []int64{0})
	b.ints("one", []int64{1})
	b.floats("half", []float32{0.5})
	b.floats("masked", []float32{masked})

	left, right := b.context("left"), b.context("right")
	sum := b.op("Add", "final_sum", []string{left.final, right.final})
	query := b.op("Mul", "query", []string{sum, "half"})
	column := b.op("Unsqueeze", "query_column", []string{query, "last_axis"}) // [batch, 2h, 1]
	scores := b.op("Concat", "scores", []string{b.scores("left", left, column), b.scores("right", right, column)}, intAttribute("axis", 1))
	b.op("Softmax", "probabilities", []string{scores}, intAttribute("axis", 1))

	return b.file("pointer", info, []*schema.ValueInfoProto{
		value("left", typeInt32, "word ids left of the blank, then zeros", "batch", "left_time"),
		value("right", typeInt32, "word ids right of the blank, then zeros", "batch", "right_time"),
		value("left_lengths", typeInt32, "real words of left, at least 1", "batch"),
		value("right_lengths", typeInt32, "real words of right, at least 1", "batch"),
	}, []*schema.ValueInfoProto{
		value("scores", typeFloat, "scores of all positions, -1e12 at padding", "batch", "time"),
		value("probabilities", typeFloat, "softmax of the scores", "batch", "time"),
	})
}

// context runs the layers over one context: ids [batch, time] to outputs
// [batch, time, 2h] and final states [batch, 2h].
func (b *pointer) context(name string) side {
	s := side{ids: name, lengths: name + "_lengths"}
	embedded := b.op("Gather", name+"_embedded", []string{"vectors", s.ids})                  // [batch, time, d]
	x := b.op("Transpose", name+"_input", []string{embedded}, intsAttribute("perm", 1, 0, 2)) // [time, batch, d]
	for l := range b.layers {
		prefix := fmt.Sprintf("%s_layer%d", name, l+1)
		states := prefix + "_states"
		final := prefix + "_final"
		b.nodes = append(b.nodes, &schema.NodeProto{
			Name: prefix, OpType: "LSTM",
			Input:  []string{x, weightName(l, "W"), weightName(l, "R"), weightName(l, "B"), s.lengths},
			Output: []string{states, final}, // [time, 2, batch, h], [2, batch, h]
			Attribute: []*schema.AttributeProto{
				stringAttribute("direction", "bidirectional"), intAttribute("hidden_size", int64(b.units)),
			},
		})
		if l+1 < b.layers {
			apart := b.op("Transpose", prefix+"_apart", []string{states}, intsAttribute("perm", 0, 2, 1, 3))
			x = b.op("Reshape", prefix+"_output", []string{apart, "join_directions"}) // [time, batch, 2h]
			continue
		}
		apart := b.op("Transpose", prefix+"_apart", []string{states}, intsAttribute("perm", 2, 0, 1, 3))
		s.outputs = b.op("Reshape", prefix+"_output", []string{apart, "join_directions"}) // [batch, time, 2h]
		both := b.op("Transpose", prefix+"_both", []string{final}, intsAttribute("perm", 1, 0, 2))
		s.final = b.op("Reshape", prefix+"_query", []string{both, "join_final"}) // [batch, 2h]
	}
	return s
}

// scores are the inner products of the query with a context's outputs, [batch,
// time], and masked where there is padding.
func (b *pointer) scores(name string, s side, query string) string {
	products := b.op("MatMul", name+"_products", []string{s.outputs, query})
	flat := b.op("Squeeze", name+"_scores", []string{products, "last_axis"})
	shape := b.op("Shape", name+"_shape", []string{s.ids})
	time := b.op("Gather", name+"_time", []string{shape, "time_axis"})
	places := b.op("Range", name+"_places", []string{"zero", time, "one"})
	short := b.op("Cast", name+"_places32", []string{places}, intAttribute("to", typeInt32))
	lengths := b.op("Unsqueeze", name+"_lengths_column", []string{s.lengths, "second_axis"})
	real := b.op("Less", name+"_real", []string{short, lengths})
	return b.op("Where", name+"_masked", []string{real, flat, "masked"})
}

func weightName(layer int, part string) string { return fmt.Sprintf("layer%d_%s", layer+1, part) }

// layerWeights adds the weights of both directions of a layer, their gates in
// ONNX's order.
func (b *pointer) layerWeights(l int) {
	var input, recurrent, bias []float32
	h, in := b.units, b.size
	if l > 0 {
		in = 2 * h
	}
	for d := range 2 {
		prefix := fmt.Sprintf("lstm.%d.", 2*l+d)
		input = append(input, gates(b.weights[prefix+"weight_ih_l0"].Data, h*in)...)
		recurrent = append(recurrent, gates(b.weights[prefix+"weight_hh_l0"].Data, h*h)...)
		bias = append(bias, gates(b.weights[prefix+"bias_ih_l0"].Data, h)...)
		bias = append(bias, gates(b.weights[prefix+"bias_hh_l0"].Data, h)...)
	}
	b.floats(weightName(l, "W"), input, 2, 4*int64(h), int64(in))
	b.floats(weightName(l, "R"), recurrent, 2, 4*int64(h), int64(h))
	b.floats(weightName(l, "B"), bias, 2, 8*int64(h))
}

// gates turns the order i, f, g, o of our gates, n numbers each, into i, o, f, g,
// which ONNX calls iofc.
func gates(data []float32, n int) []float32 {
	out := make([]float32, 0, 4*n)
	for _, gate := range []int{0, 3, 1, 2} {
		out = append(out, data[gate*n:][:n]...)
	}
	return out
}

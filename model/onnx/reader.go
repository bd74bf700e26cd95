package onnx

import (
	"fmt"
	"io"
	"math"

	"wakong/model"
	"wakong/model/onnx/internal/schema"
	"wakong/model/reader"
)

// WriteReader writes the network reader, word vectors included. The same network
// gives the same bytes. The package's description has the inputs and outputs.
func WriteReader(w io.Writer, n *reader.Network[float32], info Info) error {
	o := n.Options()
	b := &readerGraph{weights: n.Weights(), units: o.Units, layers: o.Layers, keys: o.Keys, reread: o.Reread}
	return encode(w, b.model(info))
}

// readerGraph builds the graph of reader.
type readerGraph struct {
	graph
	weights                     model.Weights
	units, layers, keys, reread int
}

func (b *readerGraph) model(info Info) *schema.ModelProto {
	b.shared()
	x := b.inputs()
	forward, backward := b.stack("forward", x), b.stack("reverse", x)

	// hidden = relu(W1 [f before the blank; b behind it])
	before := b.op("Gather", "before_blank", []string{b.op("Concat", "forward_begun", []string{"no_state", forward}, intAttribute("axis", 0)), "blank"})
	behind := b.op("Gather", "behind_blank", []string{
		b.op("Concat", "backward_begun", []string{backward, "no_state"}, intAttribute("axis", 0)),
		b.op("Add", "next", []string{"blank", "one32"})})
	ends := b.op("Concat", "ends", []string{before, behind}, intAttribute("axis", 1)) // [1, 2h]
	hidden := b.op("Relu", "hidden", []string{b.linear("hidden", "hidden_sum", ends)})

	candidates := b.column("states", 0)
	input := b.op("Gather", "candidate_input", []string{x, candidates}) // [candidates, in]
	key := b.chosenKey(input, [2]string{forward, backward}, candidates)
	pairs := b.op("Mul", "pairs", []string{b.chosenQuery(hidden), key}) // [candidates, keys]
	products := b.op("ReduceSum", "products", []string{pairs, "second_axis"}, intAttribute("keepdims", 0))
	match := b.op("Mul", "match", []string{products, "key_scale"})

	weights := b.op("Squeeze", "feature_weights", []string{b.linear("features", "features_row", hidden), "first_axis"}) // [features]
	values := b.op("Gather", "feature_values", []string{weights, "features"})                                           // [candidates, groups]
	features := b.op("ReduceSum", "feature_sum", []string{values, "second_axis"}, intAttribute("keepdims", 0))

	fits := b.product("fits", b.linear("word", "word_points", input), b.linear("fit", "fit_point", hidden))
	fit := b.op("Mul", "fit", []string{b.op("Squeeze", "fits_flat", []string{fits, "second_axis"}), "fit_scale"})

	scores := []string{b.op("Add", "match_and_features", []string{match, features}), fit}
	inputs := []*schema.ValueInfoProto{
		value("words", typeInt32, "word ids, 0 for the blank and for unknown words", "time"),
		value("characters", typeInt32, "numbers of each word's characters, then zeros", "time", "width"),
		value("letters", typeInt32, "characters of each word, at least 1", "time"),
		value("blank", typeInt32, "position of the blank", "blanks"),
		value("states", typeInt32, "positions that make each candidate's key, its own first", "candidates", "states_width"),
		value("kinds", typeInt32, "number of each candidate's map of keys", "candidates"),
		value("features", typeInt32, "one feature of each group", "candidates", "groups"),
	}
	if b.reread > 0 {
		inputs = append(inputs, value("same", typeInt32, "number of the first candidate that is the same word", "candidates"))
		first := b.op("Add", "first_scores", scores)
		scores = []string{first, b.rereading(hidden, key, pairs, first, candidates)}
	}
	b.op("Add", "scores", scores)
	b.op("Softmax", "probabilities", []string{"scores"}, intAttribute("axis", 0))

	return b.file("reader", info, inputs, []*schema.ValueInfoProto{
		value("scores", typeFloat, "scores of the candidates", "candidates"),
		value("probabilities", typeFloat, "softmax of the scores", "candidates"),
	})
}

// shared adds the constants.
func (b *readerGraph) shared() {
	vectors, known := b.weights["vectors"], b.weights["known"].Data
	size := vectors.Shape[1]
	table := append([]float32(nil), vectors.Data...)
	for id, k := range known {
		if id == 0 || k == 0 {
			copy(table[id*size:][:size], b.weights["unknown"].Data)
		}
	}
	b.floats("vectors", table, int64(len(known)), int64(size))
	b.tensor("characters_table", b.weights["characters"])
	for d, name := range []string{"forward", "reverse"} {
		for l := range b.layers {
			b.lstm(fmt.Sprintf("%s%d", name, l+1), fmt.Sprintf("lstm.%d.", 2*l+d))
		}
	}
	b.floats("no_state", make([]float32, b.units), 1, int64(b.units))
	scale := float32(1 / math.Sqrt(float64(b.keys))) // scores do not depend on the keys' size
	b.floats("key_scale", []float32{scale})
	b.floats("fit_scale", []float32{scale * b.weights["scale"].Data[0]})
	b.ints("first_axis", []int64{0}, 1)
	b.ints("second_axis", []int64{1}, 1)
	b.ints("last_axis", []int64{2}, 1)
	b.ints("middle_axes", []int64{1, 2}, 2)
	b.int32s("one32", []int32{1}, 1)
	for i := range reader.StatesWidth {
		b.int32s(fmt.Sprintf("column%d", i), []int32{int32(i)})
	}
	b.ints("zero", []int64{0})
	b.ints("one", []int64{1})
}

// inputs gives the words' inputs, [time, in]: a word's vector, those of its
// first and last character, and the mean of all its characters'.
func (b *readerGraph) inputs() string {
	word := b.op("Gather", "word", []string{"vectors", "words"})
	letters := b.op("Unsqueeze", "letters_column", []string{"letters", "second_axis"}) // [time, 1]
	first := b.op("Gather", "first", []string{"characters_table", b.column("characters", 0)})
	at := b.op("Sub", "last_letter", []string{letters, "one32"})
	lastNumber := b.op("Squeeze", "last_number", []string{
		b.op("GatherElements", "last_column", []string{"characters", at}, intAttribute("axis", 1)), "second_axis"})
	last := b.op("Gather", "last", []string{"characters_table", lastNumber})

	all := b.op("Gather", "all_characters", []string{"characters_table", "characters"}) // [time, width, c]
	width := b.op("Gather", "width", []string{b.op("Shape", "characters_shape", []string{"characters"}), "one"})
	places := b.op("Cast", "places", []string{b.op("Range", "range", []string{"zero", width, "one"})}, intAttribute("to", typeInt32))
	real := b.op("Cast", "real", []string{b.op("Less", "is_real", []string{places, letters})}, intAttribute("to", typeFloat)) // [time, width]
	kept := b.op("Mul", "real_characters", []string{all, b.op("Unsqueeze", "real_cells", []string{real, "last_axis"})})
	sum := b.op("ReduceSum", "characters_sum", []string{kept, "second_axis"}, intAttribute("keepdims", 0))
	mean := b.op("Div", "mean", []string{sum, b.op("Cast", "letters_float", []string{letters}, intAttribute("to", typeFloat))})
	return b.op("Concat", "input", []string{word, first, last, mean}, intAttribute("axis", 1))
}

// stack runs the layers of one direction over x [time, in]; their outputs are
// [time, h].
func (b *readerGraph) stack(direction, x string) string {
	x = b.op("Unsqueeze", direction+"_input", []string{x, "second_axis"}) // [time, 1, in]
	for l := range b.layers {
		name := fmt.Sprintf("%s%d", direction, l+1)
		states := b.op("LSTM", name+"_states", []string{x, name + "_W", name + "_R", name + "_B"},
			stringAttribute("direction", direction), intAttribute("hidden_size", int64(b.units))) // [time, 1, 1, h]
		if l+1 == b.layers {
			return b.op("Squeeze", direction+"_outputs", []string{states, "middle_axes"})
		}
		x = b.op("Squeeze", name+"_output", []string{states, "second_axis"}) // [time, 1, h]
	}
	return x
}

// lstm adds the weights of one layer in one direction.
func (b *readerGraph) lstm(name, prefix string) {
	input, recurrent, bias := b.weights[prefix+"weight_ih_l0"], b.weights[prefix+"weight_hh_l0"], b.weights[prefix+"bias_ih_l0"]
	h, in := recurrent.Shape[1], input.Shape[1]
	b.floats(name+"_W", gates(input.Data, h*in), 1, 4*int64(h), int64(in))
	b.floats(name+"_R", gates(recurrent.Data, h*h), 1, 4*int64(h), int64(h))
	// ONNX adds two biases.
	b.floats(name+"_B", append(gates(bias.Data, h), make([]float32, 4*h)...), 1, 8*int64(h))
}

// chosenQuery gives each candidate the query's half for its side, [candidates, keys].
func (b *readerGraph) chosenQuery(hidden string) string {
	var halves [2]string
	weight, bias := b.weights["query.weight"], b.weights["query.bias"]
	for side, name := range []string{"left_query", "right_query"} {
		in := weight.Shape[1]
		b.floats(name+".weight", weight.Data[side*b.keys*in:][:b.keys*in], int64(b.keys), int64(in))
		b.floats(name+".bias", bias.Data[side*b.keys:][:b.keys], int64(b.keys))
		halves[side] = b.gemm(name, name, hidden)
	}
	names, _ := reader.KindNames()
	var all []string
	for kind := range names {
		all = append(all, halves[kind%2])
	}
	return b.op("Gather", "query", []string{b.op("Concat", "queries", all, intAttribute("axis", 0)), "kinds"})
}

// chosenKey gives each candidate the key of its kind, [candidates, keys].
func (b *readerGraph) chosenKey(input string, outputs [2]string, candidates string) string {
	var states [2][]string
	for side, name := range []string{"left", "right"} {
		for i := range reader.StatesWidth {
			at := candidates
			if i > 0 {
				at = b.column("states", i)
			}
			states[side] = append(states[side], b.op("Gather", fmt.Sprintf("%s_state%d", name, i), []string{outputs[side], at}))
		}
	}
	names, counts := reader.KindNames()
	kinds := b.op("Unsqueeze", "kinds_column", []string{"kinds", "second_axis"})
	chosen := ""
	for kind, name := range names {
		parts := append(append([]string(nil), states[kind%2][:counts[kind]]...), input)
		points := b.linear(name, name+"_points", b.op("Concat", name+"_key", parts, intAttribute("axis", 1)))
		if kind == 0 {
			chosen = points
			continue
		}
		number := b.int32s(name+"_number", []int32{int32(kind)}, 1)
		is := b.op("Equal", name+"_is", []string{kinds, number}) // [candidates, 1]
		chosen = b.op("Where", "key_or_"+name, []string{is, points, chosen})
	}
	return chosen
}

// column is one column of an input. A column that was taken is not taken again.
func (b *readerGraph) column(of string, number int) string {
	output := fmt.Sprintf("%s_column%d", of, number)
	for _, n := range b.nodes {
		if n.Name == output {
			return output
		}
	}
	return b.op("Gather", output, []string{of, fmt.Sprintf("column%d", number)}, intAttribute("axis", 1))
}

// linear applies one of the network's linear maps to rows.
func (b *readerGraph) linear(name, output, x string) string {
	b.tensor(name+".weight", b.weights[name+".weight"])
	b.tensor(name+".bias", b.weights[name+".bias"])
	return b.gemm(name, output, x)
}

func (b *readerGraph) gemm(name, output, x string) string {
	return b.op("Gemm", output, []string{x, name + ".weight", name + ".bias"}, intAttribute("transB", 1))
}

// product is that of each row of x with the row y: [rows, 1].
func (b *readerGraph) product(output, x, y string) string {
	return b.op("Gemm", output, []string{x, y}, intAttribute("transB", 1))
}

func (b *readerGraph) tensor(name string, t model.Tensor) string {
	shape := make([]int64, len(t.Shape))
	for i, d := range t.Shape {
		shape[i] = int64(d)
	}
	return b.floats(name, t.Data, shape...)
}

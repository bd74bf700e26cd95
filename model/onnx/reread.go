package onnx

import "wakong/model/reader"

// rereading is what the second reading adds to the candidates' scores, [candidates].
func (b *readerGraph) rereading(hidden, key, pairs, first, candidates string) string {
	b.tensor("reread.features", b.weights["reread.features"])
	b.tensor("reread.out", b.weights["reread.out"])
	r := b.reread
	for i, name := range []string{"reread_probability", "reread_level"} {
		b.floats(name, b.weights["reread.first"].Data[i*r:][:r], 1, int64(r))
	}
	b.floats("reread_blank", b.weights["reread.blank"].Data, 1, int64(r))
	b.floats("reread_pair_bias", b.weights["reread.pair.bias"].Data, 1, int64(r))
	b.floats("level_scale", []float32{reader.LevelScale})
	b.floats("one_float", []float32{1})
	for d, name := range []string{"reread_forward", "reread_reverse"} {
		b.lstm(name, []string{"reread.lstm.0.", "reread.lstm.1."}[d])
	}

	// What is read of each candidate, and in the blank's place.
	ask := b.linear("reread.ask", "ask", hidden) // [1, r]
	x := b.op("Add", "pair_and_glance", []string{b.linear("reread.pair", "pair_points", pairs), b.linear("reread.glance", "glance", key)})
	values := b.op("Gather", "reread_feature_values", []string{"reread.features", "features"}) // [candidates, groups, r]
	x = b.op("Add", "and_features", []string{x, b.op("ReduceSum", "reread_feature_sum", []string{values, "second_axis"}, intAttribute("keepdims", 0))})
	x = b.op("Add", "and_first", []string{x, b.firstReading(first)})
	x = b.op("Relu", "read", []string{b.op("Add", "and_ask", []string{x, ask})})
	blank := b.op("Relu", "read_blank", []string{b.op("Add", "blank_sum", []string{b.op("Add", "ask_blank", []string{ask, "reread_blank"}), "reread_pair_bias"})})

	order, places := b.order(candidates)
	x = b.op("Gather", "sequence", []string{b.op("Concat", "read_all", []string{x, blank}, intAttribute("axis", 0)), order}) // [candidates+1, r]
	x = b.op("Unsqueeze", "sequence_input", []string{x, "second_axis"})
	var outputs []string
	for _, direction := range []string{"forward", "reverse"} {
		name := "reread_" + direction
		states := b.op("LSTM", name+"_states", []string{x, name + "_W", name + "_R", name + "_B"},
			stringAttribute("direction", direction), intAttribute("hidden_size", int64(r)))
		outputs = append(outputs, b.op("Squeeze", name+"_outputs", []string{states, "middle_axes"}))
	}
	y := b.op("Gather", "reread_outputs", []string{b.op("Concat", "reread_all", outputs, intAttribute("axis", 1)), places}) // [candidates, 2r]
	said := b.op("Gemm", "said", []string{y, "reread.out"}, intAttribute("transB", 1))                                      // [candidates, 2]
	return b.op("Add", "second_scores", []string{b.column(said, 0), b.wordMean(b.column(said, 1))})
}

// firstReading is what is read of the first reading's scores, [candidates, r].
func (b *readerGraph) firstReading(first string) string {
	row := b.op("Unsqueeze", "first_row", []string{first, "first_axis"})
	top := b.op("ReduceMax", "first_top", []string{row}, intsAttribute("axes", 1), intAttribute("keepdims", 0))
	below := b.op("Mul", "below_top", []string{b.op("Sub", "from_top", []string{first, top}), "level_scale"})
	// At least -1.
	level := b.op("Sub", "level", []string{b.op("Relu", "level_above", []string{b.op("Add", "level_up", []string{below, "one_float"})}), "one_float"})
	column := func(name, of, weights string) string {
		return b.op("Mul", name, []string{b.op("Unsqueeze", name+"_column", []string{of, "second_axis"}), weights})
	}
	probability := b.op("Softmax", "first_probabilities", []string{first}, intAttribute("axis", 0))
	return b.op("Add", "first_read", []string{column("probability_read", probability, "reread_probability"), column("level_read", level, "reread_level")})
}

// order gives the candidates' numbers in the sequence, that of the blank behind all
// others, and the candidates' places in it.
func (b *readerGraph) order(candidates string) (order, places string) {
	count := b.op("Gather", "candidate_count", []string{b.op("Shape", "candidates_shape", []string{candidates}), "zero"})
	toInt := func(name, of string) string {
		return b.op("Cast", name, []string{of}, intAttribute("to", typeInt64))
	}
	isLeft := toInt("is_left", b.op("Less", "left_of_blank", []string{candidates, "blank"}))
	left := b.op("ReduceSum", "left_count", []string{b.op("Unsqueeze", "is_left_row", []string{isLeft, "first_axis"}), "second_axis"}, intAttribute("keepdims", 0)) // [1]
	all := b.op("Range", "sequence_range", []string{"zero", b.op("Add", "sequence_count", []string{count, "one"}), "one"})
	behind := toInt("behind", b.op("Less", "behind_blank_place", []string{left, all}))
	order = b.op("Where", "order", []string{b.op("Equal", "is_blank", []string{all, left}), count, b.op("Sub", "without_blank", []string{all, behind})})
	numbers := b.op("Range", "candidate_range", []string{"zero", count, "one"})
	places = b.op("Sub", "places_with_blank", []string{b.op("Add", "one_behind", []string{numbers, "one"}), isLeft})
	return order, places
}

// wordMean is the mean of x [candidates] over those that are the same word.
func (b *readerGraph) wordMean(x string) string {
	is := b.op("Equal", "is_same", []string{b.op("Unsqueeze", "same_column", []string{"same", "second_axis"}), b.op("Unsqueeze", "same_row", []string{"same", "first_axis"})})
	same := b.op("Cast", "same_matrix", []string{is}, intAttribute("to", typeFloat)) // [candidates, candidates]
	sum := b.op("ReduceSum", "word_sum", []string{b.op("Mul", "of_word", []string{same, b.op("Unsqueeze", "word_row", []string{x, "first_axis"})}), "second_axis"}, intAttribute("keepdims", 0))
	return b.op("Div", "word_mean", []string{sum, b.op("ReduceSum", "word_places", []string{same, "second_axis"}, intAttribute("keepdims", 0))})
}

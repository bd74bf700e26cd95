package model

import (
	"math"
	"testing"
)

// given answers with probabilities that are given, question after question.
type given [][]float64

func (g *given) Probabilities(examples []Example) ([][]float64, error) {
	part := (*g)[:len(examples)]
	*g = (*g)[len(examples):]
	return part, nil
}

// The loss is that of the answers, however often they stand and wherever they rank;
// what was thought impossible, and what has no answer, costs as much as a probability
// of a millionth.
func TestValidate(t *testing.T) {
	examples := []Example{
		{Left: []int32{1, 2}, Right: []int32{1}, Answer: 1}, // 0.2 + 0.3, the first
		{Left: []int32{1, 2}, Right: []int32{3}, Answer: 3}, // 0.25, the second
		{Left: []int32{1}, Right: []int32{2}, Answer: 2},    // 0
		{Left: []int32{1}, Right: []int32{2}},               // no answer
	}
	g := given{{0.2, 0.4, 0.3}, {0.7, 0.05, 0.25}, {1, 0}, {0.5, 0.5}}
	v, err := Validate(t.Context(), &g, examples, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := -(math.Log(0.5) + math.Log(0.25) + 2*math.Log(1e-6)) / 4
	if v.Accuracy != 0.25 || math.Abs(v.Loss-want) > 1e-6 {
		t.Errorf("got %+v, want accuracy 0.25 and loss %g", v, want)
	}
	if v, err := Validate(t.Context(), &given{}, nil, nil); err != nil || v != (Validation{}) {
		t.Errorf("without examples: %+v, %v", v, err)
	}
}

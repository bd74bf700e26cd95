package model

import (
	"strings"
	"testing"

	"wakong/model/lstm"
)

// TestOverflow: weights that are too large for float32 are an error, not an answer.
func TestOverflow(t *testing.T) {
	// The portable kernel rounds each product; others add to an infinity what is finite.
	n, _, examples := toyNetwork(t, NetworkOptions{Units: 5, Seed: 1, Kernel: lstm.Portable})
	for i := range n.vectors {
		n.vectors[i] *= 1e30
	}
	// Each is finite; the two biases' sum is not, nor what the words add to it.
	w := n.Weights()
	for name, tensor := range w {
		for i := range tensor.Data {
			if tensor.Data[i] = -3e38; strings.Contains(name, "bias") {
				tensor.Data[i] = 3e38
			}
		}
	}
	if err := n.SetWeights(w); err != nil {
		t.Fatal(err)
	}
	examples[0].ID = "qid_7"
	_, err := n.Probabilities(examples[:1])
	if err == nil || !strings.Contains(err.Error(), "too large") || !strings.Contains(err.Error(), "qid_7") {
		t.Errorf("probabilities of an overflow: %v", err)
	}
	if v, err := Validate(t.Context(), n, examples, nil); err == nil {
		t.Errorf("an overflow was validated: %+v", v)
	}
}

package model

import (
	"strings"
	"testing"
)

// TestParameters: as many as the weights have, but for the biases that stand twice.
func TestParameters(t *testing.T) {
	for _, o := range []NetworkOptions{{}, {Units: 5, Layers: 1}, {Units: 7, Layers: 3}} {
		n, _, _ := toyNetwork(t, o)
		want := 0
		for name, tensor := range n.Weights() {
			if !strings.Contains(name, "bias_hh") {
				want += len(tensor.Data)
			}
		}
		if got, err := o.Parameters(n.dim); err != nil || got != want {
			t.Errorf("%+v: %d parameters, %v, the weights have %d", o, got, err, want)
		}
	}
	// Nothing of this size is made.
	if got, err := (NetworkOptions{Units: 8192, Layers: 16}).Parameters(300); err != nil || got != 300+8*8192*(300+8193)+15*8*8192*(2*8192+8193) {
		t.Errorf("%d parameters, %v", got, err)
	}
	for _, o := range []NetworkOptions{{Units: -1}, {Layers: 17}, {Units: 1 << 14, Layers: 2}, {Units: 1 << 62}} {
		if got, err := o.Parameters(300); err == nil {
			t.Errorf("%+v: %d parameters", o, got)
		}
		if n, err := NewNetwork(make([]float32, 600), 300, o); err == nil {
			n.Close()
			t.Errorf("%+v: a network", o)
		}
	}
}

package model

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"testing"

	"wakong/model/lstm"
)

// TestTrainingBits trains 50 steps on the portable kernel and holds losses and
// weights to the bit: they are the same on every CPU, with any number of
// threads. Word vectors are whole numbers over a power of two, so that nothing
// rounds before the network.
func TestTrainingBits(t *testing.T) {
	const want = "71714956d3c5e7cc9ca921cb4521029a"
	for _, threads := range []int{1, 2, 8} {
		vectors, dim, examples := toy(50*12, 5)
		for i := range vectors {
			vectors[i] = float32(i*7919%2001-1000) / 1024
		}
		n, err := NewNetwork(vectors, dim, NetworkOptions{Units: 13, Seed: 1, Kernel: lstm.Portable, LearningRate: 0.01, Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.New()
		for s := range 50 {
			loss, err := n.Step(examples[s*12 : s*12+12])
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(sum, "%x ", loss)
		}
		weights := n.Weights()
		for _, name := range slices.Sorted(maps.Keys(weights)) {
			if err := binary.Write(sum, binary.LittleEndian, weights[name].Data); err != nil {
				t.Fatal(err)
			}
		}
		if got := fmt.Sprintf("%.16x", sum.Sum(nil)); got != want {
			t.Errorf("%d threads: losses and weights are %s, expected %s", threads, got, want)
		}
	}
}

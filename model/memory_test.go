package model

import (
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMemoryStaysFlat takes 1,000 steps of varying shape. Once the largest
// batch has been seen, the heap must not grow, and a step must allocate little.
func TestMemoryStaysFlat(t *testing.T) {
	n, train, _ := toyNetwork(t, NetworkOptions{Units: 16, Seed: 1})
	rng := rand.New(rand.NewPCG(1, 1))
	step := func(size int) {
		from := rng.IntN(len(train) - size + 1)
		if _, err := n.Step(train[from : from+size]); err != nil {
			t.Fatal(err)
		}
	}
	heap := func() (live, total, objects uint64) {
		runtime.GC()
		runtime.GC() // pools are emptied by the second one
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, m.TotalAlloc, m.Mallocs
	}
	for range 20 {
		step(len(train) / 4)
	}
	live, total, objects := heap()
	const steps = 1000
	for range steps {
		step(1 + rng.IntN(len(train)/4))
	}
	liveAfter, totalAfter, objectsAfter := heap()
	if grown := int64(liveAfter) - int64(live); grown > 1<<19 {
		t.Errorf("the heap grew by %d bytes in %d steps", grown, steps)
	}
	if each := (totalAfter - total) / steps; each > 64<<10 {
		t.Errorf("a step allocates %d bytes", each)
	}
	if each := (objectsAfter - objects) / steps; each > 200 {
		t.Errorf("a step allocates %d times", each)
	}
}

// TestWritingWeightsTakesLittleMemory: what a checkpoint takes besides its tensors is
// the bytes of the largest one, not of all.
func TestWritingWeightsTakesLittleMemory(t *testing.T) {
	const tensors, numbers = 20, 1 << 16
	w := Weights{}
	for i := range tensors {
		w[string(rune('a'+i))] = Tensor{Shape: []int{numbers}, Data: make([]float32, numbers)}
	}
	path := filepath.Join(t.TempDir(), "checkpoint")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := SaveCheckpoint(path, "identity", 1, w); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 2*4*numbers {
		t.Errorf("%d bytes were allocated for tensors of %d bytes each", took, 4*numbers)
	}
}

// TestWritingWeightsRefusesWrongShape: numbers that do not fill their shape are no tensor.
func TestWritingWeightsRefusesWrongShape(t *testing.T) {
	for _, shape := range [][]int{{2, 2}, {7}, {-1, -3}, {0}} {
		w := Weights{"odd": {Shape: shape, Data: make([]float32, 3)}}
		if err := WriteWeights(io.Discard, w, nil); err == nil || !strings.Contains(err.Error(), "odd") {
			t.Errorf("shape %v: %v", shape, err)
		}
	}
}

package model

import (
	"math/rand/v2"
	"runtime"
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

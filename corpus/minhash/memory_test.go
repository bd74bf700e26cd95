package minhash

import (
	"encoding/binary"
	"runtime"
	"testing"
)

// All that the index ever asks for is at most 170 bytes an item, so that it can
// hold no more than that at once.
func TestIndexMemory(t *testing.T) {
	const items = 200_000
	p := Default()
	s := make(Signature, p.Values())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	x, err := NewIndex(p, true)
	if err != nil {
		t.Fatal(err)
	}
	for i := range items {
		var h Hash
		binary.BigEndian.PutUint64(h[:], mix(uint64(i+1)))
		for at := 0; at < len(s); at += 8 {
			binary.LittleEndian.PutUint64(s[at:], mix(uint64(i)<<8+uint64(at)))
		}
		if err := x.Add(h, s); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := x.Groups(t.Context()); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if perItem := float64(after.TotalAlloc-before.TotalAlloc) / items; perItem > 170 {
		t.Errorf("%.1f bytes an item", perItem)
	} else {
		t.Logf("%.1f bytes an item", perItem)
	}
}

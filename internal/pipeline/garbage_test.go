package pipeline

import (
	"runtime/debug"
	"testing"
)

func TestGarbage(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		live, index  int64
		before, want int
	}{
		{0, 0, 100, 100},
		{10 * mb, 0, 100, 100},         // never more than without
		{100 * mb, 100 * mb, 100, 16},  // nothing but the index: the least
		{200 * mb, 100 * mb, 100, 50},  // 100 of 200
		{200 * mb, 100 * mb, 50, 25},   // half of that
		{3200 * mb, 3200 * mb, 100, 1}, // it never stops
		{64 * mb, 100 * mb, 100, 25},   // the index has grown since the last collection
		{100 * mb, 100 * mb, 10, 10},
	} {
		if got := percentBeside(c.live, c.index, c.before); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	before := debug.SetGCPercent(80)
	defer debug.SetGCPercent(before)
	g := newGarbage()
	g.beside(1 << 40)
	g.restore()
	if now := debug.SetGCPercent(80); now != 80 {
		t.Errorf("the collector's percentage was left at %d", now)
	}
}

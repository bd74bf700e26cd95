package pipeline

import (
	"runtime/debug"
	"runtime/metrics"
)

// indexBytes is what preparation keeps for each document while it looks for
// copies, and keptBytes for each that stays afterwards.
const (
	indexBytes = 170
	keptBytes  = 60
)

// leastGarbage is what may always wait for collection.
const leastGarbage = 16 << 20

// garbage keeps what is not collected yet from growing with a large index. By
// itself the collector lets as much garbage pile up as there is memory in use,
// so that an index would cost twice what it takes.
type garbage struct{ before, now int }

// newGarbage takes the collector over until restore.
func newGarbage() *garbage {
	before := debug.SetGCPercent(100)
	debug.SetGCPercent(before)
	return &garbage{before: before, now: before}
}

// beside lets garbage pile up as if an index of so many bytes were not there. A
// collector that works harder (GOGC), or that is off, is left alone.
func (g *garbage) beside(index int64) {
	if g.before < 0 {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := int64(sample[0].Value.Uint64())
	percent := percentBeside(live, index, g.before)
	if difference := percent - g.now; difference*10 > g.now || -difference*10 > g.now {
		debug.SetGCPercent(percent)
		g.now = percent
	}
}

// percentBeside is the collector's percentage for live bytes of which an index
// takes so many.
func percentBeside(live, index int64, before int) int {
	if live <= 0 {
		return before
	}
	garbage := max((live-index)*int64(before)/100, leastGarbage)
	return min(before, max(1, int(100*garbage/live)))
}

func (g *garbage) restore() { debug.SetGCPercent(g.before) }

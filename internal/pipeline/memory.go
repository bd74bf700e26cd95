package pipeline

import (
	"runtime"
	"runtime/debug"
)

// spareMemory is what the training of vectors may take beside vectors and
// vocabulary: text that is kept as ids, batches, and what is yet to be collected.
const spareMemory = 128 << 20

// limitMemory lets the garbage collector work harder rather than have the
// process take more than what is in use now, so many bytes more, and some spare
// ones: by itself it would let twice as much be taken as is in use, which with
// vectors of a large vocabulary is gigabytes. A smaller limit (GOMEMLIMIT) stays.
// The function that it returns takes the limit back.
func limitMemory(bytes int64) (restore func()) {
	before := debug.SetMemoryLimit(-1)
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	inUse := int64(now.Sys - now.HeapIdle)
	debug.SetMemoryLimit(min(before, inUse+bytes+spareMemory))
	return func() { debug.SetMemoryLimit(before) }
}

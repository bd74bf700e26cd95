package beam

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
)

// What belongs together by a key, such as the copies of a content or the counts of a
// word, is sent by partition. A runner needs a kilobyte for a key and some hundred
// bytes for an element, which is more than most of ours hold; a partition has many
// keys, and comes in one element from each sender. Who gets it tells the keys apart.

// A partition is for so many bytes of files, some thousand documents.
const (
	partitionBytes  = 16 << 20
	fewestPartition = 16
	mostPartitions  = 1 << 16
)

// partitionsFor is the number of partitions for files of some bytes in all.
func partitionsFor(bytes int64) int {
	return int(min(max(bytes/partitionBytes, fewestPartition), mostPartitions))
}

// partitionOf is where a key belongs. It is the same on all workers.
func partitionOf[T ~string | ~[]byte](key T, partitions int) int64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	// The low bits of FNV alone are poor.
	n := h.Sum64()
	return int64((n ^ n>>32) % uint64(partitions))
}

// heldBytes bounds what a step keeps before it sends it.
const heldBytes = 8 << 20

// A batcher packs values that go to the same partition into one.
type batcher struct {
	held  map[int64][]byte
	bytes int
}

// add holds a value with its length in front, and sends all where there is much.
func (b *batcher) add(partition int64, value []byte, emit func(int64, []byte)) {
	if b.held == nil {
		b.held = map[int64][]byte{}
	}
	batch := binary.AppendUvarint(b.held[partition], uint64(len(value)))
	b.held[partition] = append(batch, value...)
	b.bytes += len(value)
	if b.bytes > heldBytes {
		b.flush(emit)
	}
}

// flush sends all that is held. It must be called at the end.
func (b *batcher) flush(emit func(int64, []byte)) {
	for _, partition := range slices.Sorted(maps.Keys(b.held)) {
		emit(partition, b.held[partition])
	}
	*b = batcher{}
}

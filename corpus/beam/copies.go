package beam

import (
	"bytes"
	"iter"
	"maps"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
	"wakong/corpus/minhash"
)

func init() {
	register.Function2x1(mergeCopies)
	register.Function2x1(mergeCopyTallies)
	beam.RegisterType(reflect.TypeFor[chooseFn]())
	beam.RegisterType(reflect.TypeFor[exactFn]())
	register.Emitter1[CopyTally]()
	register.Emitter2[int64, []byte]()
	register.Iter1[[]byte]()
}

// Contents are items by what they hold, copies brought together.
type contents map[minhash.Hash]Copies

func (c contents) add(item Copies) {
	if other, found := c[item.Best.Hash]; found {
		item = mergeCopies(other, item)
	}
	c[item.Best.Hash] = item
}

// inOrder are the contents by their hashes.
func (c contents) inOrder() iter.Seq[Copies] {
	return func(yield func(Copies) bool) {
		for _, h := range slices.SortedFunc(maps.Keys(c), func(a, b minhash.Hash) int { return bytes.Compare(a[:], b[:]) }) {
			if !yield(c[h]) {
				return
			}
		}
	}
}

// contentsOf are the contents of a partition.
func contentsOf(batches func(*[]byte) bool) (contents, error) {
	all := contents{}
	return all, eachIn(batches, unpackCopies, all.add)
}

// A comparer sends items to be compared. A content that comes a million times is
// sent once, or once for every mostHeld contents.
type comparer struct {
	partitions int
	held       contents
}

const mostHeld = 1 << 14

// add takes an item; one without content, a copy of none, it refuses.
func (c *comparer) add(i corpus.CopyItem, place Place, emit func(int64, []byte)) bool {
	if i.Hash == (minhash.Hash{}) {
		return false
	}
	if c.held == nil {
		c.held = contents{}
	}
	place.Hash, place.Characters = i.Hash, i.Characters
	c.held.add(Copies{Count: 1, Characters: int64(i.Characters), Best: place, Signature: i.Signature})
	if len(c.held) >= mostHeld {
		c.flush(emit)
	}
	return true
}

// flush sends what is held. It must be called at the end.
func (c *comparer) flush(emit func(int64, []byte)) {
	var b batcher
	for item := range c.held.inOrder() {
		b.add(partitionOf(item.Best.Hash[:], c.partitions), packCopies(item), emit)
	}
	b.flush(emit)
	c.held = nil
}

// mostRemoved is how many ids of removed copies a report shows, mostGroups of how
// many groups.
const (
	mostRemoved = corpus.MostRemovedIDs
	mostGroups  = corpus.MostCopyGroups
)

// mergeCopies makes one group of two. Beam calls it in any order.
func mergeCopies(a, b Copies) Copies {
	if b.Best.compare(a.Best) < 0 {
		a, b = b, a
	}
	a.Count += b.Count
	a.Characters += b.Characters
	removed := append(append([]string{b.Best.ID}, a.Removed...), b.Removed...)
	slices.Sort(removed)
	removed = slices.Compact(removed)
	a.Removed = removed[:min(mostRemoved, len(removed))]
	return a
}

// exactFn chooses of each content of a partition the item that stays.
type exactFn struct{}

func (*exactFn) ProcessElement(_ int64, batches func(*[]byte) bool, kept func(int64, Kept), tallies func(CopyTally)) error {
	all, err := contentsOf(batches)
	var sum CopyTally
	for c := range all.inOrder() {
		sum = choose(c, true, sum, kept)
	}
	tallies(sum)
	return err
}

// chooseFn chooses of each group of near copies the one that stays.
type chooseFn struct{}

func (*chooseFn) ProcessElement(_ []byte, c Copies, kept func(int64, Kept), tallies func(CopyTally)) {
	tallies(choose(c, false, CopyTally{}, kept))
}

// choose chooses the one that stays and counts the others. Exact tells that all have
// the same content, so that what goes is counted as exact copies here, and nowhere
// else.
func choose(c Copies, exact bool, sum CopyTally, kept func(int64, Kept)) CopyTally {
	kept(c.Best.Unit, Kept{c.Best.At, c.Best.Position})
	if c.Count == 1 {
		return sum
	}
	t := CopyTally{Removed: c.Count - 1, Characters: c.Characters - int64(c.Best.Characters), Groups: 1,
		Largest: []CopyGroup{{c.Count, c.Best, c.Removed}}}
	if exact {
		t.Exact = t.Removed
	}
	return mergeCopyTallies(sum, t)
}

// A CopyTally counts what was removed.
type CopyTally struct {
	Exact, Removed, Characters, Groups int64
	Largest                            []CopyGroup
}

// A CopyGroup is a group of at least two.
type CopyGroup struct {
	Size    int64
	Best    Place
	Removed []string
}

func (g CopyGroup) before(h CopyGroup) int {
	if g.Size != h.Size {
		if g.Size > h.Size {
			return -1
		}
		return 1
	}
	return g.Best.compare(h.Best)
}

func mergeCopyTallies(a, b CopyTally) CopyTally {
	a.Exact += b.Exact
	a.Removed += b.Removed
	a.Characters += b.Characters
	a.Groups += b.Groups
	largest := append(append([]CopyGroup{}, a.Largest...), b.Largest...)
	slices.SortFunc(largest, CopyGroup.before)
	a.Largest = largest[:min(mostGroups, len(largest))]
	return a
}

// report is what the local stage reports.
func (t CopyTally) report(compared Compared) corpus.CopyReport {
	r := corpus.CopyReport{Compared: compared.Items, Characters: compared.Characters, Exact: t.Exact, Near: t.Removed - t.Exact,
		CharactersRemoved: t.Characters, Groups: t.Groups}
	for _, g := range t.Largest {
		r.Largest = append(r.Largest, corpus.CopyGroup{Size: g.Size, Kept: g.Best.ID, Removed: append([]string{}, g.Removed...)})
	}
	return r
}

package beam

import (
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
	register.Emitter1[CopyTally]()
}

// giveItem gives out an item to be compared. One without content is a copy of none
// and stays.
func giveItem(i corpus.CopyItem, place Place, items func([]byte, Copies), kept func(int64, Kept)) {
	if i.Hash == (minhash.Hash{}) {
		kept(place.Unit, Kept{place.At, place.Position})
		return
	}
	place.Hash, place.Characters = i.Hash, i.Characters
	items(i.Hash[:], Copies{Count: 1, Characters: int64(i.Characters), Best: place, Signature: i.Signature})
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

// chooseFn chooses of each group the one that stays.
type chooseFn struct {
	// Exact tells that all of a group have the same content, so that what goes is
	// counted as exact copies here, and nowhere else.
	Exact bool
}

func (f *chooseFn) ProcessElement(_ []byte, c Copies, kept func(int64, Kept), tallies func(CopyTally)) {
	choose(c, f.Exact, kept, tallies)
}

func choose(c Copies, exact bool, kept func(int64, Kept), tallies func(CopyTally)) {
	kept(c.Best.Unit, Kept{c.Best.At, c.Best.Position})
	if c.Count == 1 {
		return
	}
	t := CopyTally{Removed: c.Count - 1, Characters: c.Characters - int64(c.Best.Characters), Groups: 1,
		Largest: []CopyGroup{{c.Count, c.Best, c.Removed}}}
	if exact {
		t.Exact = t.Removed
	}
	tallies(t)
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

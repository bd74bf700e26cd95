package corpus

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"wakong/corpus/minhash"
)

// A place is what an item is chosen by: of several copies the smallest stays.
type place struct {
	rank     int
	id       string
	position int // within the document
	hash     minhash.Hash
	item     int // where all else is the same, so is the content
}

func (p place) compare(q place) int {
	return cmp.Or(
		cmp.Compare(p.rank, q.rank),
		strings.Compare(p.id, q.id),
		cmp.Compare(p.position, q.position),
		bytes.Compare(p.hash[:], q.hash[:]),
		cmp.Compare(p.item, q.item),
	)
}

// A copyGroup is a group of at least two items while the one that stays is looked
// for.
type copyGroup struct {
	size int64
	best place
}

// choose finds the groups and tells which items stay.
func (c copies[T]) choose(index *minhash.Index, labels *spool[label]) (bitset, error) {
	components, exact, err := index.Groups(c.ctx)
	if err != nil {
		return nil, err
	}
	shared := newBitset(index.Len())
	for i := range index.Len() {
		if root := components.Find(i); root != i {
			shared.add(root)
			shared.add(i)
		}
	}
	groups := map[int]*copyGroup{}
	stays := newBitset(index.Len())
	err = c.places(index, labels, func(p place, _ int) {
		if !shared.has(p.item) {
			stays.add(p.item)
			return
		}
		root := components.Find(p.item)
		g := groups[root]
		if g == nil {
			g = &copyGroup{best: p}
			groups[root] = g
		}
		g.size++
		if p.compare(g.best) < 0 {
			g.best = p
		}
	})
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		stays.add(g.best.item)
	}
	return stays, c.summarise(index, labels, components, groups, stays, int64(exact))
}

// places calls f with each item and its number of characters.
func (c copies[T]) places(index *minhash.Index, labels *spool[label], f func(p place, characters int)) error {
	n := 0
	for l, err := range labels.all() {
		if err == nil {
			err = c.ctx.Err()
		}
		if err != nil {
			return err
		}
		for i, characters := range l.Characters {
			f(place{l.Rank, l.ID, i, index.Hash(n), n}, characters)
			n++
		}
	}
	return nil
}

// summarise fills the report.
func (c copies[T]) summarise(index *minhash.Index, labels *spool[label], components *minhash.Components, groups map[int]*copyGroup, stays bitset, exact int64) error {
	roots := slices.SortedFunc(maps.Keys(groups), func(a, b int) int {
		g, h := groups[a], groups[b]
		return cmp.Or(cmp.Compare(h.size, g.size), g.best.compare(h.best))
	})
	c.report.Groups = int64(len(roots))
	roots = roots[:min(len(roots), MostCopyGroups)]
	largest := make([]CopyGroup, len(roots))
	for i, root := range roots {
		largest[i] = CopyGroup{Size: groups[root].size, Kept: groups[root].best.id, Removed: []string{}}
	}
	removed := int64(0)
	err := c.places(index, labels, func(p place, characters int) {
		if stays.has(p.item) {
			return
		}
		removed++
		c.report.CharactersRemoved += int64(characters)
		if i := slices.Index(roots, components.Find(p.item)); i >= 0 {
			largest[i].addRemoved(p.id)
		}
	})
	c.report.Exact, c.report.Near = exact, removed-exact
	c.report.Largest = largest
	return err
}

// addRemoved enters the id of a copy that goes, if it is among the smallest.
func (g *CopyGroup) addRemoved(id string) {
	at, found := slices.BinarySearch(g.Removed, id)
	if found || at == MostRemovedIDs {
		return
	}
	g.Removed = slices.Insert(g.Removed, at, id)
	g.Removed = g.Removed[:min(len(g.Removed), MostRemovedIDs)]
}

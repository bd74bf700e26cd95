package corpus

import "sort"

// Offsets tell where the pieces of a cleaned text stood in the text before
// cleaning, through all steps. The zero value is that of a text that nothing
// has changed.
type Offsets struct{ layers [][]edge } // of each step that changed something

// Original gives the bytes of the original that became the bytes
// [start, end) of the cleaned text. What was removed at the edges of the piece
// is left out, and what was put in belongs to the change that it was put in
// with: a piece that covers a part of it has the whole of the change's bytes.
// Pieces that follow one another in the cleaned text do so in the original, and
// the whole cleaned text has at most the whole original.
func (o Offsets) Original(start, end int) (int, int) {
	for i := len(o.layers) - 1; i >= 0; i-- {
		start, end = originalRange(o.layers[i], start, end)
	}
	return start, end
}

// originalRange maps a range of the text after one step's changes to one of
// the text before them.
func originalRange(edges []edge, start, end int) (int, int) {
	empty := start == end
	// The last change that begins at or before the start.
	i := sort.Search(len(edges), func(i int) bool { return edges[i].newStart > start }) - 1
	from := start
	if i >= 0 {
		switch e := edges[i]; {
		case start < e.newEnd:
			from = e.oldStart
		default:
			from = e.oldEnd + start - e.newEnd
		}
	}
	if empty {
		return from, from
	}
	// The last change that begins before the end.
	i = sort.Search(len(edges), func(i int) bool { return edges[i].newStart >= end }) - 1
	to := end
	if i >= 0 {
		switch e := edges[i]; {
		case end <= e.newEnd:
			to = e.oldEnd
		default:
			to = e.oldEnd + end - e.newEnd
		}
	}
	return from, max(from, to)
}

// cleaned maps a place in the original to one in the cleaned text. A place
// inside of a change goes to its end, so that what was put in stays with what
// stood at its beginning.
func (o Offsets) cleaned(at int) int {
	for _, edges := range o.layers {
		i := sort.Search(len(edges), func(i int) bool { return edges[i].oldStart >= at }) - 1
		if i+1 < len(edges) && edges[i+1].oldEnd == at {
			i++ // put in right here: it belongs to what stands before
		}
		if i < 0 {
			continue
		}
		if e := edges[i]; at < e.oldEnd {
			at = e.newEnd
		} else {
			at = e.newEnd + at - e.oldEnd
		}
	}
	return at
}

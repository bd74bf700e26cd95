package reader

// A candidate has a key of each kind, and which of them a blank sees depends on
// how much the key may have seen: keys on the left read from the left up to
// some place before the blank, those on the right from the right.
//
// A near key has seen ahead words beyond its own; a far key, which stands in
// another sentence than the blank, has seen the rest of its sentence, too.
const (
	nearLeft = iota
	nearRight
	farLeft
	farRight
	kinds
)

var kindNames = [kinds]string{"left", "right", "far_left", "far_right"}

// kindStates is the number of states that a key of a kind is made of.
func kindStates(kind int) int {
	if kind < farLeft {
		return 2
	}
	return 3
}

const (
	// ahead is how far beyond its own place a near key sees; see Gap.
	ahead = Gap - 1
	// farAhead bounds how far beyond its own place a far key sees.
	farAhead = 40
)

// kind is that of the key at a position which the blank sees.
func (p *passage) kind(blank, key int32) int {
	switch {
	case key < blank && p.lastSeen(key) < blank:
		return farLeft
	case key < blank:
		return nearLeft
	case key > blank && p.firstSeen(key) > blank:
		return farRight
	}
	return nearRight
}

// lastSeen is the last position that a far key on the left has seen.
func (p *passage) lastSeen(key int32) int32 {
	return min(int32(len(p.words))-1, max(key+ahead, min(p.ends[p.sentence[key]]-1, key+farAhead)))
}

// firstSeen is the first position that a far key on the right has seen.
func (p *passage) firstSeen(key int32) int32 {
	start := int32(0)
	if s := p.sentence[key]; s > 0 {
		start = p.ends[s-1]
	}
	return max(0, min(key-ahead, max(start, key-farAhead)))
}

// states are the positions whose states a key of a kind is made of.
func (p *passage) states(kind int, key int32) []int32 {
	last := int32(len(p.words)) - 1
	all := [3]int32{key, min(last, key+ahead)}
	if kind%2 == 1 {
		all[1] = max(0, key-ahead)
	}
	switch kind {
	case farLeft:
		all[2] = p.lastSeen(key)
	case farRight:
		all[2] = p.firstSeen(key)
	}
	return all[:kindStates(kind)]
}

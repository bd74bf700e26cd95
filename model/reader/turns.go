package reader

// Features of whose turn it is. Of the words that speak, of those with which a
// clause begins, and of all candidates, the last before the blank and the first
// after it are counted.
const (
	turnFeatures = collocationEnd
	turnValues   = (turnsBefore + 1) * (turnsAfter + 1)
	featureCount = turnFeatures + turnKinds*turnValues
)

// Before the blank a word is none of those counted (0), the last, last but one, third
// or fourth and more; after it none, the first, second, or third and more.
const (
	turnsBefore = 4
	turnsAfter  = 3
)

// What words are counted.
const (
	speakers = iota // a verb of speech follows
	begins          // a mark stands before, and none, nor 的, behind
	stands
	turnKinds
)

// turnFeature is the first feature of a kind.
func turnFeature(kind int) int { return turnFeatures + kind*turnValues }

// takesTurn tells whether the word at a position is counted.
func (c *inCommon) takesTurn(kind int, at int32) bool {
	switch kind {
	case speakers:
		return at+1 != c.at && c.speaksAt(at) // the blank itself is hidden
	case begins:
		next := c.passage.at(at + 1)
		return c.lexicon.is(c.passage.at(at-1), isMark) && !c.lexicon.is(next, isMark) && !c.lexicon.is(next, attributive)
	}
	return true
}

// turnPairs writes the features of all candidates to f, the pairs'.
func (c *inCommon) turnPairs(f []uint16) {
	type rank [turnKinds][2]uint16
	ranks := make([]rank, len(c.keys)) // by the first key of each word
	count := func(j int, side int, most uint16, counted *[turnKinds]uint16) {
		for kind := range turnKinds {
			if r := &ranks[c.same[j]][kind][side]; *r == 0 && c.takesTurn(kind, c.keys[j]) {
				counted[kind]++
				*r = min(most, counted[kind])
			}
		}
	}
	var before, after [turnKinds]uint16
	for j := len(c.keys) - 1; j >= 0; j-- {
		if c.keys[j] < c.at {
			count(j, 0, turnsBefore, &before)
		}
	}
	for j, key := range c.keys {
		if key > c.at {
			count(j, 1, turnsAfter, &after)
		}
	}
	for j := range c.keys {
		for kind, r := range ranks[c.same[j]] {
			f[j*groupWidth+turnsAt+kind] = uint16(turnFeature(kind)) + r[0]*(turnsAfter+1) + r[1]
		}
	}
}

package reader

import "slices"

// Features of how often a candidate stands where the blank does; see collocations.go.
const (
	collocationFeatures = contentEnd
	collocationValues   = 14 // see collocate
	collocationEnd      = collocationFeatures + countings*collocationValues
)

const (
	collocationUnknown = 12 // one of the two is unknown, or ends in a rare character
	collocationNone    = 13 // no word stands so to the blank
)

// collocationFeature is the first feature of a counting.
func collocationFeature(counting int) int { return collocationFeatures + counting*collocationValues }

// chance is how often a word would stand in a relation to a candidate if one had
// nothing to do with the other. Both are ids or characters, by the unit.
func (l *Lexicon) chance(u unit, word, candidate int32) float64 {
	count := func(id int32) float64 { return float64(l.Vocabulary.Count(id)) }
	switch u {
	case wordWord:
		return count(word) * count(candidate) / l.total
	case wordLetter:
		return count(word) * l.endings[1][candidate] / l.total
	}
	return l.endings[0][word] * l.endings[1][candidate] / l.total
}

// collocate ranges in how many texts a word stands in a relation to a candidate, as
// against by chance: 0 to 3 by how many times as often as by chance, 4 to 7 the same with
// four texts and more; 8 to 11 if it does not, by how often it would by chance.
func collocate(texts uint16, chance float64) uint16 {
	if texts == 0 {
		return 8 + above(chance, 0.1, 0.5, 2)
	}
	value := above(float64(texts)/chance, 1, 4, 16)
	if texts >= 4 {
		value += 4
	}
	return value
}

// above counts the limits that x exceeds.
func above(x float64, limits ...float64) (n uint16) {
	for _, limit := range limits {
		if x > limit {
			n++
		}
	}
	return n
}

// texts counts those of a collocation, the passage's own text apart.
func (c *inCommon) texts(pair collocation) uint16 {
	count := c.lexicon.collocations.count(pair)
	if count > 0 && c.text > 0 {
		if _, own := slices.BinarySearch(c.lexicon.own[c.text-1], pair); own {
			count--
		}
	}
	if count < leastTexts {
		return 0
	}
	return count
}

// collocationPairs writes the features of all candidates to f, the pairs'.
func (c *inCommon) collocationPairs(f []uint16) {
	l := c.lexicon
	words := l.related(c.words, c.at)
	var terms [relations]term
	for relation, word := range words {
		if word >= 0 {
			terms[relation] = l.term(c.passage, word, c.known)
		}
	}
	for j, key := range c.keys {
		of := f[j*groupWidth+collocationsAt:][:countings]
		if first := int(c.same[j]); first < j {
			copy(of, f[first*groupWidth+collocationsAt:])
			continue
		}
		candidate := l.term(c.passage, c.words[key], c.known)
		for u := range units {
			for relation, word := range words {
				counting, value := countingOf(u, relation), uint16(collocationUnknown)
				if word < 0 {
					value = collocationNone
				} else if a, b := u.pair(terms[relation], candidate); a > 0 && b > 0 {
					value = collocate(c.texts(collocationOf(counting, a, b)), l.chance(u, a, b))
				}
				of[counting] = uint16(collocationFeature(counting)) + value
			}
		}
	}
}

package reader

import (
	"fmt"
	"maps"
	"slices"

	"wakong/model"
)

// A candidate's collocations say how often it stands where the blank does, beside
// the words that stand there, in the texts that were trained on.
const (
	collocationFeatures = contentEnd
	collocationValues   = 14 // see Lexicon.collocate
	collocationEnd      = collocationFeatures + relations*collocationValues
)

// relations are how a word stands to a candidate. Even ones are to its left.
const (
	adjacent      = 0 // next to it, whatever it is
	nearestWord   = 2 // the nearest content word
	secondNearest = 4 // the content word behind that
	relations     = 6
)

// collocationFeature is the first feature of a relation.
func collocationFeature(relation int) int { return collocationFeatures + relation*collocationValues }

// leastTexts is in how many texts two words stand so, or it is taken for chance.
const leastTexts = 2

// collocations count the texts in which a word stands in a relation to a
// candidate.
type collocations map[collocation]uint16

// A collocation is a relation, a word, and a candidate, in this order of
// significance.
type collocation uint64

const collocationBits = 29 // of an id

func collocationOf(relation int, word, candidate int32) collocation {
	return collocation(relation)<<(2*collocationBits) | collocation(word)<<collocationBits | collocation(candidate)
}

func (c collocation) split() (relation int, word, candidate int32) {
	const id = 1<<collocationBits - 1
	return int(c >> (2 * collocationBits)), int32(c >> collocationBits & id), int32(c & id)
}

// related finds the words that stand in each relation to a place, within its
// sentence; -1 stands for none. The most frequent content words (说, 有) count here:
// what they go with is telling, though that they stand at two places is not.
func (l *Lexicon) related(words []int32, at int32) (found [relations]int32) {
	for i := range found {
		found[i] = -1
	}
	for side, step := range []int32{-1, 1} {
		relation := nearestWord
		for i := at + step; relation < relations && i >= 0 && int(i) < len(words) && (i-at)*step <= contentReach && !l.endsAt(words[i]); i += step {
			id := words[i]
			if i == at+step {
				found[adjacent+side] = id
			}
			if id != 0 && !l.is(id, isMark|functionWord) {
				found[relation+side] = id
				relation += 2
			}
		}
	}
	return found
}

// collocationsIn lists those of a text, each once, in their order.
func (n *Network[T]) collocationsIn(words []int32) []collocation {
	var all []collocation
	for at, w := range words {
		if !n.known.has(w) || !n.lexicon.candidate[w] {
			continue
		}
		for relation, word := range n.lexicon.related(words, int32(at)) {
			if n.known.has(word) {
				all = append(all, collocationOf(relation, word, w))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// setCollocations counts the texts' collocations. Each text's own are kept, to be
// left aside when its passages are trained on.
func (n *Network[T]) setCollocations(texts []model.Example) {
	counts := collocations{}
	n.lexicon.own = make([][]collocation, len(texts))
	for i, text := range texts {
		n.lexicon.own[i] = n.collocationsIn(text.Left)
		for _, c := range n.lexicon.own[i] {
			counts[c] = min(counts[c], mostTexts-1) + 1
		}
	}
	n.lexicon.collocations = collocations{}
	for c, count := range counts {
		if count >= leastTexts {
			n.lexicon.collocations[c] = count
		}
	}
	// Only of what is kept is there a need to know whose it is.
	chance := func(c collocation) bool { return counts[c] < leastTexts }
	for i, own := range n.lexicon.own {
		n.lexicon.own[i] = slices.Clone(slices.DeleteFunc(own, chance))
	}
}

// mostTexts is the most that is counted.
const mostTexts = 1<<16 - 1

// collocate ranges how often a word stands in a relation to a candidate, in count
// texts: 0 to 3 by how many times as often as by chance, 4 to 7 the same with
// four texts and more; 8 to 11 if it does not, by how often it would by chance.
func (l *Lexicon) collocate(count uint16, word, candidate int32) uint16 {
	v := l.Vocabulary
	chance := float64(v.Count(word)) * float64(v.Count(candidate)) / l.total
	if count == 0 {
		return 8 + above(chance, 0.1, 0.5, 2)
	}
	value := above(float64(count)/chance, 1, 4, 16)
	if count >= 4 {
		value += 4
	}
	return value
}

const (
	collocationUnknown = 12 // one of the two is unknown
	collocationNone    = 13 // no word stands so to the blank
)

// above counts the limits that x exceeds.
func above(x float64, limits ...float64) (n uint16) {
	for _, limit := range limits {
		if x > limit {
			n++
		}
	}
	return n
}

// collocationPairs writes the features of all candidates to f, the pairs'.
func (c *inCommon) collocationPairs(f []uint16) {
	l := c.lexicon
	words := l.related(c.words, c.at)
	var own []collocation
	if c.text > 0 {
		own = l.own[c.text-1]
	}
	for j, key := range c.keys {
		of := f[j*groupWidth+collocationsAt:][:relations]
		if first := int(c.same[j]); first < j {
			copy(of, f[first*groupWidth+collocationsAt:])
			continue
		}
		for relation, word := range words {
			value, candidate := uint16(collocationUnknown), c.words[key]
			switch {
			case word < 0:
				value = collocationNone
			case c.known.has(word) && c.known.has(candidate):
				pair := collocationOf(relation, word, candidate)
				count := l.collocations[pair]
				if count > 0 {
					if _, here := slices.BinarySearch(own, pair); here {
						count--
					}
				}
				if count < leastTexts {
					count = 0
				}
				value = l.collocate(count, word, candidate)
			}
			of[relation] = uint16(collocationFeature(relation)) + value
		}
	}
}

// collocationsTensor are the collocations in rows of relation, word, candidate and
// count.
func (l *Lexicon) collocationsTensor() model.Tensor {
	t := model.Tensor{Shape: []int{len(l.collocations), collocationColumns}}
	for _, row := range l.collocationRows() {
		for _, x := range row {
			t.Data = append(t.Data, float32(x))
		}
	}
	return t
}

const collocationColumns = 4

func (l *Lexicon) collocationRows() [][collocationColumns]int32 {
	rows := make([][collocationColumns]int32, 0, len(l.collocations))
	for _, pair := range slices.Sorted(maps.Keys(l.collocations)) {
		relation, word, candidate := pair.split()
		rows = append(rows, [...]int32{int32(relation), word, candidate, int32(l.collocations[pair])})
	}
	return rows
}

// checkCollocations reports numbers that [Network.SetWeights] would refuse.
func (n *Network[T]) checkCollocations(t model.Tensor) error {
	limits := [collocationColumns]int{relations, n.vocabulary, n.vocabulary, mostTexts + 1}
	for i, x := range t.Data {
		if limit := limits[i%collocationColumns]; !(x >= 0 && x < float32(limit)) || x != float32(int32(x)) {
			return fmt.Errorf("reader: row %d of the weights' \"collocations\" has %g in column %d, expected a whole number from 0 to %d", i/collocationColumns+1, x, i%collocationColumns+1, limit-1)
		}
	}
	return nil
}

func (l *Lexicon) loadCollocations(t model.Tensor) {
	l.collocations = make(collocations, len(t.Data)/collocationColumns)
	for i := 0; i < len(t.Data); i += collocationColumns {
		row := t.Data[i:][:collocationColumns]
		l.collocations[collocationOf(int(row[0]), int32(row[1]), int32(row[2]))] = uint16(row[3])
	}
	l.own = nil
}

package reader

import "math/bits"

// Words around a blank and around a candidate that are looked at for what they
// have in common.
const (
	aroundBlank     = 10
	aroundCandidate = 5
)

// inCommon measures what the surroundings of a passage's blanks and candidates
// have in common, in bits of information: a word weighs the more the rarer it
// is in all texts.
type inCommon struct {
	*passage
	lexicon *Lexicon
	known   knownWords
	keys    []int32
	weight  []float32   // [words] of the word at each position
	rank    []uint16    // [keys] range of frequency
	letter  []uint16    // [keys] length, up to 3
	first   [2][]uint16 // [keys] where the word stands first, and where it does without its first place
	place   []int32     // [keys] its first place
	same    []int32     // [keys] the key before that holds the same word, or itself
	starts  []int32     // [sentences + 1]

	// Of one blank.
	at               int32
	window, sentence []float32 // [words + 1] sums of the weights of what stands near the blank, and in its sentence
	best             []float32 // [keys] by the first key of each word
	near             map[int32]bool

	quote    []int32  // [words] number of the quotation, 0 outside
	marks    []uint16 // [keys]
	speaking []int32  // [keys] places of a word that speak, by its first key
	types    types

	letters       []rune        // of all words
	begins        []int32       // [words + 1] where each word begins among them
	contentWord   []bool        // [words]
	beside        [][2]contents // [keys] to the left and right
	contentLevels [][5]uint16   // [keys]
	contentMost   [][5]uint16   // [keys] by the first key of each word
}

// weigh prepares a passage's words.
func (l *Lexicon) weigh(p *passage, keys []int32, known knownWords) *inCommon {
	c := &inCommon{
		passage: p, lexicon: l, known: known, keys: keys, weight: make([]float32, len(p.words)), rank: make([]uint16, len(keys)), letter: make([]uint16, len(keys)),
		first: [2][]uint16{make([]uint16, len(keys)), make([]uint16, len(keys))}, place: make([]int32, len(keys)), same: sameWords(p, keys), window: make([]float32, len(p.words)+1),
		sentence: make([]float32, len(p.words)+1), best: make([]float32, len(keys)), near: map[int32]bool{},
	}
	for i, id := range p.words {
		c.weight[i] = l.information(id, known)
		if i == 0 || p.sentence[i] != p.sentence[i-1] {
			c.starts = append(c.starts, int32(i))
		}
	}
	c.starts = append(c.starts, int32(len(p.words)))
	places := map[int32][2]int32{}
	for i, id := range p.words {
		switch two, ok := places[id]; {
		case !ok:
			places[id] = [2]int32{int32(i), int32(i)}
		case two[0] == two[1]:
			places[id] = [2]int32{two[0], int32(i)}
		}
	}
	for j, key := range keys {
		id := p.words[key]
		c.rank[j] = frequency(id, known)
		c.letter[j] = uint16(min(3, len([]rune(l.word(p, id))))) - 1
		c.place[j] = places[id][0]
		for k, at := range places[id] {
			c.first[k][j] = uint16(min(2, (p.sentence[at]+3)/4))
		}
	}
	c.mark()
	c.spell()
	return c
}

// information is a word's weight: 0 for marks, else up to 8 bits.
func (l *Lexicon) information(id int32, known knownWords) float32 {
	switch {
	case id == 0 || l.is(id, isMark):
		return 0
	case !known.has(id):
		return 8
	}
	// Ids are ranks of frequency, which is about the inverse of the rank.
	return float32(min(8, max(0, bits.Len(uint(id))-4)))
}

// frequency is a word's range of frequency, 0 to 5, or 6 for unknown words. In
// training these are the words of one text alone, as they would be unknown had
// the text not been there.
func frequency(id int32, known knownWords) uint16 {
	if !known.has(id) {
		return 6
	}
	return uint16(min(5, max(0, bits.Len(uint(id))/2-3)))
}

// blank looks at the surroundings of a blank.
func (c *inCommon) blank(at int32) {
	c.at = at
	n := int32(len(c.words))
	c.sum(c.window, max(0, at-aroundBlank), min(n, at+aroundBlank+1))
	s := c.passage.sentence[at]
	c.sum(c.sentence, c.starts[s], c.starts[s+1])
	for j := range c.best {
		c.best[j] = -1
	}
	for j, key := range c.keys {
		if !tooNear(at, key) {
			c.best[c.same[j]] = max(c.best[c.same[j]], c.around(key))
		}
	}
}

// sum sums up the weights of the passage's words that stand among the words
// from..to, the blank's apart, too.
func (c *inCommon) sum(to []float32, from, until int32) {
	clear(c.near)
	for i := from; i < until; i++ {
		if i != c.at {
			c.near[c.words[i]] = true
		}
	}
	for i, id := range c.words {
		to[i+1] = to[i]
		if int32(i) != c.at && c.weight[i] > 0 && c.near[id] {
			to[i+1] += c.weight[i]
		}
	}
}

// around is what the words around a candidate share with those around the blank.
func (c *inCommon) around(key int32) float32 {
	n := int32(len(c.words))
	return c.window[min(n, key+aroundCandidate+1)] - c.window[max(0, key-aroundCandidate)] - (c.window[key+1] - c.window[key])
}

func (c *inCommon) pair(f []uint16, j int, key int32, counts map[int32]int) {
	id := c.words[key]
	count := counts[id]
	if id == c.words[c.at] {
		count--
	}
	s := c.passage.sentence[key]
	clause := 0
	if s != c.passage.sentence[c.at] {
		shared := c.sentence[c.starts[s+1]] - c.sentence[c.starts[s]] - (c.sentence[key+1] - c.sentence[key])
		clause = shareRange(shared)
	}
	f[0] = windowFeatures + uint16(shareRange(c.around(key)))
	f[1] = clauseFeatures + uint16(clause)
	f[2] = typeFeatures + uint16(shareRange(c.best[c.same[j]]))
	f[3] = rankFeatures + c.rank[j]*5 + uint16(min(4, bits.Len(uint(max(0, count)))))
	first := c.first[0][j]
	if c.place[j] == c.at {
		first = c.first[1][j]
	}
	f[4] = firstFeatures + first*3 + c.letter[j]
}

func shareRange(shared float32) int {
	switch {
	case shared <= 0:
		return 0
	case shared <= 3:
		return 1
	case shared <= 6:
		return 2
	case shared <= 9:
		return 3
	case shared <= 13:
		return 4
	case shared <= 18:
		return 5
	case shared <= 26:
		return 6
	}
	return 7
}

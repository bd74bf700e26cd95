package reader

// Features of the content words beside a blank and a candidate, whatever function
// words stand between, and of the characters beside them, whichever words these
// make: 设下[陷阱] and 设下的陷阱, 叹什么[气] and 叹了一口气.
const (
	contentLeft                         = speechFeatures + 2 // what the content words to the left have in common; see inCommon.content
	contentRight                        = contentLeft + 8    // those to the right
	contentAcross                       = contentRight + 8   // one's to the left, the other's to the right
	contentTypeLeft                     = contentAcross + 8  // the most of the same of all places of the word
	contentTypeRight, contentTypeAcross = contentTypeLeft + 8, contentTypeLeft + 16

	lettersLeft      = contentTypeAcross + 8 // so many characters to the left are the same: 0 to 5
	lettersRight     = lettersLeft + 6       // to the right
	lettersTypeLeft  = lettersRight + 6      // the most of all places of the word
	lettersTypeRight = lettersTypeLeft + 6
	contentEnd       = lettersTypeRight + 6
)

const (
	contentWords  = 2 // that are compared on each side
	contentReach  = 6 // words, how far off they may stand
	lettersReach  = 5 // characters that are compared on each side
	contentGroups = 10
)

// contents are the positions of content words on one side of a place, the nearest
// first; -1 stands for none. There is one to spare, which may be the blank.
type contents [contentWords + 1]int32

// contents looks for the content words on the side of a place to which step
// leads, within its sentence.
func (c *inCommon) contents(at, step int32) contents {
	found, n := contents{-1, -1, -1}, 0
	for i := at + step; n < len(found) && i >= 0 && int(i) < len(c.words) && (i-at)*step <= contentReach && c.passage.sentence[i] == c.passage.sentence[at]; i += step {
		if c.contentWord[i] {
			found[n] = i
			n++
		}
	}
	return found
}

// without leaves the blank out.
func (s contents) without(blank int32) contents {
	for i, at := range s {
		if at == blank {
			copy(s[i:], s[i+1:])
			s[contentWords] = -1
			break
		}
	}
	return s
}

// content tells what content words beside two places have in common: 0 for
// nothing; 4 to 6 if the nearest are the same, the more the rarer it is; 1 to 3
// if another pair is; 7 if the nearest are and so are the next, on the same side.
func (c *inCommon) content(a, b contents, sameSide bool) (level uint16) {
	for i, at := range a[:contentWords] {
		for j, other := range b[:contentWords] {
			if at < 0 || other < 0 || at == other || c.words[at] != c.words[other] {
				continue
			}
			l := uint16(1)
			switch w := c.weight[at]; {
			case w > 5:
				l = 3
			case w > 2:
				l = 2
			}
			switch {
			case i == 0 && j == 0:
				l += 3
			case i == 1 && j == 1 && level > 3 && sameSide:
				l = 7
			}
			level = max(level, l)
		}
	}
	return level
}

// spell lists the passage's characters, with which content words are found.
func (c *inCommon) spell() {
	n := len(c.words)
	c.begins, c.contentWord = make([]int32, n+1), make([]bool, n)
	for i, id := range c.words {
		c.letters = append(c.letters, []rune(c.lexicon.word(c.passage, id))...)
		c.begins[i+1] = int32(len(c.letters))
		c.contentWord[i] = c.weight[i] > 0 && !c.lexicon.is(id, functionWord)
	}
	c.beside = make([][2]contents, len(c.keys))
	for j, key := range c.keys {
		c.beside[j] = [2]contents{c.contents(key, -1), c.contents(key, 1)}
	}
}

// lettersBefore counts how many characters before the blank and before the
// candidate at key are the same.
func (c *inCommon) lettersBefore(key int32) (n uint16) {
	from, to := int32(0), c.begins[c.at]
	if key > c.at {
		from = c.begins[c.at+1]
	}
	for other := c.begins[key]; n < lettersReach && to > 0 && other > from && c.letters[to-1] == c.letters[other-1]; n++ {
		to, other = to-1, other-1
	}
	return n
}

// lettersAfter counts those behind them.
func (c *inCommon) lettersAfter(key int32) (n uint16) {
	end := int32(len(c.letters))
	at, until := c.begins[c.at+1], end
	if key < c.at {
		until = c.begins[c.at]
	}
	for other := c.begins[key+1]; n < lettersReach && at < end && other < until && c.letters[at] == c.letters[other]; n++ {
		at, other = at+1, other+1
	}
	return n
}

// contentPairs writes the features of all candidates to f, the pairs'.
func (c *inCommon) contentPairs(f []uint16) {
	left, right := c.contents(c.at, -1), c.contents(c.at, 1)
	c.contentMost = grow(c.contentMost, len(c.keys))
	clear(c.contentMost)
	levels := grow(c.contentLevels, len(c.keys))
	c.contentLevels = levels
	for j, key := range c.keys {
		l, r := c.beside[j][0].without(c.at), c.beside[j][1].without(c.at)
		levels[j] = [5]uint16{
			c.content(left, l, true), c.content(right, r, true), max(c.content(left, r, false), c.content(right, l, false)),
			c.lettersBefore(key), c.lettersAfter(key),
		}
		if !tooNear(c.at, key) {
			most := &c.contentMost[c.same[j]]
			for k, level := range levels[j] {
				most[k] = max(most[k], level)
			}
		}
	}
	for j := range c.keys {
		v, most := levels[j], c.contentMost[c.same[j]]
		copy(f[j*groupWidth+contentAt:], []uint16{
			contentLeft + v[0], contentRight + v[1], contentAcross + v[2],
			contentTypeLeft + most[0], contentTypeRight + most[1], contentTypeAcross + most[2],
			lettersLeft + v[3], lettersRight + v[4], lettersTypeLeft + most[3], lettersTypeRight + most[4],
		})
	}
}

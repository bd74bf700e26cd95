package reader

import (
	"math/bits"
	"strings"
)

// Features of a candidate's word, wherever it stands, and of where the
// candidate stands in its sentence.
const (
	sentencesApart = commonFeatures      // sentences between the two: left and right, 0 to 4 and more
	typeLeft       = sentencesApart + 10 // the most that a place of the word has in common with the blank to its left, as in leftFeatures
	typeRight      = typeLeft + 7        // to its right
	nearestLeft    = typeRight + 7       // sentences to the word's last place before the blank, 0 to 5 and more, or none
	nearestRight   = nearestLeft + 7     // to its first after the blank
	sidesFeatures  = nearestRight + 7    // how often it stands before and after the blank: 0, 1, 2 to 3, more
	quoteFeatures  = sidesFeatures + 16  // the candidate stands outside of quotations, in the blank's, in another
	marksFeatures  = quoteFeatures + 3   // a mark stands before the candidate, behind it
	speechFeatures = marksFeatures + 4   // the word speaks somewhere: a verb of speech follows it
)

// types holds what the places of one word have in common, for one blank. Words
// go by the first key that holds them.
type types struct {
	left, right           []uint16 // [keys] the most in common to the left and right
	before, after         []int32  // [keys] sentences to the nearest place, -1 if there is none
	countLeft, countRight []uint16
}

func (t *types) reset(keys int) {
	t.left, t.right = grow(t.left, keys), grow(t.right, keys)
	t.before, t.after = grow(t.before, keys), grow(t.after, keys)
	t.countLeft, t.countRight = grow(t.countLeft, keys), grow(t.countRight, keys)
	clear(t.left)
	clear(t.right)
	clear(t.countLeft)
	clear(t.countRight)
	for j := range keys {
		t.before[j], t.after[j] = -1, -1
	}
}

// gather takes all places of the candidates' words; f are the blank's pairs'
// features.
func (c *inCommon) gather(f []uint16) {
	t := &c.types
	t.reset(len(c.keys))
	for j, key := range c.keys {
		of := c.same[j]
		apart := c.passage.sentence[key] - c.passage.sentence[c.at]
		switch {
		case key < c.at:
			t.before[of] = -apart
			t.countLeft[of] = min(t.countLeft[of], 254) + 1
		case key > c.at:
			if t.after[of] < 0 {
				t.after[of] = apart
			}
			t.countRight[of] = min(t.countRight[of], 254) + 1
		}
		if !tooNear(c.at, key) {
			t.left[of] = max(t.left[of], f[j*groupWidth+3]-leftFeatures)
			t.right[of] = max(t.right[of], f[j*groupWidth+4]-rightFeatures)
		}
	}
}

// typePair writes the features of the candidate number j.
func (c *inCommon) typePair(f []uint16, j int) {
	t, of, key := &c.types, c.same[j], c.keys[j]
	apart, side := c.passage.sentence[c.at]-c.passage.sentence[key], int32(0)
	if key > c.at {
		apart, side = -apart, 1
	}
	f[0] = sentencesApart + uint16(side*5+min(4, apart))
	f[1] = typeLeft + t.left[of]
	f[2] = typeRight + t.right[of]
	f[3] = nearestLeft + nearestRange(t.before[of])
	f[4] = nearestRight + nearestRange(t.after[of])
	f[5] = sidesFeatures + few(t.countLeft[of])*4 + few(t.countRight[of])
	f[6] = quoteFeatures
	if q := c.quote[key]; q > 0 {
		f[6]++
		if q != c.quote[c.at] {
			f[6]++
		}
	}
	f[7] = marksFeatures + c.marks[j]
	f[8] = speechFeatures
	speaking := c.speaking[of]
	if c.words[key] == c.words[c.at] && c.speaksAt(c.at) {
		speaking-- // the blank's own place is hidden
	}
	if c.words[key] == c.passage.at(c.at-1) && c.speaksAt(c.at-1) {
		speaking-- // and so is that it speaks itself
	}
	if speaking > 0 {
		f[8]++
	}
}

func few(n uint16) uint16 { return uint16(min(3, bits.Len16(n))) }

// nearestRange is 0 to 5 for that many sentences or more, 6 for none.
func nearestRange(apart int32) uint16 {
	if apart < 0 {
		return 6
	}
	return uint16(min(5, apart))
}

// mark finds the passage's quotations, the marks beside candidates, and the
// words that speak.
func (c *inCommon) mark() {
	l := c.lexicon
	c.quote = make([]int32, len(c.words))
	number, open := int32(0), false
	for i, id := range c.words {
		switch {
		case l.is(id, opens):
			number, open = number+1, true
		case l.is(id, closes):
			open = false
		case open:
			c.quote[i] = number
		}
	}
	c.marks, c.speaking = make([]uint16, len(c.keys)), make([]int32, len(c.keys))
	for j, key := range c.keys {
		if l.is(c.passage.at(key-1), isMark) {
			c.marks[j]++
		}
		if l.is(c.passage.at(key+1), isMark) {
			c.marks[j] += 2
		}
		if c.speaksAt(key) {
			c.speaking[c.same[j]]++
		}
	}
}

// speaksAt tells whether a verb of speech follows a place.
func (c *inCommon) speaksAt(at int32) bool { return c.lexicon.is(c.passage.at(at+1), speech) }

// What a word can be besides a candidate.
const (
	isMark = 1 << iota
	opens
	closes
	speech
	attributive // 的
	measure     // counts things, as 只 and 一只 do
	neverNoun   // a place, a number, a measure word, a particle
	verb
	functionWord // is no content word: a particle, a pronoun, an adverb, a number
)

// is tells what a word is; positions outside of a passage (-1) are marks.
func (l *Lexicon) is(id int32, what uint16) bool {
	if id < 0 {
		return what == isMark
	}
	return int(id) < len(l.roles) && l.roles[id]&what != 0
}

// roleOf is what a word is besides a candidate, by itself.
func roleOf(word string) (role uint16) {
	if _, letters := chinese(word); !letters {
		role = isMark
	}
	switch word {
	case "“", "「", "『":
		role |= opens
	case "”", "」", "』":
		role |= closes
	case "的":
		role |= attributive
	case "说", "道", "问", "喊", "叫", "答", "嚷", "想", "说道", "问道", "回答", "喊道", "叫道", "答道", "告诉", "回答说", "大声", "笑":
		role |= speech
	}
	return role
}

// roleByTag is what a word is by its part of speech.
func roleByTag(word, tag string) (role uint16) {
	if tag == "" {
		return 0
	}
	if strings.ContainsRune("fmquy", rune(tag[0])) {
		role |= neverNoun
	}
	if strings.ContainsRune("udpcrmqfye", rune(tag[0])) {
		role |= functionWord
	}
	switch {
	case tag[0] == 'v':
		role |= verb
	case tag[0] == 'q', tag[0] == 'm' && len([]rune(word)) > 1:
		role |= measure
	}
	return role
}

// functionWords tells of each word whether it is one.
func (l *Lexicon) functionWords() []bool {
	all := make([]bool, len(l.roles))
	for id := range all {
		all[id] = l.roles[id]&functionWord != 0
	}
	return all
}

func (l *Lexicon) setFunctionWords(flags []float32) {
	for id, is := range flags {
		l.roles[id] &^= functionWord
		if is != 0 {
			l.roles[id] |= functionWord
		}
	}
}

package perceptron

import "unicode"

// templates is the number of features of a character.
const templates = 18

// The tags of a character, and of one in the guide's words.
const (
	begin = iota
	middle
	end
	single
	tags
)

// outside stands for characters before and behind the text.
const outside rune = unicode.MaxRune + 1

// A text is what features are made of.
type text struct {
	runes []rune
	kinds []uint8
	guide []uint8  // tags of the guide's words
	words []uint64 // hash of the guide's word at each character
}

// newText reads a text without white space, as the guide cuts it. Where the
// guide's words are not the text's characters, these are words by themselves.
func newText(runes []rune, guide []string) text {
	t := text{runes: runes, kinds: make([]uint8, len(runes)), guide: make([]uint8, len(runes)), words: make([]uint64, len(runes))}
	for i, r := range runes {
		t.kinds[i] = kindOf(r)
		t.guide[i] = single
	}
	at := 0
	for _, w := range guide {
		from, hash := at, uint64(0)
		for _, r := range w {
			if at == len(runes) || runes[at] != r {
				return t
			}
			hash = mix(hash + uint64(r))
			at++
		}
		for i := from; i < at; i++ {
			t.words[i] = hash
			t.guide[i] = tagOf(i-from, at-from)
		}
	}
	return t
}

// tagOf is the tag of a word's i-th character of n.
func tagOf(i, n int) uint8 {
	switch {
	case n == 1:
		return single
	case i == 0:
		return begin
	case i == n-1:
		return end
	}
	return middle
}

func kindOf(r rune) uint8 {
	switch {
	case isNumeral(r):
		return 1
	case unicode.Is(unicode.Han, r):
		return 2
	case unicode.IsDigit(r):
		return 3
	case unicode.IsLetter(r):
		return 4
	case unicode.IsPunct(r), unicode.IsSymbol(r):
		return 5
	}
	return 6
}

func isNumeral(r rune) bool {
	switch r {
	case '〇', '零', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '几', '半':
		return true
	}
	return false
}

func (t *text) at(i int) uint64 {
	if i < 0 || i >= len(t.runes) {
		return uint64(outside)
	}
	return uint64(t.runes[i])
}

func (t *text) kind(i int) uint64 {
	if i < 0 || i >= len(t.kinds) {
		return 0
	}
	return uint64(t.kinds[i])
}

func (t *text) guideAt(i int) uint64 {
	if i < 0 || i >= len(t.guide) {
		return tags
	}
	return uint64(t.guide[i])
}

// rows are the places in the table of the features of character i.
func (t *text) rows(i int, rows *[templates]uint32) {
	a, b, c, d, e := t.at(i-2), t.at(i-1), t.at(i), t.at(i+1), t.at(i+2)
	g := t.guideAt(i)
	same := uint64(0)
	for bit, is := range [4]bool{c == b, c == d, c == a, c == e} {
		if is {
			same |= 1 << bit
		}
	}
	for n, key := range [templates]uint64{
		a, b, c, d, e,
		pair(a, b), pair(b, c), pair(c, d), pair(d, e), pair(b, d),
		triple(b, c, d),
		t.kind(i-1) | t.kind(i)<<4 | t.kind(i+1)<<8,
		pair(same, t.kind(i)),
		pair(g, c),
		g | t.guideAt(i-1)<<4 | t.guideAt(i+1)<<8,
		t.words[i] + g,
		triple(g|t.guideAt(i-1)<<4, b, c),
		triple(g|t.guideAt(i+1)<<4, c, d),
	} {
		rows[n] = uint32(mix(key+uint64(n+1)*0x9e3779b97f4a7c15) >> (64 - tableBits))
	}
}

const runeBits = 21

func pair(a, b uint64) uint64 { return a | b<<runeBits }

func triple(a, b, c uint64) uint64 { return a | b<<runeBits | c<<(2*runeBits) }

// mix is the finalizer of splitmix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

package corpus

import (
	"math/rand/v2"
	"slices"
)

// A passage is a document as one run of words that remembers where its
// sentences end.
type passage struct {
	words []string
	ends  []int // end of each sentence in words
}

func newPassage(sentences [][]string) passage {
	var p passage
	for _, s := range sentences {
		if len(s) > 0 {
			p.words = append(p.words, s...)
			p.ends = append(p.ends, len(p.words))
		}
	}
	return p
}

// span gives the words [start, end) of the sentences from first to last.
func (p passage) span(first, last int) (start, end int) {
	if first > 0 {
		start = p.ends[first-1]
	}
	return start, p.ends[last]
}

// sentence is the number of the sentence that holds a word.
func (p passage) sentence(position int) int {
	i, found := slices.BinarySearch(p.ends, position)
	if found {
		i++
	}
	return i
}

// window cuts the passage to at most size words: whole sentences, among them
// the blank's and the one with the nearest other occurrence of its word. What
// else fits is added sentence by sentence on a side drawn at random, so that
// the blank is not always in the middle.
func (p passage) window(blank occurrence, size int, random *rand.Rand) (start, end int, ok bool) {
	if len(p.words) <= size {
		return 0, len(p.words), true
	}
	first, last := p.sentence(min(blank.position, blank.other)), p.sentence(max(blank.position, blank.other))
	fits := func(first, last int) bool {
		if first < 0 || last >= len(p.ends) {
			return false
		}
		start, end := p.span(first, last)
		return end-start <= size
	}
	if !fits(first, last) {
		return 0, 0, false
	}
	for {
		left, right := fits(first-1, last), fits(first, last+1)
		switch {
		case !left && !right:
			start, end = p.span(first, last)
			return start, end, true
		case left && (!right || random.IntN(2) == 0):
			first--
		default:
			last++
		}
	}
}

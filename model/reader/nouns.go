package reader

import "wakong/model"

const (
	// nounPlaces is the share of its places in which a word has to stand as
	// nouns do to be taken for one at times. Half of all nouns reach 0.07.
	nounPlaces = 0.08
	// leastPlaces is in how many places at least.
	leastPlaces = 2
)

// findNouns makes candidates of words that are no nouns by their part of speech
// but stand where nouns stand: behind 的 and before a mark, or behind a measure
// word and before a mark, 的 or a verb. A dictionary gives a word one part of
// speech, and calls 花 (flower, to spend) and 树 (tree, to set up) verbs.
func (l *Lexicon) findNouns(texts []model.Example) {
	places, nouns := make([]int, l.Vocabulary.Len()), make([]int, l.Vocabulary.Len())
	for _, text := range texts {
		for i, id := range text.Left {
			if int(id) >= len(places) {
				continue
			}
			places[id]++
			before, after := int32(-1), int32(-1)
			if i > 0 {
				before = text.Left[i-1]
			}
			if i+1 < len(text.Left) {
				after = text.Left[i+1]
			}
			switch ends := l.is(after, isMark); {
			case l.is(before, attributive) && ends, l.is(before, measure) && (ends || l.is(after, attributive|verb)):
				nouns[id]++
			}
		}
	}
	for id := 1; id < len(places); id++ {
		if nouns[id] < leastPlaces || l.is(int32(id), neverNoun) || float64(nouns[id]) < nounPlaces*float64(places[id]) {
			continue
		}
		if _, ok := chinese(l.Vocabulary.Word(int32(id))); ok {
			l.candidate[id] = true
		}
	}
}

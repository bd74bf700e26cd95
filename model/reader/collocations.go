package reader

import (
	"slices"

	"wakong/model"
)

// A candidate's collocations say how often it stands where the blank does, beside
// the words that stand there, in the texts that were trained on.

// relations are how a word stands to a candidate. Even ones are to its left.
const (
	adjacent      = 0 // next to it, whatever it is
	nearestWord   = 2 // the nearest content word
	secondNearest = 4 // the content word behind that
	relations     = 6
)

// A unit is what is counted of a word and of a candidate. Few pairs of words stand in
// many texts; the last character of a noun says what kind of thing it is (花 of
// 玫瑰花), also of one that no text has.
type unit int

const (
	wordWord     unit = iota // both words
	wordLetter               // the word, and the candidate's last character
	letterLetter             // the last characters of both
	units
)

// countings are all relations, of each unit in turn.
const countings = int(units) * relations

func countingOf(u unit, relation int) int { return int(u)*relations + relation }

// leastTexts is in how many texts two words stand so, or it is taken for chance.
const leastTexts = 2

// mostTexts is the most that is counted.
const mostTexts = 1<<16 - 1

// A collocation is one of the countings, and what is counted of a word and of a
// candidate, in this order of significance.
type collocation uint64

const collocationBits = 29 // of an id

func collocationOf(counting int, word, candidate int32) collocation {
	return collocation(counting)<<(2*collocationBits) | collocation(word)<<collocationBits | collocation(candidate)
}

func (c collocation) split() (counting int, word, candidate int32) {
	const id = 1<<collocationBits - 1
	return int(c >> (2 * collocationBits)), int32(c >> collocationBits & id), int32(c & id)
}

// A term is what can be counted of a word: its id, 0 where it is taken for unknown,
// and the number of its last character, 0 for rare ones.
type term struct{ id, letter int32 }

// term is that of a word of the passage.
func (l *Lexicon) term(p *passage, id int32, known knownWords) term {
	s := l.spelling(p, id)
	t := term{letter: s[len(s)-1]}
	if known.has(id) {
		t.id = id
	}
	return t
}

// pair is what the unit counts of two words; it counts nothing where one is 0.
func (u unit) pair(word, candidate term) (of, to int32) {
	switch u {
	case wordWord:
		return word.id, candidate.id
	case wordLetter:
		return word.id, candidate.letter
	}
	return word.letter, candidate.letter
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
func (n *Network[T]) collocationsIn(text model.Example) []collocation {
	var all []collocation
	l, p := n.lexicon, &passage{unknown: text.Unknown}
	for at, w := range text.Left {
		if int(w) >= n.vocabulary || !l.candidate[w] {
			continue
		}
		candidate := l.term(p, w, n.known)
		for relation, word := range l.related(text.Left, int32(at)) {
			if word < 0 {
				continue
			}
			beside := l.term(p, word, n.known)
			for u := range units {
				if of, to := u.pair(beside, candidate); of > 0 && to > 0 {
					all = append(all, collocationOf(countingOf(u, relation), of, to))
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// setCollocations counts the texts' collocations. Each text's own are kept, to be
// left aside when its passages are trained on.
func (n *Network[T]) setCollocations(texts []model.Example) {
	n.lexicon.countEndings()
	counts := map[collocation]uint16{}
	n.lexicon.own = make([][]collocation, len(texts))
	for i, text := range texts {
		n.lexicon.own[i] = n.collocationsIn(text)
		for _, c := range n.lexicon.own[i] {
			counts[c] = min(counts[c], mostTexts-1) + 1
		}
	}
	n.lexicon.collocations = newCollocations(counts, leastTexts)
	// Only of what is kept is there a need to know whose it is.
	chance := func(c collocation) bool { return counts[c] < leastTexts }
	for i, own := range n.lexicon.own {
		n.lexicon.own[i] = slices.Clone(slices.DeleteFunc(own, chance))
	}
}

// countEndings counts how many of the texts' words that the vocabulary has, and of the
// candidates among them, end in each character.
func (l *Lexicon) countEndings() {
	l.endings = [2][]float64{make([]float64, l.Characters()), make([]float64, l.Characters())}
	for id := int32(1); int(id) < l.Vocabulary.Len(); id++ {
		s, count := l.spellings[id], float64(l.Vocabulary.Count(id))
		l.endings[0][s[len(s)-1]] += count
		if l.candidate[id] {
			l.endings[1][s[len(s)-1]] += count
		}
	}
}

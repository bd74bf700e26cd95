package reader

import (
	"unicode"

	"wakong/vocab"
)

// A Lexicon is what the network knows of words besides their vectors: their
// characters, and which of them can be answers.
type Lexicon struct {
	Vocabulary *vocab.Vocabulary
	characters map[rune]int32
	spellings  [][]int32
	candidate  []bool   // [V]
	target     []bool   // [V] blanks in training
	ends       []bool   // [V] ends a sentence
	roles      []uint16 // [V] what a word is besides
	total      float64  // words of the vocabulary's texts

	// Of the texts that were trained on; own are those of each, in training.
	collocations collocations
	own          [][]collocation
	endings      [2][]float64 // [C] words, and candidates, that end in each character
}

// NewLexicon makes the lexicon of a vocabulary. tags gives a word's part of
// speech in jieba's notation ("n", "nr", "v"; "x" for words it does not know).
// Blanks in training are nouns, and unknown words of two or more Chinese
// characters; candidates are those and what else serves as a noun at times.
func NewLexicon(v *vocab.Vocabulary, tags []string) *Lexicon {
	l := newLexicon(v)
	for id := 1; id < v.Len() && id < len(tags); id++ {
		word := v.Word(int32(id))
		l.candidate[id], l.target[id] = classify(word, tags[id])
		l.roles[id] |= roleByTag(word, tags[id])
	}
	l.countEndings()
	return l
}

// newLexicon is a lexicon without candidates.
func newLexicon(v *vocab.Vocabulary) *Lexicon {
	l := &Lexicon{
		Vocabulary: v, characters: map[rune]int32{}, spellings: make([][]int32, v.Len()),
		candidate: make([]bool, v.Len()), target: make([]bool, v.Len()), ends: make([]bool, v.Len()), roles: make([]uint16, v.Len()), total: float64(v.Total()),
	}
	// Characters are numbered from 1 in the order of their first word; those of
	// one word alone share 0, so that 0 gets to know what a rare one is like.
	words := map[rune]int{}
	for id := 1; id < v.Len(); id++ {
		for _, r := range v.Word(int32(id)) {
			words[r]++
		}
	}
	for id := 1; id < v.Len(); id++ {
		word := v.Word(int32(id))
		for _, r := range word {
			if _, ok := l.characters[r]; !ok && words[r] > 1 {
				l.characters[r] = int32(len(l.characters) + 1)
			}
		}
		l.spellings[id] = l.spell(word)
		l.ends[id] = endsSentence(word)
		l.roles[id] = roleOf(word)
	}
	l.spellings[0] = []int32{0}
	return l
}

// classify tells whether a word can be an answer, and a blank in training.
func classify(word, tag string) (candidate, target bool) {
	letters, ok := chinese(word)
	if !ok || tag == "" {
		return false, false
	}
	switch tag[0] {
	case 'n':
		return true, true
	case 'x':
		return true, letters > 1
	case 's', 't', 'i', 'l', 'j', 'z', 'g':
		return true, false
	case 'm':
		return letters > 1, false
	}
	return tag == "vn" || tag == "a", false
}

// forget makes a word a candidate as if the vocabulary lacked it, which is as if
// its part of speech were not known.
func (l *Lexicon) forget(id int32) {
	l.forgetRoles(id)
	l.candidate[id] = unknownCandidate(l.Vocabulary.Word(id))
	l.target[id] = l.target[id] && l.candidate[id]
}

// forgetRoles leaves of a word what would be known of it if the vocabulary lacked it.
func (l *Lexicon) forgetRoles(id int32) { l.roles[id] = 0 }

// unknownCandidate tells whether a word that the vocabulary lacks can be an
// answer.
func unknownCandidate(word string) bool {
	letters, ok := chinese(word)
	return ok && letters > 1
}

// chinese counts a word's characters and tells whether all are Chinese.
func chinese(word string) (letters int, ok bool) {
	for _, r := range word {
		if !unicode.Is(unicode.Han, r) {
			return 0, false
		}
		letters++
	}
	return letters, letters > 0
}

func endsSentence(word string) bool {
	switch word {
	case "。", "！", "？", "!", "?", "……", "…", "”", "」", "』":
		return true
	}
	return false
}

// spell gives a word's characters, at least one.
func (l *Lexicon) spell(word string) []int32 {
	var s []int32
	for _, r := range word {
		s = append(s, l.characters[r])
	}
	if len(s) == 0 {
		return []int32{0}
	}
	return s
}

// Characters is the number of characters, the unknown one included.
func (l *Lexicon) Characters() int { return len(l.characters) + 1 }

// ends of sentences are words of the vocabulary.
func (l *Lexicon) endsAt(id int32) bool { return int(id) < len(l.ends) && l.ends[id] }

package reader

import "wakong/model"

// Gap is the distance to the blank from which positions are candidates: nearer
// ones see it.
const Gap = 3

// A passage is a text with its blanks.
type passage struct {
	words     []int32 // ids; 0 where the word is hidden
	unknown   []string
	sentence  []int32         // number of each position's sentence
	ends      []int32         // position behind each sentence
	candidate []bool          // [words]
	text      int             // number of the text that is trained on, from 1; 0: none
	blanks    []int32         // positions
	traits    [][traits]uint8 // [blanks] what they are weighed by; nil: all are alike
}

// newPassage numbers the sentences and marks the candidates.
func (l *Lexicon) newPassage(words []int32, unknown []string) *passage {
	p := &passage{words: words, unknown: unknown, sentence: make([]int32, len(words)), candidate: make([]bool, len(words))}
	number := int32(0)
	for i, id := range words {
		p.sentence[i] = number
		if l.endsAt(id) && (i+1 == len(words) || !l.endsAt(words[i+1])) {
			number++
			p.ends = append(p.ends, int32(i+1))
		}
		if int(id) < len(l.candidate) {
			p.candidate[i] = l.candidate[id]
		} else {
			p.candidate[i] = unknownCandidate(l.word(p, id))
		}
	}
	p.ends = append(p.ends, int32(len(words)))
	return p
}

// word is the word of an id in the passage.
func (l *Lexicon) word(p *passage, id int32) string {
	return model.Example{Unknown: p.unknown}.Word(id, l.Vocabulary)
}

// spelling gives the characters of a word of the passage.
func (l *Lexicon) spelling(p *passage, id int32) []int32 {
	if int(id) < len(l.spellings) {
		return l.spellings[id]
	}
	return l.spell(l.word(p, id))
}

// question is an example as a passage with one blank.
func (l *Lexicon) question(e model.Example) *passage {
	words := make([]int32, 0, e.Words()+1)
	words = append(append(append(words, e.Left...), 0), e.Right...)
	p := l.newPassage(words, e.Unknown)
	p.blanks = []int32{int32(len(e.Left))}
	return p
}

// text is a passage of a document, in which every noun that stands again,
// not too near, is a blank; with others, every candidate that does.
func (l *Lexicon) text(words []int32, unknown []string, others bool) *passage {
	p := l.newPassage(words, unknown)
	first, last := map[int32]int{}, map[int32]int{}
	for i, id := range words {
		if _, ok := first[id]; !ok {
			first[id] = i
		}
		last[id] = i
	}
	blank := l.target
	if others {
		blank = l.candidate
	}
	for i, id := range words {
		if id > 0 && int(id) < len(blank) && blank[id] && (i-first[id] >= Gap || last[id]-i >= Gap) {
			p.blanks = append(p.blanks, int32(i))
		}
	}
	return p
}

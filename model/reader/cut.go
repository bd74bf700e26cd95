package reader

import (
	"math/rand/v2"

	"wakong/model"
)

const (
	leastWords = 20 // shorter texts are left out
	shortRest  = 60 // what is left of a text at least, or it joins the passage before
)

// epoch cuts all texts into passages of about size words and puts them in
// random order.
func (n *Network[T]) epoch(texts []model.Example, size int, number int) []*passage {
	l := n.lexicon
	rng := rand.New(rand.NewPCG(n.o.Seed, 0x65706f6368<<16+uint64(number)))
	change := rand.New(rand.NewPCG(n.o.Seed, 0x6368616e6765<<16+uint64(number)))
	var all []*passage
	for i, text := range texts {
		if text.Words() < leastWords {
			continue
		}
		for _, words := range l.cut(text.Left, size, rng) {
			if n.thesaurus != nil {
				words = n.thesaurus.substitute(words, change)
			}
			if p := l.text(words, text.Unknown, n.o.Answers.Other > 0); len(p.blanks) > 0 {
				p.text = i + 1
				n.describe(p)
				all = append(all, p)
			}
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// cut cuts a text at ends of sentences, the first time after a random length.
func (l *Lexicon) cut(words []int32, size int, rng *rand.Rand) [][]int32 {
	var parts [][]int32
	length := size
	if len(words) > size {
		length = size/4 + rng.IntN(size*3/4+1)
	}
	for len(words) > 0 {
		to := length
		length = size
		switch {
		case to >= len(words):
			to = len(words)
		case len(words)-to < shortRest && len(words) <= size+shortRest:
			to = len(words)
		default:
			for end := to; end > to/8; end-- {
				if l.endsAt(words[end-1]) && !l.endsAt(words[end]) {
					to = end
					break
				}
			}
		}
		parts = append(parts, words[:to])
		words = words[to:]
	}
	return parts
}

// steps groups passages into steps of at least words words.
func steps(passages []*passage, words int) [][]*passage {
	var all [][]*passage
	from, n := 0, 0
	for i, p := range passages {
		if n += len(p.words); n >= words || i+1 == len(passages) {
			all = append(all, passages[from:i+1])
			from, n = i+1, 0
		}
	}
	return all
}

package reader

import "wakong/model"

// knownWords tells of each word of the vocabulary whether its own vector is used;
// others have the unknown word's, as words have that the vocabulary lacks.
type knownWords []bool

func (k knownWords) has(id int32) bool { return id > 0 && int(id) < len(k) && k[id] }

// isKnown tells whether a word's own vector is used.
func (n *Network[T]) isKnown(id int32) bool { return n.known.has(id) }

// wordRate is how often a word is replaced by the unknown one in training.
func (n *Network[T]) wordRate(id int32) float64 {
	if n.rates == nil {
		return n.o.Dropout.Words
	}
	return n.rates[id]
}

// setRare sets how often each word is replaced by the unknown one: with a
// chance of Rare / k, or Words where that is more, for a word of k texts.
//
// A text that was not trained on brings words of its own, names above all, of
// which nothing is known but their characters. In training each word of the
// vocabulary would have a vector that knows the very text it stands in. With
// Rare at 1 a word of one text alone is unknown in it, as it would be had the
// text not been there, and the others' vectors are leant on as far as other
// texts speak for them. A word whose chance is 1 stays unknown for good, and is a
// candidate as words are that the vocabulary lacks.
func (n *Network[T]) setRare(texts []model.Example) {
	if n.o.Dropout.Rare == 0 {
		return
	}
	stands, last := make([]int, n.vocabulary), make([]int, n.vocabulary)
	for i, text := range texts {
		for _, id := range text.Left {
			if int(id) < n.vocabulary && last[id] != i+1 {
				last[id] = i + 1
				stands[id]++
			}
		}
	}
	n.rates = make([]float64, n.vocabulary)
	for id := 1; id < n.vocabulary; id++ {
		n.rates[id] = max(n.o.Dropout.Words, min(1, n.o.Dropout.Rare/float64(max(1, stands[id]))))
		if n.known[id] = n.rates[id] < 1; !n.known[id] {
			n.lexicon.forget(int32(id))
		}
	}
}

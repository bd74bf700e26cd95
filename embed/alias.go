package embed

import (
	"math"

	"wakong/vocab"
)

// aliasTable draws from a fixed distribution in constant time (Walker 1977,
// tables by Vose 1991): column w is drawn evenly, and kept with a chance of
// threshold/2^32, else replaced by its alias. Index 0, the unknown word, is
// never drawn and has no column: that of word w is w-1.
type aliasTable []column

type column struct {
	threshold uint32
	alias     int32
}

// newAliasTable gives a table of weights, of which weights[0] is not used.
func newAliasTable(weights []float64) aliasTable {
	n := len(weights) - 1
	t := make(aliasTable, n)
	total := 0.0
	for _, w := range weights[1:] {
		total += w
	}
	share := make([]float64, n+1) // of an even column
	var small, large []int32
	for w := int32(n); w >= 1; w-- {
		// What is left over at the end is 1 but for rounding.
		t[w-1] = column{math.MaxUint32, w}
		share[w] = weights[w] / total * float64(n)
		if share[w] < 1 {
			small = append(small, w)
		} else {
			large = append(large, w)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		t[s-1] = column{uint32(share[s] * (1 << 32)), l}
		share[l] -= 1 - share[s]
		if share[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	return t
}

// draw draws an index with one random number: its high half chooses the
// column, its low half between the column and its alias. Half the draws take
// either way, so it is written for the compiler to do without a branch.
func (t aliasTable) draw(r *random) int32 {
	u := r.next()
	slot := (u >> 32) * uint64(len(t)) >> 32
	c := t[slot]
	w := int32(slot) + 1
	if uint32(u) > c.threshold {
		w = c.alias
	}
	return w
}

// negatives is the distribution of negative samples: counts to the power of
// 3/4 (Mikolov et al. 2013).
func negatives(v *vocab.Vocabulary) aliasTable {
	weights := make([]float64, v.Len())
	for id := 1; id < v.Len(); id++ {
		// Square roots are exact on every machine; Pow is not.
		root := math.Sqrt(float64(v.Count(int32(id))))
		weights[id] = float64(root * math.Sqrt(root))
	}
	return newAliasTable(weights)
}

// keepThresholds gives, for each word, the chance in 2^-32 that an occurrence
// is kept: with f the word's share of the text, sqrt(sample/f) + sample/f, as
// word2vec.c has it (the paper has the first term alone).
func keepThresholds(v *vocab.Vocabulary, sample float64) []uint32 {
	keep := make([]uint32, v.Len())
	total := float64(v.Total())
	for id := range keep {
		f := float64(v.Count(int32(id))) / total
		p := 1.0
		if sample > 0 && f > 0 {
			p = math.Sqrt(sample/f) + sample/f
		}
		keep[id] = math.MaxUint32
		if p < 1 {
			keep[id] = uint32(p * (1 << 32))
		}
	}
	return keep
}

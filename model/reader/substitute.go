package reader

import (
	"math"
	"math/rand/v2"
	"slices"

	"wakong/model/lstm"
)

// A thesaurus names, for nouns, the nouns whose vectors are nearest.
type thesaurus map[int32][]int32

const (
	alike       = 10  // nouns that may take another's place
	thesaurusOf = 256 // rows that one task takes; results do not depend on the number of threads
)

// newThesaurus looks for the nearest of all known nouns.
func newThesaurus[T lstm.Float](n *Network[T]) thesaurus {
	d := n.dim
	var ids []int32
	var unit []T
	for id := int32(1); int(id) < n.vocabulary; id++ {
		v := n.vectors[int(id)*d:][:d]
		length := norm(v)
		if !n.lexicon.target[id] || !n.isKnown(id) || length == 0 {
			continue
		}
		ids = append(ids, id)
		for _, x := range v {
			unit = append(unit, T(float64(x)/length))
		}
	}
	product := lstm.Product[T]{Kernel: n.o.Kernel}
	product.RightTransposed(len(ids), d, unit)
	near := make([][]int32, len(ids))
	lstm.Tasks(n.o.Threads, tasks(len(ids), thesaurusOf), func(task int) {
		from, to := span(task, len(ids), thesaurusOf)
		cosines := make([]T, (to-from)*len(ids))
		product.Times(to-from, unit[from*d:], cosines)
		for r := from; r < to; r++ {
			near[r] = nearest(cosines[(r-from)*len(ids):][:len(ids)], r, ids)
		}
	})
	t := make(thesaurus, len(ids))
	for r, id := range ids {
		t[id] = near[r]
	}
	return t
}

// nearest lists the ids of the largest cosines, row own apart, the largest
// first and of equal ones the first.
func nearest[T lstm.Float](cosines []T, own int, ids []int32) []int32 {
	var rows [alike]int
	count, least := 0, T(math.Inf(-1))
	for r, c := range cosines {
		if r == own || count == alike && c <= least {
			continue
		}
		at := count
		if count < alike {
			count++
		} else {
			at--
		}
		for ; at > 0 && cosines[rows[at-1]] < c; at-- {
			rows[at] = rows[at-1]
		}
		rows[at] = r
		least = cosines[rows[count-1]]
	}
	near := make([]int32, count)
	for i, r := range rows[:count] {
		near[i] = ids[r]
	}
	return near
}

// substitute puts other nouns in the place of a share of a passage's nouns,
// one for all places of a noun. It returns words, or a changed copy.
func (t thesaurus) substitute(words []int32, share float64, rng *rand.Rand) []int32 {
	stands := map[int32]bool{}
	for _, id := range words {
		stands[id] = true
	}
	by := map[int32]int32{}
	for _, id := range words {
		if _, seen := by[id]; seen {
			continue
		}
		by[id] = id
		near := t[id]
		if len(near) == 0 || rng.Float64() >= share {
			continue
		}
		// A word that stands in the passage already would be two in one.
		if other := near[rng.IntN(len(near))]; !stands[other] {
			by[id], stands[other] = other, true
		}
	}
	words = slices.Clone(words)
	for i, id := range words {
		words[i] = by[id]
	}
	return words
}

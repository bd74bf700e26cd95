package reader

import (
	"math"
	"math/rand/v2"
	"slices"

	"wakong/model/lstm"
)

// A thesaurus names, for words, the words of their class whose vectors are nearest.
type thesaurus map[int32]alternatives

// alternatives are the words that may take a word's place, in a share of passages.
type alternatives struct {
	words []int32
	share float64
}

const (
	alike       = 10  // words that may take another's place
	thesaurusOf = 256 // rows that one task takes; results do not depend on the number of threads
)

// Words give way to words of their class: nouns, which are asked for, verbs, and the
// rest, adjectives above all. Of the last two those of one character are none: they are
// too frequent, and too many things at once.
const (
	fixedClass = iota // such words stay
	nounClass
	verbClass
	restClass
)

// class is a word's.
func (l *Lexicon) class(id int32) int {
	if l.target[id] {
		return nounClass
	}
	if letters, ok := chinese(l.Vocabulary.Word(id)); !ok || letters < 2 {
		return fixedClass
	}
	switch l.roles[id] {
	case verb:
		return verbClass
	case 0:
		return restClass
	}
	return fixedClass // a function word, a verb of speech, ...
}

// newThesaurus looks for the nearest of all known words of the classes that are to
// give way; nil where none is.
func newThesaurus[T lstm.Float](n *Network[T]) thesaurus {
	var t thesaurus
	for class, share := range [...]float64{nounClass: n.o.Substitute, verbClass: n.o.SubstituteOthers, restClass: n.o.SubstituteOthers} {
		if share == 0 {
			continue
		}
		if t == nil {
			t = thesaurus{}
		}
		n.addAlike(t, class, share)
	}
	return t
}

// addAlike adds the words of a class.
func (n *Network[T]) addAlike(t thesaurus, class int, share float64) {
	d := n.dim
	var ids []int32
	var unit []T
	for id := int32(1); int(id) < n.vocabulary; id++ {
		v := n.vectors[int(id)*d:][:d]
		length := norm(v)
		if n.lexicon.class(id) != class || !n.isKnown(id) || length == 0 {
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
	for r, id := range ids {
		t[id] = alternatives{near[r], share}
	}
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

// substitute puts other words in the place of some of a passage's, one for all
// places of a word. It returns a changed copy.
func (t thesaurus) substitute(words []int32, rng *rand.Rand) []int32 {
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
		near := t[id].words
		if len(near) == 0 || rng.Float64() >= t[id].share {
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

package embed

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"wakong/vocab"
)

// Vectors are a vector for each word of a vocabulary.
type Vectors struct {
	Vocabulary *vocab.Vocabulary
	Size       int       // length of a vector
	Data       []float32 // [Vocabulary.Len(), Size]; row 0, the unknown word's, is zero
}

// Vector is the vector of an id, as a view of Data.
func (v *Vectors) Vector(id int32) []float32 {
	return v.Data[int(id)*v.Size:][:v.Size:v.Size]
}

// A Neighbor is a word and its similarity to another.
type Neighbor struct {
	Word       string
	Similarity float64 // cosine, from -1 to 1
}

// Nearest gives the n words whose vectors have the largest cosine with that of
// word, without word itself; of equally near words the more frequent first. A
// word that the vocabulary lacks is an error.
func (v *Vectors) Nearest(word string, n int) ([]Neighbor, error) {
	id := v.Vocabulary.ID(word)
	if id == vocab.UNK {
		return nil, fmt.Errorf("embed: %q is not in the vocabulary of %d words", word, v.Vocabulary.Len()-1)
	}
	type scored struct {
		id         int32
		similarity float64
	}
	var all []scored
	for other := int32(1); int(other) < v.Vocabulary.Len(); other++ {
		if other != id {
			all = append(all, scored{other, v.Similarity(id, other)})
		}
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.similarity, a.similarity), cmp.Compare(a.id, b.id))
	})
	out := make([]Neighbor, 0, min(n, len(all)))
	for _, s := range all[:min(max(n, 0), len(all))] {
		out = append(out, Neighbor{v.Vocabulary.Word(s.id), s.similarity})
	}
	return out, nil
}

// Similarity is the cosine of two ids' vectors, 0 if one of them is zero.
func (v *Vectors) Similarity(a, b int32) float64 {
	x, y := v.Vector(a), v.Vector(b)
	var xy, xx, yy float64
	for i := range x {
		xy += float64(x[i]) * float64(y[i])
		xx += float64(x[i]) * float64(x[i])
		yy += float64(y[i]) * float64(y[i])
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy)
}

package embed

import (
	"errors"
	"math"
	"slices"

	"wakong/vocab"
)

// ErrUnknownWord is what asking for a word without a vector gives.
var ErrUnknownWord = errors.New("embed: unknown word")

// Vectors are word vectors. Nothing here changes them once made.
type Vectors struct {
	// Vocabulary of the words; row i of Data belongs to id i. Counts are zero
	// where the vectors were read from a file.
	Vocabulary *vocab.Vocabulary
	// Size of a vector.
	Size int
	// Data has shape [Vocabulary.Len(), Size]. Row 0, of the unknown word, is
	// zero.
	Data []float32
}

// Vector gives the vector of an id as part of Data, nil for ids that no word
// has.
func (v *Vectors) Vector(id int32) []float32 {
	if id < 0 || int(id) >= v.Vocabulary.Len() {
		return nil
	}
	from, to := int(id)*v.Size, (int(id)+1)*v.Size
	return v.Data[from:to:to]
}

// A Neighbor is a word and how near it is.
type Neighbor struct {
	Word       string
	ID         int32
	Similarity float64 // cosine, -1 to 1; 0 where a vector is zero
}

// Nearest gives the n words, fewer if there are fewer, whose vectors have the
// largest cosine with the word's own, nearest first, the word itself left out.
// Of equally near ones that with the smaller id comes first. A word without a
// vector is an error that wraps [ErrUnknownWord] and names words of nearly the
// same characters.
func (v *Vectors) Nearest(word string, n int) ([]Neighbor, error) {
	id, err := v.id(word)
	if err != nil {
		return nil, err
	}
	return v.near(v.Vector(id), n, id), nil
}

// near gives the n words nearest to a vector, without those left out.
func (v *Vectors) near(x []float32, n int, out ...int32) []Neighbor {
	if n <= 0 {
		return nil
	}
	var best []Neighbor
	for id := int32(1); int(id) < v.Vocabulary.Len(); id++ {
		if slices.Contains(out, id) {
			continue
		}
		s := cosine(x, v.Vector(id))
		if len(best) == n && s <= best[n-1].Similarity {
			continue
		}
		if len(best) == n {
			best = best[:n-1]
		}
		// Behind all that are as near: their ids are smaller.
		at, _ := slices.BinarySearchFunc(best, s, func(b Neighbor, s float64) int {
			if b.Similarity >= s {
				return -1
			}
			return 1
		})
		best = slices.Insert(best, at, Neighbor{v.Vocabulary.Word(id), id, s})
	}
	return best
}

// Similarity is the cosine of two ids' vectors, 0 if one of them is zero.
func (v *Vectors) Similarity(a, b int32) float64 { return cosine(v.Vector(a), v.Vector(b)) }

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i, x := range a {
		x, y := float64(x), float64(b[i])
		ab += float64(x * y) // converted: not to be fused on some machines only
		aa += float64(x * x)
		bb += float64(y * y)
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / (math.Sqrt(aa) * math.Sqrt(bb))
}

// check tells whether the fields belong together.
func (v *Vectors) check() error {
	if v.Vocabulary == nil || v.Size < 1 || len(v.Data) != v.Vocabulary.Len()*v.Size {
		return errors.New("embed: vectors whose vocabulary, size and data do not belong together")
	}
	return nil
}

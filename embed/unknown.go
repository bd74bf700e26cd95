package embed

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"wakong/internal/spelling"
	"wakong/vocab"
)

// id finds a word, or says which words look like it.
func (v *Vectors) id(word string) (int32, error) {
	if id := v.Vocabulary.ID(word); id != vocab.UNK {
		return id, nil
	}
	if alike := v.alike(word, 5); len(alike) > 0 {
		return vocab.UNK, fmt.Errorf("%w %q; words like it are %s", ErrUnknownWord, word, strings.Join(alike, ", "))
	}
	return vocab.UNK, fmt.Errorf("%w %q; no word of the %d looks like it", ErrUnknownWord, word, v.Vocabulary.Len()-1)
}

// alike gives the n words with the fewest edits between them and a word, of
// equally near ones those with the smaller ids. At most half of the word's
// characters may be edited, and one must be common.
func (v *Vectors) alike(word string, n int) []string {
	type candidate struct {
		word     string
		distance int
	}
	length := utf8.RuneCountInString(word)
	most := max(1, length/2)
	var best []candidate
	for id := int32(1); int(id) < v.Vocabulary.Len(); id++ {
		other := v.Vocabulary.Word(id)
		if difference := utf8.RuneCountInString(other) - length; difference > most || -difference > most || !strings.ContainsAny(other, word) {
			continue
		}
		d := spelling.Distance(word, other)
		if d > most || len(best) == n && d >= best[n-1].distance {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, d+1, func(c candidate, d int) int { return c.distance - d })
		best = slices.Insert(best, at, candidate{other, d})
		best = best[:min(len(best), n)]
	}
	var words []string
	for _, c := range best {
		words = append(words, c.word)
	}
	return words
}

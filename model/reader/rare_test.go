package reader

import (
	"reflect"
	"testing"

	"wakong/model"
)

// TestRare: words of one text alone stay unknown, those of more are dropped
// the less the more texts they stand in.
func TestRare(t *testing.T) {
	n := newSmall[float32](t, small(Options{Dropout: Dropout{Rare: 1, Words: 0.3}}))
	n.setRare([]model.Example{{Left: []int32{1, 2, 2, 3, 4}}, {Left: []int32{1, 3, 3}}, {Left: []int32{1, 5}}, {Left: []int32{1}}})
	for id, want := range map[int32]float64{1: 0.3, 2: 1, 3: 0.5, 4: 1, 5: 1, 6: 1} {
		if got := n.wordRate(id); got != want || n.isKnown(id) != (want < 1) {
			t.Errorf("word %d is dropped with %v, known %v, want %v", id, got, n.isKnown(id), want)
		}
	}
	ask := []model.Example{{Left: []int32{6, 2, 3, 7, 8, 6, 1, 9}, Right: []int32{2, 6, 9, 10, 3}}}
	before, err := n.Probabilities(ask)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n.dim {
		n.vectors[2*n.dim+i] += 1
	}
	after, err := n.Probabilities(ask)
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the vector of a word of one text alone has an influence: %v %v, %v", before, after, err)
	}
}

// TestForgotten: a word of one text alone, and a word that the vocabulary lacks
// are the same to the features.
func TestForgotten(t *testing.T) {
	n := newSmall[float32](t, small(Options{Dropout: Dropout{Rare: 1}}))
	const forgotten = 9
	known := model.Example{Left: []int32{1, 2, 3, 4, 5, 6, 7, 8}}
	n.setRare([]model.Example{known, known})
	unseen := int32(n.vocabulary)
	words := []int32{forgotten, 2, 7, 1, 6, forgotten, 3, 1, forgotten, 7, 2, 1, 5, 6, forgotten, 3, 1, 6, forgotten, 3}
	describe := func(words []int32) ([]bool, []uint16) {
		p := n.lexicon.text(words, []string{n.lexicon.Vocabulary.Word(forgotten)}, true)
		p.blanks = []int32{2, 9, 17}
		var keys []int32
		for i, is := range p.candidate {
			if is {
				keys = append(keys, int32(i))
			}
		}
		return p.candidate, n.lexicon.features(p, keys, n.known)
	}
	candidates, features := describe(words)
	for i, id := range words {
		if id == forgotten {
			words[i] = unseen
		}
	}
	otherCandidates, otherFeatures := describe(words)
	if !candidates[0] || !reflect.DeepEqual(candidates, otherCandidates) {
		t.Errorf("candidates are %v, of a word that the vocabulary lacks %v", candidates, otherCandidates)
	}
	if !reflect.DeepEqual(features, otherFeatures) {
		t.Errorf("features are %v, of a word that the vocabulary lacks %v", features, otherFeatures)
	}
}

package reader

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestThesaurus: the nearest nouns are those of the largest cosines, by a count
// of all pairs, and words that are no nouns or not known are none.
func TestThesaurus(t *testing.T) {
	n := newSmall[float64](t, small(Options{}))
	n.known[7] = false
	got := newThesaurus(n)
	vector := func(id int32) []float64 { return n.vectors[int(id)*n.dim:][:n.dim] }
	cosine := func(a, b int32) float64 {
		sum := 0.0
		for i, x := range vector(a) {
			sum += x * vector(b)[i]
		}
		return sum / norm(vector(a)) / norm(vector(b))
	}
	var nouns []int32
	for id := int32(1); int(id) < n.vocabulary; id++ {
		if n.lexicon.target[id] && id != 7 {
			nouns = append(nouns, id)
		}
	}
	if len(got) != len(nouns) {
		t.Fatalf("%d words have neighbours, want the %d nouns", len(got), len(nouns))
	}
	for _, id := range nouns {
		near := got[id]
		if len(near) != min(alike, len(nouns)-1) || slices.Contains(near, id) || slices.Contains(near, 7) {
			t.Fatalf("word %d has the neighbours %v", id, near)
		}
		last := math.Inf(1)
		for _, other := range near {
			if c := cosine(id, other); c > last+1e-12 {
				t.Errorf("word %d: %v are not in order", id, near)
			} else {
				last = c
			}
		}
		for _, other := range nouns {
			if other != id && !slices.Contains(near, other) && cosine(id, other) > last+1e-12 {
				t.Errorf("word %d: %d is nearer than the last of %v", id, other, near)
			}
		}
	}
}

// TestNearest keeps the largest of many, of equal ones the first.
func TestNearest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		cosines, ids := make([]float64, 1+rng.IntN(60)), []int32{}
		for i := range cosines {
			cosines[i] = float64(rng.IntN(8)) / 8
			ids = append(ids, int32(i+100))
		}
		own := rng.IntN(len(cosines))
		want := slices.Clone(ids)
		slices.SortStableFunc(want, func(a, b int32) int {
			switch x, y := cosines[a-100], cosines[b-100]; {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return 0
		})
		want = slices.DeleteFunc(want, func(id int32) bool { return id == int32(own+100) })
		want = want[:min(alike, len(want))]
		if got := nearest(cosines, own, ids); !slices.Equal(got, want) {
			t.Fatalf("of %v without %d: %v, want %v", cosines, own, got, want)
		}
	}
}

// TestSubstitute: one word takes the place of another all over the passage, none
// takes that of two, and the passage given stays as it was.
func TestSubstitute(t *testing.T) {
	near := thesaurus{1: {2, 3, 4}, 2: {1, 3}, 5: {6}}
	words := []int32{9, 1, 5, 1, 2, 9, 5, 1}
	before := slices.Clone(words)
	changed := 0
	for seed := range uint64(100) {
		got := near.substitute(words, 0.5, rand.New(rand.NewPCG(seed, 1)))
		if !slices.Equal(words, before) {
			t.Fatal("the passage was changed")
		}
		by, from := map[int32]int32{}, map[int32]int32{}
		for i, id := range got {
			if old, ok := by[words[i]]; ok && old != id {
				t.Fatalf("%v became %v: %d has two words in its place", words, got, words[i])
			}
			if old, ok := from[id]; ok && old != words[i] {
				t.Fatalf("%v became %v: %d stands for two words", words, got, id)
			}
			by[words[i]], from[id] = id, words[i]
			if id != words[i] {
				changed++
				if !slices.Contains(near[words[i]], id) {
					t.Fatalf("%d took the place of %d", id, words[i])
				}
			}
		}
	}
	if changed < 100 || changed > 500 {
		t.Errorf("%d of 600 places of such words were changed, want about half", changed)
	}
	if got := near.substitute(words, 0, rand.New(rand.NewPCG(1, 1))); !slices.Equal(got, words) {
		t.Errorf("a share of 0 made %v of %v", got, words)
	}
}

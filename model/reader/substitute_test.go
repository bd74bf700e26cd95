package reader

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"wakong/vocab"
)

// TestThesaurus: the nearest words of a class are those of the largest cosines, by a
// count of all pairs, and words of other classes, those that stay and those that are
// not known are none.
func TestThesaurus(t *testing.T) {
	var words, tags []string
	var counts []int64
	for i, w := range strings.Fields("狐狸/n 提/v 青蛙/n 。/x 山羊/n 走过/v 漂亮/a 的/uj 猫/n 看见/v 说道/v 忽然/d 唱歌/v 高兴/a 慢/a 雪白/z 木桥/n 洗/v 洗脸/v 小朋友/n") {
		word, tag, _ := strings.Cut(w, "/")
		words, tags, counts = append(words, word), append(tags, tag), append(counts, int64(100-i))
	}
	v, err := vocab.New(words, counts)
	if err != nil {
		t.Fatal(err)
	}
	n := newOf[float64](t, v, append([]string{""}, tags...), small(Options{Substitute: 0.3, SubstituteOthers: 0.2}))
	n.known[v.ID("猫")] = false
	stay := ""
	for id := int32(1); int(id) < v.Len(); id++ {
		if n.lexicon.class(id) == fixedClass {
			stay += v.Word(id) + " "
		}
	}
	if stay != "提 。 的 说道 忽然 慢 洗 " {
		t.Errorf("%sstay", stay)
	}
	all := newThesaurus(n)
	for class, share := range map[int]float64{nounClass: 0.3, verbClass: 0.2, restClass: 0.2} {
		testClass(t, n, all, class, share)
	}
	for id := range all {
		if n.lexicon.class(id) == fixedClass {
			t.Errorf("%s has neighbours", n.lexicon.Vocabulary.Word(id))
		}
	}
	if newThesaurus(newSmall[float64](t, small(Options{}))) != nil {
		t.Error("words give way where none should")
	}
}

func testClass(t *testing.T, n *Network[float64], all thesaurus, class int, share float64) {
	got := map[int32][]int32{}
	for id, a := range all {
		if n.lexicon.class(id) == class {
			got[id] = a.words
			if a.share != share {
				t.Errorf("word %d gives way in %g, want %g", id, a.share, share)
			}
		}
	}
	vector := func(id int32) []float64 { return n.vectors[int(id)*n.dim:][:n.dim] }
	cosine := func(a, b int32) float64 {
		sum := 0.0
		for i, x := range vector(a) {
			sum += x * vector(b)[i]
		}
		return sum / norm(vector(a)) / norm(vector(b))
	}
	var words []int32
	for id := int32(1); int(id) < n.vocabulary; id++ {
		if n.lexicon.class(id) == class && n.known[id] {
			words = append(words, id)
		}
	}
	if len(got) != len(words) || len(words) < 2 {
		t.Fatalf("%d words of class %d have neighbours, want %d", len(got), class, len(words))
	}
	for _, id := range words {
		near := got[id]
		if len(near) != min(alike, len(words)-1) || slices.Contains(near, id) {
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
		for _, other := range words {
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
	near := thesaurus{1: {[]int32{2, 3, 4}, 0.5}, 2: {[]int32{1, 3}, 0.5}, 5: {[]int32{6}, 0.5}, 9: {[]int32{8}, 0}}
	words := []int32{9, 1, 5, 1, 2, 9, 5, 1}
	before := slices.Clone(words)
	changed := 0
	for seed := range uint64(100) {
		got := near.substitute(words, rand.New(rand.NewPCG(seed, 1)))
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
				if !slices.Contains(near[words[i]].words, id) {
					t.Fatalf("%d took the place of %d", id, words[i])
				}
			}
		}
	}
	if changed < 100 || changed > 500 {
		t.Errorf("%d of 600 places of such words were changed, want about half", changed)
	}
}

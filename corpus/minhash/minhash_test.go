package minhash

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// text is a text of n characters in which no shingle comes twice by chance.
func text(r *rand.Rand, n int) []rune {
	t := make([]rune, n)
	for i := range t {
		t[i] = rune(0x4E00 + r.IntN(20000))
	}
	return t
}

// pair gives two texts of exactly this Jaccard similarity of their shingles:
// common and the two rests are kept apart by characters of their own.
func pair(r *rand.Rand, shingle, common, different int) (a, b []rune) {
	head := text(r, common+shingle-1)
	rest := different / 2
	return slices.Concat(head, text(r, rest)), slices.Concat(head, text(r, different-rest))
}

func sketch(t testing.TB, p Params, text []rune) Signature {
	t.Helper()
	s, err := NewSketcher(p)
	if err != nil {
		t.Fatal(err)
	}
	return s.Sketch(text)
}

// The share of pairs that become candidates is that of the formula, and the
// estimate has the mean and the spread of 128 independent values, for short texts
// as for long ones.
func TestRecall(t *testing.T) {
	p := Default()
	r := rand.New(rand.NewPCG(1, 2))
	const pairs = 1500
	for _, c := range []struct{ common, different int }{{80, 20}, {30, 20}, {850, 150}, {1400, 600}, {500, 500}, {9, 1}} {
		similarity := float64(c.common) / float64(c.common+c.different)
		found, sum, squares := 0, 0.0, 0.0
		sketcher, err := NewSketcher(p)
		if err != nil {
			t.Fatal(err)
		}
		for range pairs {
			a, b := pair(r, p.Shingle, c.common, c.different)
			x, y := sketcher.Sketch(a), sketcher.Sketch(b)
			for band := range p.Bands {
				if p.Key(x, band) == p.Key(y, band) {
					found++
					break
				}
			}
			estimate := Similarity(x, y)
			sum += estimate
			squares += estimate * estimate
		}
		recall, mean := float64(found)/pairs, sum/pairs
		spread := math.Sqrt(squares/pairs - mean*mean)
		t.Logf("%4d shingles, similarity %.2f: estimated %.4f ± %.4f, candidates %.4f, expected %.4f",
			c.common+c.different, similarity, mean, spread, recall, p.Recall(similarity))
		independent := math.Sqrt(similarity * (1 - similarity) / float64(p.Values()))
		if math.Abs(mean-similarity) > 0.01 || spread > 1.15*independent {
			t.Errorf("similarity %.2f is estimated as %.4f ± %.4f, expected a spread of at most %.4f", similarity, mean, spread, independent)
		}
		// Four standard deviations of a share of 1500, and what equal bytes by
		// chance add.
		want := p.Recall(similarity)
		if math.Abs(recall-want) > 4*math.Sqrt(want*(1-want)/pairs)+0.015 {
			t.Errorf("similarity %.2f: %.4f of the pairs become candidates, expected %.4f", similarity, recall, want)
		}
	}
	if s := fmt.Sprintf("%.3f %.3f %.4f", p.Recall(0.8), p.Recall(0.85), p.Recall(0.3)); s != "0.947 0.994 0.0010" {
		t.Errorf("the documented recall is %s", s)
	}
}

func TestSketch(t *testing.T) {
	p := Default()
	if s := sketch(t, p, []rune("四个字符")); s != nil {
		t.Errorf("a text shorter than a shingle has the signature %v", s)
	}
	one := sketch(t, p, []rune("五个字的文"))
	twice := sketch(t, p, []rune("五个字的文"))
	other := sketch(t, p, []rune("五个字的书"))
	if Similarity(one, twice) != 1 || Similarity(one, other) > 0.1 {
		t.Errorf("single shingles: %v and %v", Similarity(one, twice), Similarity(one, other))
	}
	// Repetition adds nothing to a set.
	a, b := sketch(t, p, []rune("一二三四五一二三四五一二三四五")), sketch(t, p, []rune("一二三四五一二三四五一二三四五一二三四五"))
	if Similarity(a, b) != 1 {
		t.Errorf("a repetition has changed the signature: %v", Similarity(a, b))
	}
	if Similarity(one, one[1:]) != 0 || Similarity(nil, nil) != 0 {
		t.Error("signatures of other lengths were compared")
	}
}

func TestParams(t *testing.T) {
	for _, p := range []Params{{}, {Shingle: 5, Bands: 16, Rows: 8}, {5, 1025, 1, 0.5}, {5, 1 << 62, 4, 0.5}, {65, 1, 1, 0.5}, {5, 1, 1, 1.5}, {5, 1, 1, math.NaN()}, {5, 0, 1, 0.5}} {
		if _, err := NewSketcher(p); err == nil {
			t.Errorf("%+v was accepted", p)
		}
		if _, err := NewIndex(p, true); err == nil {
			t.Errorf("%+v was accepted", p)
		}
	}
	x, err := NewIndex(Default(), true)
	if err != nil {
		t.Fatal(err)
	}
	if x.Add(Hash{1}, make(Signature, 5)) == nil {
		t.Error("a signature of another length was added")
	}
}

func TestEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.ByteRange(0, 3), 1, 40).Draw(t, "a")
		b := rapid.SliceOfN(rapid.ByteRange(0, 3), len(a), len(a)).Draw(t, "b")
		want := 0
		for i := range a {
			if a[i] == b[i] {
				want++
			}
		}
		if got := equal(a, b); got != want {
			t.Fatalf("%d equal, want %d", got, want)
		}
	})
}

// Components are those that a search of the graph finds.
func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		c := NewComponents(n)
		group := make([]int, n) // the smallest item of each item's group
		for i := range group {
			group[i] = i
		}
		for range rapid.IntRange(0, 40).Draw(t, "edges") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			x, y := group[a], group[b]
			if c.Union(a, b) != (x != y) {
				t.Fatal("Union tells something else")
			}
			for i := range group {
				if group[i] == x || group[i] == y {
					group[i] = min(x, y)
				}
			}
		}
		for i := range group {
			if c.Find(i) != group[i] {
				t.Fatalf("item %d is in group %d, want %d", i, c.Find(i), group[i])
			}
		}
	})
}

// A permutation of the items gives the same groups, in large buckets too.
func TestGroupsIgnoreOrder(t *testing.T) {
	p := Params{Shingle: 3, Bands: 4, Rows: 1, Threshold: 0.6}
	r := rand.New(rand.NewPCG(3, 4))
	type doc struct {
		hash Hash
		sig  Signature
	}
	// Boilerplate with a small part of its own: every band has large buckets.
	var docs []doc
	head := text(r, 60)
	for i := range 300 {
		tail := text(r, 5+i%40)
		d := doc{Hash{1, byte(i), byte(i >> 8)}, sketch(t, p, slices.Concat(head, tail))}
		docs = append(docs, d)
		if i%10 == 0 {
			docs = append(docs, d) // an exact copy
		}
	}
	docs = append(docs, doc{}, doc{}, doc{Hash{9}, nil}, doc{Hash{9}, nil})
	find := func(order []int) string {
		x, err := NewIndex(p, true)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range order {
			if err := x.Add(docs[i].hash, docs[i].sig); err != nil {
				t.Fatal(err)
			}
		}
		groups, exact, err := x.Groups(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if exact != 31 {
			t.Errorf("%d exact copies, want 31", exact)
		}
		members := make([][]int, len(docs))
		for at, i := range order {
			root := groups.Find(at)
			members[root] = append(members[root], i)
		}
		for _, m := range members {
			slices.Sort(m)
		}
		slices.SortFunc(members, slices.Compare)
		return fmt.Sprint(members)
	}
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	first := find(order)
	for range 5 {
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if got := find(order); got != first {
			t.Fatal("another order gives other groups")
		}
	}
}

func BenchmarkSketch(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{100, 1000, 100000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := NewSketcher(Default())
			if err != nil {
				b.Fatal(err)
			}
			t := text(r, n)
			b.SetBytes(int64(3 * n))
			for b.Loop() {
				s.Sketch(t)
			}
		})
	}
}

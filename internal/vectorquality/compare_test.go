package main

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func trained(trainer string, spearman [][]float64, near ...string) result {
	r := result{trainer: trainer, spearman: spearman}
	for _, seed := range near {
		var all [][]string
		for _, words := range strings.Split(seed, "|") {
			all = append(all, strings.Fields(words))
		}
		r.near = append(r.near, all)
	}
	return r
}

func TestOverlap(t *testing.T) {
	ours := trained("default", nil, "a b|c d", "a x|c y")
	gensim := trained("gensim", nil, "b a|d e", "a z|u v")
	if got := overlap(ours.near[0], gensim.near[0]); got != 0.75 {
		t.Errorf("found an overlap of %v, expected 3 of 4", got)
	}
	// Each training with each of the other trainer, but not with itself.
	for _, c := range []struct {
		a, b result
		want []float64
	}{{ours, gensim, []float64{0.75, 0.25, 0.25, 0.25}}, {gensim, gensim, []float64{0.25}}} {
		got := overlaps(c.a, c.b)
		if len(got) != len(c.want) {
			t.Fatalf("found %v, expected %v", got, c.want)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("found %v, expected %v", got, c.want)
			}
		}
	}
}

func TestShortfalls(t *testing.T) {
	js := []judgements{{name: "pairs.txt", covered: 2}}
	gensim := trained("gensim", [][]float64{{0.3, 0.4}}, "a b c d", "a b c x")
	for _, c := range []struct {
		name   string
		ours   result
		behind []string
	}{
		{"as good", trained("default", [][]float64{{0.34, 0.35}}, "a b c d", "a b c x"), nil},
		{"other words", trained("default", [][]float64{{0.34, 0.35}}, "a b y z", "u v y z"), []string{"overlap"}},
		{"other order of pairs", trained("default", [][]float64{{0.33, 0.34}}, "a b c d", "a b c x"), []string{"pairs.txt"}},
		{"no correlation", trained("default", [][]float64{{math.NaN(), 0.4}}, "a b c d", "a b c x"), []string{"pairs.txt"}},
	} {
		got := shortfalls([]result{c.ours, gensim}, js)
		if len(got) != len(c.behind) {
			t.Errorf("%s: found %q, expected %q", c.name, got, c.behind)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.behind[i]) {
				t.Errorf("%s: found %q, expected %q", c.name, got, c.behind)
			}
		}
	}
	if got := shortfalls([]result{gensim}, js); got != nil {
		t.Errorf("gensim is behind itself: %q", got)
	}
}

func TestTables(t *testing.T) {
	var b bytes.Buffer
	all := []result{trained("default", [][]float64{{0.2, 0.4}}, "a b", "a c"), trained("gensim", [][]float64{{0.5, 0.5}}, "a b", "a c")}
	printOverlaps(&b, all)
	printCorrelations(&b, all, []judgements{{name: "pairs.txt", covered: 2}})
	for _, want := range []string{"default  gensim   0.750  (0.500-1.000)", "pairs.txt  2 of 0 pairs  default  0.300  (0.141)"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("found\n%s\nexpected in it %q", b.String(), want)
		}
	}
}

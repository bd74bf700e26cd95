package embed

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

var writeRing = flag.String("write-ring", "", "write the text of TestNeighboursAsGensim's golden file, for gensim, to this file")

// ring is a text whose words stand on a ring; a sentence is of words around a
// place on it, so that each word has near ones and less near ones.
func ring() [][]string {
	const words, sentences, length, spread = 150, 4000, 10, 14
	rng := rand.New(rand.NewPCG(11, 17))
	all := make([][]string, sentences)
	for i := range all {
		place := math.Pow(rng.Float64(), 2) * words // some words are frequent
		for range length {
			at := int(math.Floor(place + spread*rng.NormFloat64()))
			all[i] = append(all[i], fmt.Sprintf("w%03d", (at%words+words)%words))
		}
	}
	return all
}

// gensimGolden is testdata/golden/gensim.json: the ten nearest neighbours of
// each word of the ring in vectors of gensim 4.2.0, three trainings with
// different seeds, one worker:
//
//	go test ./embed -run TestNeighboursAsGensim -write-ring ring.txt
//	python3 embed/testdata/golden/neighbours.py ring.txt > embed/testdata/golden/gensim.json
type gensimGolden struct {
	Seeds      []map[string][]string `json:"seeds"`
	Similarity []float64             `json:"similarity"` // mean cosine of each word and the next on the ring, per seed
}

// overlap is the mean share of neighbours that two trainings have in common.
func overlap(a, b map[string][]string) float64 {
	common, all := 0, 0
	for word, near := range a {
		for _, n := range near {
			if slices.Contains(b[word], n) {
				common++
			}
		}
		all += len(near)
	}
	return float64(common) / float64(all)
}

// TestNeighboursAsGensim holds our neighbours against gensim's: they must have
// as much in common as those of two gensim trainings.
func TestNeighboursAsGensim(t *testing.T) {
	all := ring()
	if *writeRing != "" {
		var text strings.Builder
		for _, s := range all {
			text.WriteString(strings.Join(s, " ") + "\n")
		}
		if err := os.WriteFile(*writeRing, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Skip("wrote the text only")
	}
	raw, err := os.ReadFile("testdata/golden/gensim.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden gensimGolden
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	p := DefaultParams()
	p.Size, p.Epochs = 32, 5
	v := train(t, all, p, Options{})
	ours := map[string][]string{}
	similarity := 0.0
	for word := range golden.Seeds[0] {
		near, err := v.Nearest(word, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range near {
			ours[word] = append(ours[word], n.Word)
		}
		var i int
		fmt.Sscanf(word, "w%d", &i)
		next := fmt.Sprintf("w%03d", (i+1)%len(golden.Seeds[0]))
		similarity += v.Similarity(v.Vocabulary.ID(word), v.Vocabulary.ID(next)) / float64(len(golden.Seeds[0]))
	}
	own, theirs, pairs := 0.0, 0.0, 0.0
	for i, a := range golden.Seeds {
		own += overlap(ours, a) / float64(len(golden.Seeds))
		for _, b := range golden.Seeds[:i] {
			theirs += overlap(a, b)
			pairs++
		}
	}
	theirs /= pairs
	t.Logf("overlap with gensim %.3f, of gensim with itself %.3f; similarity of next words %.3f, gensim's %.3f", own, theirs, similarity, golden.Similarity)
	if own < theirs-0.03 {
		t.Errorf("%.3f of the neighbours are gensim's, expected %.3f as between two of its trainings", own, theirs)
	}
	if math.Abs(similarity-golden.Similarity[0]) > 0.03 {
		t.Errorf("the similarity of next words is %.3f, gensim's %.3f", similarity, golden.Similarity[0])
	}
}

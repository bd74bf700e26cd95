package embed

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"wakong/vocab"
)

// A SimilarityScore says how well cosines agree with people's judgements.
type SimilarityScore struct {
	Pairs   int // of words that were judged
	Covered int // those both of whose words have vectors; only they count
	// Spearman is the rank correlation of cosines and judgements, -1 to 1, NaN
	// where there are fewer than two covered pairs or all are judged alike.
	Spearman float64
}

// ScorePairs compares the cosines of pairs of words with their judgements.
func (v *Vectors) ScorePairs(pairs []WordPair) SimilarityScore {
	s := SimilarityScore{Pairs: len(pairs)}
	var cosines, judged []float64
	for _, p := range pairs {
		a, b := v.Vocabulary.ID(p.A), v.Vocabulary.ID(p.B)
		if a == vocab.UNK || b == vocab.UNK {
			continue
		}
		cosines = append(cosines, v.Similarity(a, b))
		judged = append(judged, p.Score)
	}
	s.Covered = len(cosines)
	s.Spearman = Spearman(cosines, judged)
	return s
}

// Spearman is the rank correlation of two lists of the same length: Pearson's
// correlation of their ranks, where equal values share the mean of theirs. NaN
// for fewer than two values, and where one list holds one value only.
func Spearman(x, y []float64) float64 {
	if len(x) != len(y) {
		panic("embed: Spearman of lists of different lengths")
	}
	if len(x) < 2 {
		return math.NaN()
	}
	return stat.Correlation(ranks(x), ranks(y), nil)
}

// ranks gives each value its place in the order, from 1.
func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return a - b
	})
	rank := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			rank[order[k]] = float64(i+1+j) / 2
		}
		i = max(j, i+1) // NaN equals nothing, itself neither
	}
	return rank
}

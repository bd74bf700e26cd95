package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"wakong/corpus"
	"wakong/embed"
	"wakong/vocab"
)

// A result is what the trainings of one trainer gave, seed by seed.
type result struct {
	trainer  string
	near     [][][]string // [seed][noun]: the nearest words
	spearman [][]float64  // [file of judgements][seed]
}

// judgements are a file of judged pairs.
type judgements struct {
	name    string
	pairs   []embed.WordPair
	covered int
}

func readJudgements(paths []string) ([]judgements, error) {
	var all []judgements
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		pairs, err := embed.ReadPairs(f, path)
		f.Close()
		if err != nil {
			return nil, err
		}
		all = append(all, judgements{name: filepath.Base(path), pairs: pairs})
	}
	return all, nil
}

// cover counts the pairs both of whose words are in the vocabulary. Fewer than
// two cannot be correlated, which is better said before hours of training.
func cover(all []judgements, v *vocab.Vocabulary) error {
	for i, j := range all {
		for _, pair := range j.pairs {
			if v.ID(pair.A) != vocab.UNK && v.ID(pair.B) != vocab.UNK {
				all[i].covered++
			}
		}
		if all[i].covered < 2 {
			return fmt.Errorf("%s: %d of the %d pairs are in the text's vocabulary, expected 2 or more", j.name, all[i].covered, len(j.pairs))
		}
	}
	return nil
}

// frequentNouns gives the first n words of the vocabulary that jieba's
// dictionary has as nouns. Ids are by frequency.
func frequentNouns(v *vocab.Vocabulary, n int) ([]string, error) {
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{})
	if err != nil {
		return nil, err
	}
	var nouns []string
	for id := int32(1); int(id) < v.Len() && len(nouns) < n; id++ {
		if word := v.Word(id); jieba.IsNoun(word) {
			nouns = append(nouns, word)
		}
	}
	return nouns, nil
}

func nearest(v *embed.Vectors, words []string, n int) ([][]string, error) {
	all := make([][]string, len(words))
	for i, word := range words {
		near, err := v.Nearest(word, n)
		if err != nil {
			return nil, err
		}
		for _, neighbor := range near {
			all[i] = append(all[i], neighbor.Word)
		}
	}
	return all, nil
}

// overlap is the mean share of neighbours that two trainings have in common.
func overlap(a, b [][]string) float64 {
	common, all := 0, 0
	for i := range a {
		for _, word := range a[i] {
			if slices.Contains(b[i], word) {
				common++
			}
		}
		all += len(a[i])
	}
	return float64(common) / float64(all)
}

// overlaps are those of all pairs of trainings, of one trainer each or, with
// other seeds, of one and the same.
func overlaps(a, b result) []float64 {
	var all []float64
	for i := range a.near {
		for j := range b.near {
			if a.trainer != b.trainer || i < j {
				all = append(all, overlap(a.near[i], b.near[j]))
			}
		}
	}
	return all
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// deviation is the standard deviation of a sample.
func deviation(x []float64) float64 {
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(x)-1))
}

func printOverlaps(w io.Writer, all []result) {
	fmt.Fprintln(w, "\nOverlap of the nearest words, mean over pairs of seeds (least to largest)")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, a := range all {
		for _, b := range all[i:] {
			x := overlaps(a, b)
			fmt.Fprintf(t, "%s\t%s\t%.3f\t(%.3f-%.3f)\n", a.trainer, b.trainer, mean(x), slices.Min(x), slices.Max(x))
		}
	}
	t.Flush()
}

func printCorrelations(w io.Writer, all []result, js []judgements) {
	if len(js) == 0 {
		return
	}
	fmt.Fprintln(w, "\nSpearman's correlation, mean over the seeds (standard deviation)")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, j := range js {
		for _, r := range all {
			fmt.Fprintf(t, "%s\t%d of %d pairs\t%s\t%.3f\t(%.3f)\n", j.name, j.covered, len(j.pairs), r.trainer, mean(r.spearman[i]), deviation(r.spearman[i]))
		}
	}
	t.Flush()
}

// shortfalls tells by what the first trainer stays behind gensim, if that is
// among the others.
func shortfalls(all []result, js []judgements) []string {
	at := slices.IndexFunc(all, func(r result) bool { return r.trainer == "gensim" })
	if at < 1 {
		return nil
	}
	ours, gensim := all[0], all[at]
	var behind []string
	if a, b := mean(overlaps(ours, gensim)), mean(overlaps(gensim, gensim)); !(a >= b-overlapMargin) {
		behind = append(behind, fmt.Sprintf("overlap %.4f, expected %.4f less %v", a, b, overlapMargin))
	}
	for i, j := range js {
		if a, b := mean(ours.spearman[i]), mean(gensim.spearman[i]); !(a >= b-correlationMargin) {
			behind = append(behind, fmt.Sprintf("%s: correlation %.4f, expected %.4f less %v", j.name, a, b, correlationMargin))
		}
	}
	return behind
}

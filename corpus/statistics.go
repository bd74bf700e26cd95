package corpus

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/gonum/stat"
)

// Statistics count what a segmented corpus is like, document by document. Memory
// grows with the vocabulary alone. Make them with [NewStatistics].
type Statistics struct {
	documents, sentences, words, characters int64

	counts                                        map[string]int64
	documentLengths, sentenceLengths, wordLengths lengthCounts
	growth                                        []GrowthPoint
	next                                          float64 // words at which the vocabulary is noted next
}

// lengthCounts is how often each length was met.
type lengthCounts map[int]int64

// pointsPerDecade is how many points of a curve lie between a number and ten times
// as much.
const pointsPerDecade = 8

// NewStatistics have counted nothing.
func NewStatistics() *Statistics {
	return &Statistics{counts: map[string]int64{}, next: 1,
		documentLengths: lengthCounts{}, sentenceLengths: lengthCounts{}, wordLengths: lengthCounts{}}
}

// Add counts a document's sentences; one that is not segmented is but a document
// without words.
func (s *Statistics) Add(d Document) {
	s.documents++
	words := 0
	for _, sentence := range d.Sentences {
		if len(sentence) == 0 {
			continue
		}
		s.sentences++
		s.sentenceLengths[len(sentence)]++
		words += len(sentence)
		for _, w := range sentence {
			s.addWord(w)
		}
	}
	s.documentLengths[words]++
}

func (s *Statistics) addWord(word string) {
	n := utf8.RuneCountInString(word)
	s.characters += int64(n)
	s.wordLengths[n]++
	if _, known := s.counts[word]; !known {
		word = strings.Clone(word) // it may be a piece of a long text
	}
	s.counts[word]++
	if s.words++; float64(s.words) >= s.next {
		s.growth = append(s.growth, GrowthPoint{s.words, len(s.counts)})
		for float64(s.words) >= s.next {
			s.next *= math.Pow(10, 1.0/pointsPerDecade)
		}
	}
}

// A StatisticsSummary is a corpus at a glance.
type StatisticsSummary struct {
	Documents  int64       `json:"documents"`
	Sentences  int64       `json:"sentences"`
	Words      int64       `json:"words"`
	Characters int64       `json:"characters"` // of the words
	Vocabulary int         `json:"vocabulary"` // different words
	Once       int         `json:"once"`       // of them, those that occur once
	Growth     Growth      `json:"growth"`
	Frequency  Frequency   `json:"frequency"`
	Lengths    []Lengths   `json:"lengths"`  // of documents, sentences, words
	Frequent   []WordCount `json:"frequent"` // the most frequent words that hold a letter or Chinese character
}

// Growth is how the vocabulary grows with the text, with Heaps' law (1978) fitted:
// a text of n words has K*n^Beta different ones.
type Growth struct {
	K      float64       `json:"k"` // 0 where the text is too short to tell
	Beta   float64       `json:"beta"`
	Points []GrowthPoint `json:"points"`
}

// A GrowthPoint is the number of different words among the first Words of the
// corpus, in its order.
type GrowthPoint struct {
	Words      int64 `json:"words"`
	Vocabulary int   `json:"vocabulary"`
}

// Frequency is how often words of each rank occur, with Zipf's law (1949) fitted:
// the word of rank r occurs C*r^-Exponent times.
type Frequency struct {
	C        float64     `json:"c"` // 0 where the text is too short to tell
	Exponent float64     `json:"exponent"`
	Points   []RankPoint `json:"points"`
}

// A RankPoint is the count of the word of a rank, 1 for the most frequent.
type RankPoint struct {
	Rank  int   `json:"rank"`
	Count int64 `json:"count"`
}

// A WordCount is a word with the number of its occurrences.
type WordCount struct {
	Word  string `json:"word"`
	Count int64  `json:"count"`
}

// Lengths are the lengths of documents, sentences or words.
type Lengths struct {
	Of   string  `json:"of"`
	Unit string  `json:"unit"`
	Mean float64 `json:"mean"`
	// Quantiles are the lengths that the shares LengthShares of all do not exceed;
	// the first is the smallest, the last the largest.
	Quantiles [7]int `json:"quantiles"`
	// Groups are the numbers of lengths From to To, all of the same width but the
	// last, which holds the hundredth that is longest.
	Groups []LengthGroup `json:"groups"`
}

// LengthShares are those of [Lengths.Quantiles].
var LengthShares = [7]float64{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1}

// A LengthGroup is the number of lengths From to To.
type LengthGroup struct {
	From  int   `json:"from"`
	To    int   `json:"to"`
	Count int64 `json:"count"`
}

const (
	frequentWords = 20
	lengthGroups  = 30
	// Below this many words or ranks a law has nothing to be fitted to. Its
	// beginning is left out of the fit for growth, since the first words are
	// nearly all new.
	leastFitted = 100
)

// Summary tells what was counted so far.
func (s *Statistics) Summary() StatisticsSummary {
	sum := StatisticsSummary{
		Documents: s.documents, Sentences: s.sentences, Words: s.words, Characters: s.characters, Vocabulary: len(s.counts),
		Lengths:  []Lengths{s.documentLengths.summary("documents", "words"), s.sentenceLengths.summary("sentences", "words"), s.wordLengths.summary("words", "characters")},
		Frequent: []WordCount{},
	}
	ranked := make([]WordCount, 0, len(s.counts))
	for w, n := range s.counts {
		ranked = append(ranked, WordCount{w, n})
		if n == 1 {
			sum.Once++
		}
	}
	slices.SortFunc(ranked, func(a, b WordCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Word, b.Word))
	})
	for _, w := range ranked {
		if len(sum.Frequent) < frequentWords && strings.ContainsFunc(w.Word, unicode.IsLetter) {
			sum.Frequent = append(sum.Frequent, w)
		}
	}
	sum.Growth, sum.Frequency = s.grown(), ranks(ranked)
	return sum
}

// grown is the growth up to now.
func (s *Statistics) grown() Growth {
	g := Growth{Points: append([]GrowthPoint{}, s.growth...)}
	if last := len(g.Points) - 1; last >= 0 && g.Points[last].Words < s.words {
		g.Points = append(g.Points, GrowthPoint{s.words, len(s.counts)})
	}
	var x, y []float64
	for _, p := range g.Points {
		if p.Words >= leastFitted {
			x, y = append(x, math.Log(float64(p.Words))), append(y, math.Log(float64(p.Vocabulary)))
		}
	}
	if len(x) > 1 {
		intercept, slope := stat.LinearRegression(x, y, nil, false)
		g.K, g.Beta = math.Exp(intercept), slope
	}
	return g
}

// ranks are the counts at ranks of equal distances in their logarithm.
func ranks(ranked []WordCount) Frequency {
	f := Frequency{Points: []RankPoint{}}
	next := 1.0
	var x, y []float64
	for i, w := range ranked {
		rank := i + 1
		if float64(rank) < next && rank < len(ranked) {
			continue
		}
		for float64(rank) >= next {
			next *= math.Pow(10, 1.0/pointsPerDecade)
		}
		f.Points = append(f.Points, RankPoint{rank, w.Count})
		x, y = append(x, math.Log(float64(rank))), append(y, math.Log(float64(w.Count)))
	}
	if len(ranked) >= leastFitted {
		intercept, slope := stat.LinearRegression(x, y, nil, false)
		f.C, f.Exponent = math.Exp(intercept), -slope
	}
	return f
}

func (l lengthCounts) summary(of, unit string) Lengths {
	out := Lengths{Of: of, Unit: unit, Groups: []LengthGroup{}}
	lengths := make([]int, 0, len(l))
	total, sum := int64(0), int64(0)
	for length, n := range l {
		lengths = append(lengths, length)
		total += n
		sum += n * int64(length)
	}
	if total == 0 {
		return out
	}
	slices.Sort(lengths)
	out.Mean = float64(sum) / float64(total)
	for i, share := range LengthShares {
		out.Quantiles[i] = l.quantile(lengths, total, share)
	}
	least, most := lengths[0], lengths[len(lengths)-1]
	end := l.quantile(lengths, total, 0.99)
	width := max(1, (end-least+lengthGroups)/lengthGroups)
	for from := least; from <= end; from += width {
		out.Groups = append(out.Groups, LengthGroup{From: from, To: min(from+width-1, most)})
	}
	if last := &out.Groups[len(out.Groups)-1]; last.To < most {
		out.Groups = append(out.Groups, LengthGroup{From: last.To + 1, To: most})
	}
	for length, n := range l {
		out.Groups[min((length-least)/width, len(out.Groups)-1)].Count += n
	}
	return out
}

// quantile is the smallest length that at least this share of all do not exceed.
func (l lengthCounts) quantile(sorted []int, total int64, share float64) int {
	need := max(1, int64(math.Ceil(share*float64(total))))
	seen := int64(0)
	for _, length := range sorted {
		if seen += l[length]; seen >= need {
			return length
		}
	}
	return sorted[len(sorted)-1]
}

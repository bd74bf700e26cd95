package corpus

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestStatistics(t *testing.T) {
	s := NewStatistics()
	s.Add(Document{Sentences: [][]string{strings.Fields("狐狸 看见 刺猬 。"), nil, strings.Fields("刺猬 说 ： 狐狸 ！")}})
	s.Add(Document{Sentences: [][]string{strings.Fields("狐狸 跑 。")}})
	s.Add(Document{Text: "无"})
	b, err := json.MarshalIndent(s.Summary(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "statistics.json", string(b)+"\n")
	if sum := NewStatistics().Summary(); sum.Documents != 0 || len(sum.Growth.Points) != 0 || len(sum.Lengths[0].Groups) != 0 {
		t.Errorf("%+v", sum)
	}
}

// A text drawn by Zipf's law shows the law it was drawn by: with an exponent a its
// vocabulary grows with the power 1/a (van Leijenhorst and van der Weide, 2005).
func TestStatisticsLaws(t *testing.T) {
	const exponent = 1.6
	s := NewStatistics()
	z := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), exponent, 1, 1<<40)
	for range 400 {
		sentence := make([]string, 1000)
		for i := range sentence {
			sentence[i] = fmt.Sprint(z.Uint64())
		}
		s.Add(Document{Sentences: [][]string{sentence}})
	}
	sum := s.Summary()
	t.Logf("Zipf %.3f, Heaps %.3f * n^%.3f", sum.Frequency.Exponent, sum.Growth.K, sum.Growth.Beta)
	if math.Abs(sum.Frequency.Exponent-exponent) > 0.12 || math.Abs(sum.Growth.Beta-1/exponent) > 0.05 {
		t.Errorf("exponents %.3f and %.3f, want %.3f and %.3f", sum.Frequency.Exponent, sum.Growth.Beta, exponent, 1/exponent)
	}
	last := sum.Growth.Points[len(sum.Growth.Points)-1]
	if last.Words != 400_000 || last.Vocabulary != sum.Vocabulary {
		t.Errorf("%+v", last)
	}
}

// Quantiles and groups are those of the sorted list.
func TestLengths(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		list := rapid.SliceOfN(rapid.IntRange(0, rapid.SampledFrom([]int{1, 40, 5000}).Draw(r, "most")), 1, 300).Draw(r, "lengths")
		counts := lengthCounts{}
		for _, n := range list {
			counts[n]++
		}
		slices.Sort(list)
		l := counts.summary("x", "y")
		for i, share := range LengthShares {
			at := max(1, int(math.Ceil(share*float64(len(list)))))
			if l.Quantiles[i] != list[at-1] {
				r.Fatalf("quantile %v is %d, want %d", share, l.Quantiles[i], list[at-1])
			}
		}
		next := list[0]
		for _, g := range l.Groups {
			n := int64(0)
			for _, length := range list {
				if length >= g.From && length <= g.To {
					n++
				}
			}
			if g.From != next || g.To < g.From || n != g.Count {
				r.Fatalf("%+v holds %d, expected from %d on", g, n, next)
			}
			next = g.To + 1
		}
		if next <= list[len(list)-1] || len(l.Groups) > lengthGroups+2 {
			r.Fatalf("%d groups up to %d, the longest is %d", len(l.Groups), next-1, list[len(list)-1])
		}
	})
}

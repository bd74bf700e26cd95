package reader

import (
	"math/rand/v2"
	"slices"
	"sort"

	"wakong/model/lstm"
)

// wordWeight is how often a word is expected, apart from what its place says.
func (l *Lexicon) wordWeight(id int32) int64 { return 1 + l.Vocabulary.Count(id) }

// sample draws words to the batch's own, which rows holds. They stand for all that the
// vocabulary has besides: to predict a word among all of them would take longer than all
// else; so some are drawn, as often as they stand in the texts, and share what all of them
// weigh (importance sampling; Bengio and Senécal, "Quick training of probabilistic neural
// nets by importance sampling", 2003). In the mean over draws a word's score meets the sum
// over the whole vocabulary.
func (b *batch) sample(l *Lexicon, rows map[tableKey]int32, draws int, random *rand.Rand) {
	lacking, sums, sum := []int32(nil), []int64(nil), int64(0)
	for id := int32(1); int(id) < l.Vocabulary.Len(); id++ {
		if _, ok := rows[tableKey{id: id}]; !ok {
			sum += l.wordWeight(id)
			lacking, sums = append(lacking, id), append(sums, sum)
		}
	}
	if sum == 0 {
		return
	}
	drawn := make([]int32, draws)
	for i := range drawn {
		at := random.Int64N(sum)
		drawn[i] = lacking[sort.Search(len(sums), func(j int) bool { return sums[j] > at })]
	}
	slices.Sort(drawn)
	for from := 0; from < len(drawn); {
		to := from
		for to < len(drawn) && drawn[to] == drawn[from] {
			to++
		}
		b.ids, b.spellings = append(b.ids, drawn[from]), append(b.spellings, l.spelling(nil, drawn[from]))
		share := float64(to-from) / float64(draws)
		b.sampled = append(b.sampled, lstm.Log(share*float64(sum)))
		from = to
	}
}

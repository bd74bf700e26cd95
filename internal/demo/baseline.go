package demo

import "wakong/corpus"

// Baselines are the accuracies, from 0 to 1, of two ways to answer without a
// network: what the network has to beat.
type Baselines struct {
	// AnyNoun draws one of the passage's nouns, each with the same chance.
	AnyNoun float64
	// MostFrequentNoun takes the noun that occurs most often; of several, each
	// with the same chance.
	MostFrequentNoun float64
}

// Measure computes the baselines' expected accuracies on questions. answer
// returns the right word for a question's id.
func Measure(questions []corpus.Question, answer func(id string) string, isNoun func(string) bool) Baselines {
	var b Baselines
	for _, q := range questions {
		count := map[string]int{}
		most := 0
		for _, w := range q.Words {
			if isNoun(w) {
				count[w]++
				most = max(most, count[w])
			}
		}
		right := count[answer(q.ID)]
		if right == 0 {
			continue
		}
		b.AnyNoun += 1 / float64(len(count))
		if right == most {
			first := 0
			for _, n := range count {
				if n == most {
					first++
				}
			}
			b.MostFrequentNoun += 1 / float64(first)
		}
	}
	n := float64(max(1, len(questions)))
	return Baselines{b.AnyNoun / n, b.MostFrequentNoun / n}
}

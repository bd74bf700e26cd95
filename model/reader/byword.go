package reader

import "wakong/model/lstm"

// sameWords gives for each key the first that holds the same word.
func sameWords(p *passage, keys []int32) []int32 {
	first, all := map[int32]int32{}, make([]int32, len(keys))
	for j, key := range keys {
		id := p.words[key]
		if _, ok := first[id]; !ok {
			first[id] = int32(j)
		}
		all[j] = first[id]
	}
	return all
}

// byWord are means over the candidates that are the same word.
type byWord[T lstm.Float] struct {
	same         []int32
	sums, counts []T // of each word at its first candidate
}

func newByWord[T lstm.Float](p *passage, keys []int32) byWord[T] {
	return byWord[T]{sameWords(p, keys), make([]T, len(keys)), make([]T, len(keys))}
}

func (w byWord[T]) reset() {
	clear(w.sums)
	clear(w.counts)
}

func (w byWord[T]) add(j int, x T) {
	w.sums[w.same[j]] += x
	w.counts[w.same[j]]++
}

// mean is that of the word of candidate j, which was added.
func (w byWord[T]) mean(j int) T { return w.sums[w.same[j]] / w.counts[w.same[j]] }

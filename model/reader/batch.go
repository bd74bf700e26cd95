package reader

import (
	"math/rand/v2"

	"wakong/model/lstm"
)

// A batch is passages side by side, packed for the network.
type batch struct {
	passages []*passage
	layout   lstm.Layout
	index    []int32 // [rows] row of the table of distinct words
	passage  []int32 // [rows] number of the row's passage

	// The table's rows.
	ids       []int32
	spellings [][]int32
	sampled   []float64 // of the last rows, words that stand in none of the passages: what is added to their scores; see sample.go

	// All passages' candidates, blanks, and other words to be predicted, one
	// after another, as positions in their passages; passage i's are those from
	// first[i] to first[i+1].
	keys, blanks, others places
	features             [][]uint16 // of each passage
	shares               []float64  // [blanks] of the loss
}

type places struct {
	at    []int32
	first []int
}

func (p *places) begin()           { p.at, p.first = p.at[:0], append(p.first[:0], 0) }
func (p *places) end()             { p.first = append(p.first, len(p.at)) }
func (p *places) of(i int) []int32 { return p.at[p.first[i]:p.first[i+1]] }

// tableKey tells words apart: ids beyond the vocabulary belong to a passage.
type tableKey struct{ passage, id int32 }

// pack makes a batch of passages. In training, with random, words are drawn to be
// predicted and others for them to be told from, if words are predicted.
func (n *Network[T]) pack(passages []*passage, random *rand.Rand) (*batch, error) {
	b := &batch{passages: passages}
	lengths := make([]int, len(passages))
	for i, p := range passages {
		lengths[i] = len(p.words)
	}
	if err := b.layout.Set(lengths); err != nil {
		return nil, err
	}
	b.index, b.passage = make([]int32, b.layout.Rows()), make([]int32, b.layout.Rows())
	b.keys.begin()
	b.blanks.begin()
	b.others.begin()
	predicts := random != nil && n.o.WordLoss > 0
	rows := map[tableKey]int32{}
	for i, p := range passages {
		n.packPassage(b, i, p, rows)
		b.blanks.at = append(b.blanks.at, p.blanks...)
		if predicts && n.o.WordShare > 0 {
			b.drawOthers(p, n.o.WordShare, random)
		}
		b.keys.end()
		b.blanks.end()
		b.others.end()
	}
	if predicts && n.o.WordSamples > 0 {
		b.sample(n.lexicon, rows, n.o.WordSamples, random)
	}
	n.weigh(b)
	b.features = make([][]uint16, len(passages))
	lstm.Tasks(n.o.Threads, len(passages), func(i int) { b.features[i] = n.lexicon.features(passages[i], b.keys.of(i), n.known) })
	return b, nil
}

func (n *Network[T]) packPassage(b *batch, i int, p *passage, rows map[tableKey]int32) {
	for t, row := range b.layout.RowsOf(i) {
		id := p.words[t]
		key := tableKey{id: id}
		if int(id) >= n.vocabulary {
			key.passage = int32(i + 1)
		}
		at, ok := rows[key]
		if !ok {
			at = int32(len(b.ids))
			rows[key] = at
			b.ids = append(b.ids, id)
			b.spellings = append(b.spellings, n.lexicon.spelling(p, id))
		}
		b.index[row], b.passage[row] = at, int32(i)
		if p.candidate[t] {
			b.keys.at = append(b.keys.at, int32(t))
		}
	}
}

// drawOthers draws words besides the blanks, which are predicted anyway.
func (b *batch) drawOthers(p *passage, share float64, random *rand.Rand) {
	next := 0
	for t := range p.words {
		if next < len(p.blanks) && int(p.blanks[next]) == t {
			next++
		} else if random.Float64() < share {
			b.others.at = append(b.others.at, int32(t))
		}
	}
}

// own is the number of distinct words of the passages: the table's first rows.
func (b *batch) own() int { return len(b.ids) - len(b.sampled) }

// asked is the number of places that have a query: blanks, then others.
func (b *batch) asked() int { return len(b.blanks.at) + len(b.others.at) }

// grow gives s the length n, in its own memory where that suffices.
func grow[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n, n+n/16)
	}
	return s[:n]
}

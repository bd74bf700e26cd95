package reader

import (
	"math"

	"wakong/model/lstm"
)

// rereading is the second reading: an LSTM layer that reads the candidates, in
// their order in the passage, once for each blank. It says of each place, and of
// each word, what is added to the scores of the first reading.
type rereading[T lstm.Float] struct {
	pair   lstm.Linear[T] // of the query times the key
	glance lstm.Linear[T] // of the key
	ask    lstm.Linear[T] // of the query's hidden layer
	layer  *lstm.Layer[T]
	parts  struct{ pair, glance, ask, features, first, blank, layer, out piece }

	// One sequence for each blank: a row for each candidate that is not too near,
	// and one in the blank's place.
	layout lstm.Layout
	rows   [][]int32 // [passages][blanks, keys] the pair's row, -1 where too near
	blanks []int32   // [blanks] the blank's own row

	probabilities, levels [][]T // [passages][blanks, keys] of the first reading

	pairs, dpairs     []T        // [rows, Keys]
	glances, dglances [kinds][]T // [keys, r]
	asks, dasks       []T        // [blanks, r]
	in, din           []T        // [rows, r]
	mask              []T        // [blanks, r]
	out, dout         []T        // [rows, 2r]
	dweights          []T        // [passages, what passageWeights counts]
}

// leastLevel is that of a candidate which the first reading all but excludes.
const leastLevel = -1

// LevelScale makes of a score's distance to the best one what the second reading reads.
const LevelScale = 0.1

func (n *Network[T]) layOutReread() error {
	r, o, s := n.o.Reread, n.o, &n.reread
	if r == 0 {
		return nil
	}
	linear := func(l *lstm.Linear[T], from int) piece {
		*l = lstm.Linear[T]{In: from, Out: r, Kernel: o.Kernel, Threads: o.Threads}
		return n.parts.add(l.Params())
	}
	s.parts.pair, s.parts.glance, s.parts.ask = linear(&s.pair, o.Keys), linear(&s.glance, o.Keys), linear(&s.ask, o.Hidden)
	s.parts.features = n.parts.add(featureCount * r)
	s.parts.first = n.parts.add(2 * r)
	s.parts.blank = n.parts.add(r)
	layer, err := lstm.NewLayer[T](lstm.Size{In: r, Units: r}, o.Kernel)
	if err != nil {
		return err
	}
	layer.Threads = o.Threads
	s.layer = layer
	s.parts.layer = n.parts.add(layer.Size.Params())
	s.parts.out = n.parts.add(2 * 2 * r)
	return nil
}

// setFirst notes what the first reading thinks of passage i's pairs: their
// probabilities, and how far their scores are below the best.
func (n *Network[T]) setFirst(i, blanks, keys int) {
	s := &n.reread
	s.probabilities[i], s.levels[i] = grow(s.probabilities[i], blanks*keys), grow(s.levels[i], blanks*keys)
	for a := range blanks {
		scores, of := n.pass.raw[i][a*keys:][:keys], s.probabilities[i][a*keys:][:keys]
		top, sum := math.Inf(-1), 0.0
		for _, x := range scores {
			top = max(top, x)
		}
		for j, x := range scores {
			s.levels[i][a*keys+j], of[j] = leastLevel, 0
			if !math.IsInf(x, -1) {
				e := lstm.Exp(x - top)
				s.levels[i][a*keys+j], of[j] = T(max(leastLevel, (x-top)*LevelScale)), T(e)
				sum += e
			}
		}
		for j := range of {
			of[j] = T(float64(of[j]) / max(sum, 1))
		}
	}
}

// place gives each pair its row.
func (n *Network[T]) place(b *batch) error {
	s := &n.reread
	lengths := make([]int, len(b.blanks.at))
	s.rows, s.blanks = grow(s.rows, len(b.passages)), grow(s.blanks, len(b.blanks.at))
	for i := range b.passages {
		for a, blank := range b.blanks.of(i) {
			length := &lengths[b.blanks.first[i]+a]
			*length = 1
			for _, key := range b.keys.of(i) {
				if !tooNear(blank, key) {
					*length++
				}
			}
		}
	}
	if err := s.layout.Set(lengths); err != nil {
		return err
	}
	for i := range b.passages {
		blanks, keys := b.blanks.of(i), b.keys.of(i)
		s.rows[i] = grow(s.rows[i], len(blanks)*len(keys))
		for a, blank := range blanks {
			s.placeBlank(b.blanks.first[i]+a, blank, keys, s.rows[i][a*len(keys):])
		}
	}
	return nil
}

func (s *rereading[T]) placeBlank(number int, blank int32, keys, rows []int32) {
	of, next := s.layout.RowsOf(number), 0
	take := func() int32 { next++; return of[next-1] }
	marked := false
	for j, key := range keys {
		if key >= blank && !marked {
			s.blanks[number], marked = take(), true
		}
		rows[j] = -1
		if !tooNear(blank, key) {
			rows[j] = take()
		}
	}
	if !marked {
		s.blanks[number] = take()
	}
}

// eachPair calls f for passage i's pairs that have a row: the blank's number among
// all, the candidate's in the passage, the pair's number, its row and the kind of its key.
func (n *Network[T]) eachPair(b *batch, i int, f func(number, j, pair, row, kind int)) {
	keys := b.keys.of(i)
	for a, blank := range b.blanks.of(i) {
		for j, key := range keys {
			if row := n.reread.rows[i][a*len(keys)+j]; row >= 0 {
				f(b.blanks.first[i]+a, j, a*len(keys)+j, int(row), b.passages[i].kind(blank, key))
			}
		}
	}
}

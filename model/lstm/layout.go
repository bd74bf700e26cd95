package lstm

import (
	"fmt"
	"math"
	"slices"
)

// shardSequences is how many sequences a shard holds, about: few enough that
// one step's gates stay in a core's second-level cache, enough rows for the
// matrix product to run at full rate, and four shards at the usual 320
// sequences, so that eight threads find work.
const shardSequences = 80

// A Layout places sequences of different lengths in a packed matrix; see the
// package document. The zero Layout holds no sequences.
type Layout struct {
	rows    int
	shards  []shard
	lengths []int
	order   []int32 // sequences, longest first
	start   []int   // first element of a sequence in positions
	packed  []int32 // row of each position, sequence after sequence
	before  []int32 // row of the same sequence one step earlier, or -1
	after   []int32 // one step later, or -1
}

// shard is a set of sequences that step through time together.
type shard struct {
	order  []int32 // sequences, longest first, equal ones by number
	active []int32 // [steps] sequences longer than the step
	offset []int32 // [steps] first row of the step
}

// Set lays out sequences with these lengths, each at least 1, reusing the
// layout's memory.
func (l *Layout) Set(lengths []int) error {
	total := 0
	for i, n := range lengths {
		if n < 1 {
			return fmt.Errorf("lstm: sequence %d has length %d; every sequence needs at least one row", i, n)
		}
		if total += n; total > math.MaxInt32 {
			return fmt.Errorf("lstm: the batch has more than %d rows; split it", math.MaxInt32)
		}
	}
	l.rows = total
	l.lengths = append(l.lengths[:0], lengths...)
	l.start = resize(l.start, len(lengths)+1)
	l.start[0] = 0
	for i, n := range lengths {
		l.start[i+1] = l.start[i] + n
	}
	l.packed = resize(l.packed, total)
	l.before = resize(l.before, total)
	l.after = resize(l.after, total)

	l.order = resize(l.order, len(lengths))
	order := l.order
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return lengths[b] - lengths[a] })
	count := max(1, (len(lengths)+shardSequences/2)/shardSequences)
	l.shards = resize(l.shards, count)
	for s := range l.shards {
		l.shards[s].order = l.shards[s].order[:0]
	}
	// Dealing them out in turn gives every shard the same mix of lengths.
	for i, q := range order {
		s := &l.shards[i%count]
		s.order = append(s.order, q)
	}
	row := int32(0)
	for i := range l.shards {
		row = l.place(&l.shards[i], row)
	}
	return nil
}

// place gives the rows from row on to a shard's sequences and returns the next
// free row.
func (l *Layout) place(s *shard, row int32) int32 {
	s.active, s.offset = s.active[:0], s.offset[:0]
	if len(s.order) == 0 {
		return row
	}
	n := len(s.order)
	for t := range l.lengths[s.order[0]] {
		for l.lengths[s.order[n-1]] <= t {
			n--
		}
		s.active = append(s.active, int32(n))
		s.offset = append(s.offset, row)
		for i, q := range s.order[:n] {
			r := row + int32(i)
			l.packed[l.start[q]+t] = r
			l.before[r], l.after[r] = -1, -1
			if t > 0 {
				p := s.offset[t-1] + int32(i)
				l.before[r] = p
				l.after[p] = r
			}
		}
		row += int32(n)
	}
	return row
}

// Rows is the number of rows of the packed matrix: the sum of the lengths.
func (l *Layout) Rows() int { return l.rows }

// Sequences is the number of sequences.
func (l *Layout) Sequences() int { return len(l.lengths) }

// RowsOf lists the rows of sequence i in the order of time. The slice is the
// layout's own and holds until the next Set.
func (l *Layout) RowsOf(i int) []int32 { return l.packed[l.start[i]:l.start[i+1]] }

// resize gives s the length n, in its own memory where that suffices. What it
// holds afterwards is not defined.
func resize[E any](s []E, n int) []E {
	if cap(s) < n {
		// Room to grow: batches differ a little in size, and not every new
		// record should reallocate.
		return make([]E, n, n+n/16)
	}
	return s[:n]
}

package perceptron

import "math"

// impossible is less than any sum of weights.
const impossible = math.MinInt64 / 2

// follows tells which tags can stand behind which.
var follows = [tags][tags]bool{
	begin:  {middle: true, end: true},
	middle: {middle: true, end: true},
	end:    {begin: true, single: true},
	single: {begin: true, single: true},
}

// A scorer knows the weights of tags.
type scorer interface {
	// score adds up the weights of each tag, of the features in rows.
	score(rows *[templates]uint32) [tags]int64
	transition(from, to int) int64
}

// decode writes the tags of the largest sum into out; of equal sums the first
// tag's.
func decode[S scorer](s S, t *text, back [][tags]uint8, out []uint8) {
	n := len(t.runes)
	var rows [templates]uint32
	var sums [tags]int64
	for i := range n {
		t.rows(i, &rows)
		own := s.score(&rows)
		var next [tags]int64
		for to := range tags {
			if i == 0 {
				next[to] = own[to]
				if to == middle || to == end {
					next[to] = impossible
				}
				continue
			}
			most, by := int64(math.MinInt64), 0
			for from := range tags {
				if follows[from][to] && sums[from]+s.transition(from, to) > most {
					most, by = sums[from]+s.transition(from, to), from
				}
			}
			next[to], back[i][to] = most+own[to], uint8(by)
		}
		sums = next
	}
	last := end
	if sums[single] > sums[end] {
		last = single
	}
	for i := n - 1; i >= 0; i-- {
		out[i] = uint8(last)
		last = int(back[i][last])
	}
}

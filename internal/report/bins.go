package report

import (
	"math"
	"slices"
)

// A Bin counts what lies in From <= x < To.
type Bin struct {
	From, To float64
	Count    int64
}

// lengths counts how often each length occurs.
type lengths map[int]int64

// mostBins of a histogram.
const mostBins = 30

// bins puts lengths into at most mostBins ranges of equal width, a width that
// people count in (1, 2, 5, 10, ...). What is longer than all but one in a
// hundred counts to the last range.
func (l lengths) bins() []Bin {
	if len(l) == 0 {
		return nil
	}
	total := int64(0)
	keys := make([]int, 0, len(l))
	for k, n := range l {
		keys, total = append(keys, k), total+n
	}
	slices.Sort(keys)
	low, high := keys[0], l.quantile(0.99)
	width := 1
	for i := 0; (high-low)/width+1 > mostBins; i++ {
		width = []int{1, 2, 5}[i%3] * int(math.Pow10(i/3))
	}
	first := low / width * width
	bins := make([]Bin, (high-first)/width+1)
	for i := range bins {
		bins[i].From, bins[i].To = float64(first+i*width), float64(first+(i+1)*width)
	}
	for _, k := range keys {
		bins[min((k-first)/width, len(bins)-1)].Count += l[k]
	}
	return bins
}

// quantile is the least length that a share q of all does not exceed.
func (l lengths) quantile(q float64) int {
	total, sum := int64(0), int64(0)
	keys := make([]int, 0, len(l))
	for k, n := range l {
		keys, total = append(keys, k), total+n
	}
	slices.Sort(keys)
	for _, k := range keys {
		if sum += l[k]; float64(sum) >= q*float64(total) {
			return k
		}
	}
	return 0
}

// most is the greatest length.
func (l lengths) most() (m int) {
	for k := range l {
		m = max(m, k)
	}
	return m
}

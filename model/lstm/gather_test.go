package lstm

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGatherSum holds the sums of rows, and what they give back, against plain
// loops, in every kernel and at widths that fill no vector.
func TestGatherSum(t *testing.T) {
	for _, k := range Kernels() {
		for _, width := range []int{1, 3, 4, 8, 16, 19, 37, 64} {
			gatherSum(t, k, width, func(rng *rand.Rand) float32 { return float32(rng.Float64() - 0.5) })
		}
	}
	gatherSum(t, Auto, 5, func(rng *rand.Rand) float64 { return rng.Float64() - 0.5 })
}

func gatherSum[T Float](t *testing.T, k Kernel, width int, draw func(*rand.Rand) T) {
	t.Helper()
	const count, groups, tableRows = 11, 7, 13
	rng := rand.New(rand.NewPCG(4, uint64(width)))
	fill := func(n int) []T {
		s := make([]T, n)
		for i := range s {
			s[i] = draw(rng)
		}
		return s
	}
	table, out, dout, dtable := fill(tableRows*width), fill(count*width), fill(count*width), fill(tableRows*width)
	rows, index := make([]int32, count), make([]uint16, count*groups)
	for i, r := range rng.Perm(count) {
		rows[i] = int32(r)
	}
	rows[2], rows[9] = -1, -1
	for i := range index {
		index[i] = uint16(rng.IntN(tableRows)) // a row may stand twice
	}
	want, dwant := slices.Clone(out), slices.Clone(dtable)
	for r, to := range rows {
		for g := range groups {
			for c := range width {
				if at := int(index[r*groups+g])*width + c; to >= 0 {
					want[int(to)*width+c] += table[at]
					dwant[at] += dout[int(to)*width+c]
				}
			}
		}
	}
	GatherSum(k, rows, groups, index, width, table, out)
	GatherSumBackward(k, rows, groups, index, width, dout, dtable)
	if !slices.Equal(out, want) || !slices.Equal(dtable, dwant) {
		t.Errorf("%v, width %d: %v and %v, expected %v and %v", k, width, out, dtable, want, dwant)
	}
}

package lstm

import (
	"crypto/sha256"
	"encoding/binary"
	stdflag "flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = stdflag.Bool("update", false, "write the golden files anew")

// TestPortableBits holds the portable kernel's outputs and gradients to the
// bit against a file that is the same for every CPU.
//
// Inputs are whole numbers over a power of two: no step on the way to the
// kernel rounds, so that nothing but the kernel can differ between CPUs.
func TestPortableBits(t *testing.T) {
	cases := []struct {
		name    string
		size    Size
		lengths []int
	}{
		{"one word", Size{3, 2}, []int{1}},
		{"odd sizes", Size{7, 5}, []int{4, 1, 9, 9, 2}},
		{"vector multiple", Size{16, 32}, []int{12, 5, 5, 1}},
		{"several shards", Size{6, 8}, slices.Repeat([]int{3, 1, 7, 5}, 60)},
		{"deep sums", Size{270, 9}, []int{300, 40}},
	}
	var lines strings.Builder
	for _, c := range cases {
		for _, tabular := range []bool{false, true} {
			r := run[float32](t, exactSample(t, c.size, c.lengths), Portable, 2, tabular)
			for i, v := range [][]float32{r.out, r.dtheta, r.dx} {
				h := sha256.New()
				if err := binary.Write(h, binary.LittleEndian, v); err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&lines, "%s, table %t, %s: %.16x\n", c.name, tabular, []string{"output", "dtheta", "dx"}[i], h.Sum(nil))
			}
		}
	}
	path := filepath.Join("testdata", "golden", "portable.txt")
	if *update {
		if err := os.WriteFile(path, []byte(lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines.String(); got != string(want) {
		t.Errorf("the portable kernel gives other bits than %s; got:\n%s", path, got)
	}
}

// exactSample is a batch like newSample's of numbers that float32 holds exactly.
func exactSample(t *testing.T, z Size, lengths []int) *sample {
	t.Helper()
	s := &sample{size: z, lengths: lengths}
	if err := s.layout.Set(lengths); err != nil {
		t.Fatal(err)
	}
	state := uint32(z.In*1000 + z.Units)
	draw := func() int32 { // a linear congruential generator's better bits
		state = state*1664525 + 1013904223
		return int32(state >> 20) // 0 to 4095
	}
	numbers := func(n int, unit float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = float64(draw()-2048) * unit
		}
		return v
	}
	s.theta = numbers(z.Params(), 1.0/4096)
	n := s.layout.Rows()
	distinct := n/2 + 1
	s.words = numbers(distinct*z.In, 1.0/2048)
	for range n {
		w := int(draw()) % distinct
		s.index = append(s.index, int32(w))
		s.rows = append(s.rows, s.words[w*z.In:][:z.In]...)
	}
	s.target = numbers(n*2*z.Units, 1.0/1024)
	return s
}

package reader

import (
	"math/bits"
	"slices"
)

// collocations are in how many texts a word stands in a relation to a candidate, in
// each counting. They are made once and looked up half a million times a step: a table
// of open addressing with linear probing (Knuth, volume 3, 6.4), at most half full, which
// takes a fraction of a map's time.
type collocations struct {
	keys   []collocation // 0: free; no collocation is 0, since no word and no character is
	counts []uint16
	shift  int
	length int
}

// newCollocations takes over the counts that are at least some number.
func newCollocations(counts map[collocation]uint16, least uint16) collocations {
	length := 0
	for _, n := range counts {
		if n >= least {
			length++
		}
	}
	c := makeCollocations(length)
	for pair, n := range counts {
		if n >= least {
			c.set(pair, n)
		}
	}
	return c
}

// makeCollocations makes room for as many.
func makeCollocations(length int) collocations {
	size := bits.Len(uint(2*length + 1))
	return collocations{keys: make([]collocation, 1<<size), counts: make([]uint16, 1<<size), shift: 64 - size}
}

// place is where a collocation stands, or the free place where it would.
func (c *collocations) place(pair collocation) int {
	const golden = 0x9e3779b97f4a7c15 // Fibonacci hashing
	at, last := int(uint64(pair)*golden>>c.shift), len(c.keys)-1
	for c.keys[at] != pair && c.keys[at] != 0 {
		at = (at + 1) & last
	}
	return at
}

func (c *collocations) set(pair collocation, count uint16) {
	at := c.place(pair)
	if c.keys[at] == 0 {
		c.length++
	}
	c.keys[at], c.counts[at] = pair, count
}

// count is 0 where there is no such collocation.
func (c *collocations) count(pair collocation) uint16 {
	if c.length == 0 {
		return 0
	}
	return c.counts[c.place(pair)]
}

// sorted lists all.
func (c *collocations) sorted() []collocation {
	all := make([]collocation, 0, c.length)
	for _, pair := range c.keys {
		if pair != 0 {
			all = append(all, pair)
		}
	}
	slices.Sort(all)
	return all
}

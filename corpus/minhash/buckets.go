package minhash

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// An entry is an item under the key that it is sorted by.
type entry struct {
	key  uint64
	item uint32
}

// Window is with how many of the others in its bucket an item is compared, on
// either side. A bucket of at most Window+1 items is compared whole. In a larger
// one, which boilerplate makes, the items are put into the order of their
// signatures, read from behind the band on, and each is compared with the Window
// items after it, so that a bucket of m costs m*Window comparisons instead of
// m*m/2. A pair is then found where it stands close in one of the bands' orders,
// or by way of others that both are like.
const Window = 64

// exact joins the items of the same content and counts those beyond the first.
func (x *Index) exact(groups *Components, entries []entry) int {
	for i := range x.count {
		if h := x.Hash(i); h != (Hash{}) {
			entries = append(entries, entry{binary.BigEndian.Uint64(h[:8]), uint32(i)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c := cmp.Compare(a.key, b.key); c != 0 {
			return c
		}
		p, q := x.Hash(int(a.item)), x.Hash(int(b.item))
		return bytes.Compare(p[8:], q[8:])
	})
	copies := 0
	for i := 1; i < len(entries); i++ {
		a, b := entries[i-1], entries[i]
		if a.key == b.key && x.Hash(int(a.item)) == x.Hash(int(b.item)) {
			groups.Union(int(a.item), int(b.item))
			copies++
		}
	}
	return copies
}

// band joins the copies among the candidates of one band. Only one of several
// exact copies is looked at: they have the same signature.
func (x *Index) band(band int, groups *Components, entries []entry) {
	for i := range x.count {
		if x.signed.at(i, 1)[0] {
			entries = append(entries, entry{x.params.Key(x.signature(i), band), uint32(i)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	for start := 0; start < len(entries); {
		end := start + 1
		for end < len(entries) && entries[end].key == entries[start].key {
			end++
		}
		if end-start > 1 {
			x.bucket(entries[start:end], band, groups)
		}
		start = end
	}
}

// bucket compares the items that share a band.
func (x *Index) bucket(items []entry, band int, groups *Components) {
	x.scratch = x.scratch[:0]
	for _, e := range items {
		x.scratch = append(x.scratch, Candidate{Item: int(e.item), Hash: x.Hash(int(e.item)), Signature: x.signature(int(e.item))})
	}
	x.params.Bucket(x.scratch, band, groups)
}

// A Candidate is an item in a bucket.
type Candidate struct {
	Item      int // its number in the components
	Hash      Hash
	Signature Signature
}

// Bucket compares candidates, which share the band and are put into another order
// where they are many, and joins those whose estimated similarity reaches the
// threshold. What is joined depends on their hashes and signatures alone, not on
// their order. [Window] says how large buckets are compared.
func (p Params) Bucket(candidates []Candidate, band int, groups *Components) {
	if len(candidates) > Window+1 {
		candidates = p.ordered(candidates, band)
	}
	for i, a := range candidates {
		for _, b := range candidates[i+1 : min(len(candidates), i+1+Window)] {
			if groups.Find(a.Item) == groups.Find(b.Item) {
				continue
			}
			if Similarity(a.Signature, b.Signature) >= p.Threshold {
				groups.Union(a.Item, b.Item)
			}
		}
	}
}

// ordered sorts a large bucket by what lies in its items alone, and leaves one
// item of each content.
func (p Params) ordered(candidates []Candidate, band int) []Candidate {
	from := (band + 1) * p.Rows
	slices.SortFunc(candidates, func(a, b Candidate) int {
		if c := bytes.Compare(a.Signature[from:], b.Signature[from:]); c != 0 {
			return c
		}
		if c := bytes.Compare(a.Signature[:from], b.Signature[:from]); c != 0 {
			return c
		}
		return bytes.Compare(a.Hash[:], b.Hash[:])
	})
	return slices.CompactFunc(candidates, func(a, b Candidate) bool { return a.Hash != (Hash{}) && a.Hash == b.Hash })
}

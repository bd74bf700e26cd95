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
	if len(items) > Window+1 {
		items = x.ordered(items, band)
	}
	for i, a := range items {
		for _, b := range items[i+1 : min(len(items), i+1+Window)] {
			if groups.Find(int(a.item)) == groups.Find(int(b.item)) {
				continue
			}
			if Similarity(x.signature(int(a.item)), x.signature(int(b.item))) >= x.params.Threshold {
				groups.Union(int(a.item), int(b.item))
			}
		}
	}
}

// ordered sorts a large bucket by what lies in its items alone, and leaves one
// item of each content.
func (x *Index) ordered(items []entry, band int) []entry {
	from := (band + 1) * x.params.Rows
	slices.SortFunc(items, func(a, b entry) int {
		p, q := x.signature(int(a.item)), x.signature(int(b.item))
		if c := bytes.Compare(p[from:], q[from:]); c != 0 {
			return c
		}
		if c := bytes.Compare(p[:from], q[:from]); c != 0 {
			return c
		}
		g, h := x.Hash(int(a.item)), x.Hash(int(b.item))
		return bytes.Compare(g[:], h[:])
	})
	return slices.CompactFunc(items, func(a, b entry) bool {
		return x.Hash(int(a.item)) != (Hash{}) && x.Hash(int(a.item)) == x.Hash(int(b.item))
	})
}

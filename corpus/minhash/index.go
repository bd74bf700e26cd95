package minhash

import (
	"context"
	"errors"
	"math"
)

// A Hash stands for the content of an item; items of the same hash are exact
// copies. The zero Hash stands for no content: such an item is a copy of none.
type Hash [16]byte

// An Index takes items, texts or parts of texts, and finds the groups of copies
// among them. It is for one goroutine at a time.
//
// It holds 17 bytes an item and, where Near, a signature for each: 145 bytes
// with 128 values. [Index.Groups] takes 20 more while it runs, and leaves 20.
type Index struct {
	params     Params
	near       bool
	count      int
	hashes     blocks[Hash]
	signatures blocks[byte]
	signed     blocks[bool]
	scratch    []Candidate
}

// NewIndex compares by signatures of these parameters, or, where near is false,
// by content alone.
func NewIndex(p Params, near bool) (*Index, error) {
	if near {
		if err := p.Check(); err != nil {
			return nil, err
		}
	}
	return &Index{params: p, near: near}, nil
}

// Len is the number of items.
func (x *Index) Len() int { return x.count }

// Hash is what an item was added with.
func (x *Index) Hash(item int) Hash { return x.hashes.at(item, 1)[0] }

// Add adds an item. Its number is that of the items before it. A nil signature
// is compared by content alone.
func (x *Index) Add(h Hash, s Signature) error {
	if x.count == math.MaxInt32 {
		return errors.New("minhash: more than 2^31 items")
	}
	if x.near && s != nil && len(s) != x.params.Values() {
		return errors.New("minhash: a signature of other parameters")
	}
	x.count++
	x.hashes.add(h)
	if x.near {
		x.signed.add(s != nil)
		if s == nil {
			s = make(Signature, x.params.Values())
		}
		x.signatures.add(s...)
	}
	return nil
}

func (x *Index) signature(item int) Signature {
	return x.signatures.at(item, x.params.Values())
}

// Groups are the connected components of the pairs of exact copies and of the
// candidates whose estimated similarity reaches the threshold. They depend on
// the set of items, not on their order. Exact counts the items that are an exact
// copy of another one, less one for each content. The index lets go of its
// signatures: it cannot be added to or asked again.
func (x *Index) Groups(ctx context.Context) (groups *Components, exact int, err error) {
	groups = NewComponents(x.count)
	entries := make([]entry, 0, x.count)
	exact = x.exact(groups, entries)
	if x.near {
		for band := range x.params.Bands {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			x.band(band, groups, entries)
		}
	}
	x.signatures, x.signed, x.scratch = blocks[byte]{}, blocks[bool]{}, nil
	return groups, exact, nil
}

// blocks are a list that grows without being copied, so that it never takes
// twice its size.
type blocks[T any] struct {
	list [][]T
	size int
}

const itemsPerBlock = 1 << 12

// add appends the values of one item, whose number must always be the same.
func (b *blocks[T]) add(values ...T) {
	if b.size == 0 {
		b.size = itemsPerBlock * len(values)
	}
	last := len(b.list) - 1
	if last < 0 || len(b.list[last]) == b.size {
		b.list = append(b.list, make([]T, 0, b.size))
		last++
	}
	b.list[last] = append(b.list[last], values...)
}

// at are the values of one item.
func (b *blocks[T]) at(item, values int) []T {
	at := item % itemsPerBlock * values
	return b.list[item/itemsPerBlock][at : at+values]
}

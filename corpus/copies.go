package corpus

import (
	"context"
	"errors"
	"iter"

	"wakong/corpus/minhash"
)

// An item is what is compared: a whole document or a paragraph of it.
type item struct {
	hash       contentHash
	signature  minhash.Signature // nil where it is compared by content alone
	characters int
}

// newItem makes an item of a folded text; a sketcher is given where near copies
// are wanted.
func newItem(folded []rune, sketcher *minhash.Sketcher) item {
	i := item{hash: hashRunes(folded), characters: len(folded)}
	if sketcher != nil {
		i.signature = sketcher.Sketch(folded)
	}
	return i
}

// A label is what is known of a document's items while nothing but the choice is
// of interest.
type label struct {
	Rank       int
	ID         string
	Characters []int // of each item
}

// copies removes copies among the items of values in two passes: first all of
// them are taken in, and wait on disk; then those that stay come out, in the
// order in which they came in. The value's other fields must be exported.
type copies[T any] struct {
	ctx    context.Context
	folder string
	params minhash.Params
	near   bool
	report *CopyReport
	// items are those of a value, rank and id what it is called by.
	items func(T) (rank int, id string, items []item)
	// keep takes out of a value the items that go, and tells whether anything is
	// left of it.
	keep func(value T, stay []bool) (T, bool)
}

func (c copies[T]) remove(values iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		fail := func(err error) {
			var none T
			yield(none, err)
		}
		texts, err := newSpool[T](c.folder)
		if err != nil {
			fail(err)
			return
		}
		defer texts.close()
		labels, err := newSpool[label](c.folder)
		if err != nil {
			fail(err)
			return
		}
		defer labels.close()
		index, err := c.takeIn(values, texts, labels)
		if err != nil {
			fail(err)
			return
		}
		stays, err := c.choose(index, labels)
		if err != nil {
			fail(err)
			return
		}
		c.giveOut(texts, labels, stays, yield)
	}
}

// takeIn is the first pass.
func (c copies[T]) takeIn(values iter.Seq2[T, error], texts *spool[T], labels *spool[label]) (*minhash.Index, error) {
	index, err := minhash.NewIndex(c.params, c.near)
	if err != nil {
		return nil, err
	}
	for value, err := range values {
		if err != nil {
			return nil, err
		}
		var l label
		var items []item
		l.Rank, l.ID, items = c.items(value)
		for _, i := range items {
			if err := index.Add(minhash.Hash(i.hash), i.signature); err != nil {
				return nil, err
			}
			l.Characters = append(l.Characters, i.characters)
			c.report.Compared++
			c.report.Characters += int64(i.characters)
		}
		if err := errors.Join(texts.add(value), labels.add(l)); err != nil {
			return nil, err
		}
	}
	return index, errors.Join(texts.finish(), labels.finish())
}

// giveOut is the second pass.
func (c copies[T]) giveOut(texts *spool[T], labels *spool[label], stays bitset, yield func(T, error) bool) {
	next, stop := iter.Pull2(labels.all())
	defer stop()
	at := 0
	for value, err := range texts.all() {
		if err == nil {
			err = c.ctx.Err()
		}
		var l label
		if err == nil {
			l, err, _ = next()
		}
		if err != nil {
			yield(value, err)
			return
		}
		stay := make([]bool, len(l.Characters))
		for i := range stay {
			stay[i] = stays.has(at + i)
		}
		at += len(stay)
		value, left := c.keep(value, stay)
		if left && !yield(value, nil) {
			return
		}
	}
}

// A bitset is a set of numbers.
type bitset []uint64

func newBitset(n int) bitset    { return make(bitset, (n+63)/64) }
func (b bitset) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b bitset) add(i int)      { b[i/64] |= 1 << (i % 64) }

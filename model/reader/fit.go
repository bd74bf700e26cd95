package reader

import (
	"math"

	"wakong/model/lstm"
)

// fitRows and fitWordsAtOnce are what one task takes; results do not depend on
// the number of threads.
const (
	fitRows        = 128
	fitWordsAtOnce = 256
)

// fitWords computes how well each distinct word of the batch fits each place
// that is asked for, and in training the loss of predicting the words that
// stand there.
func (n *Network[T]) fitWords(b *batch) (loss float64, err error) {
	p, k, types, asked := &n.pass, n.o.Keys, len(b.ids), b.asked()
	p.fits, p.words = grow(p.fits, asked*k), grow(p.words, types*k)
	if err := n.fit.Forward(part(n.theta, n.parts.fit), p.hidden, p.fits, asked); err != nil {
		return 0, err
	}
	if err := n.word.Forward(part(n.theta, n.parts.word), p.table, p.words, types); err != nil {
		return 0, err
	}
	scale := n.keyScale()
	for i := range p.fits {
		p.fits[i] *= scale
	}
	p.logits = grow(p.logits, asked*types)
	product := lstm.Product[T]{Kernel: n.o.Kernel}
	product.RightTransposed(types, k, p.words)
	lstm.Tasks(n.o.Threads, tasks(asked, fitRows), func(task int) {
		from, to := span(task, asked, fitRows)
		product.Times(to-from, p.fits[from*k:], p.logits[from*types:])
	})
	if !n.training() {
		return 0, nil
	}
	p.dlogits = grow(p.dlogits, asked*types)
	if n.o.WordLoss == 0 || asked == 0 {
		clear(p.dlogits)
		return 0, nil
	}
	return n.wordLoss(b), nil
}

// wordLoss computes the loss, and its gradient in dlogits. A word's logarithm of
// frequency is added to its score, so that the network learns what the place
// says of the word and not how frequent it is.
func (n *Network[T]) wordLoss(b *batch) float64 {
	p, types, asked := &n.pass, len(b.ids), b.asked()
	p.offsets, p.sums = grow(p.offsets, types), grow(p.sums, asked)
	own := b.own()
	for r, id := range b.ids[:own] {
		p.offsets[r] = 0
		if id > 0 && int(id) < n.vocabulary {
			p.offsets[r] = T(lstm.Log(float64(n.lexicon.wordWeight(id))))
		}
	}
	for i, offset := range b.sampled {
		p.offsets[own+i] = T(offset)
	}
	stands := make([]int32, asked) // row of the word that stands there
	for i := range b.passages {
		rows := b.layout.RowsOf(i)
		b.eachAsked(i, func(number, t int) { stands[number] = b.index[rows[t]] })
	}
	share := n.o.WordLoss / float64(asked)
	losses := make([]float64, tasks(asked, fitRows))
	lstm.Tasks(n.o.Threads, len(losses), func(task int) {
		from, to := span(task, asked, fitRows)
		lstm.ExpRows(n.o.Kernel, to-from, types, p.logits[from*types:], p.offsets, p.dlogits[from*types:], p.sums[from:])
		for r := from; r < to; r++ {
			d := p.dlogits[r*types:][:types]
			losses[task] -= lstm.Log(max(float64(d[stands[r]])/float64(p.sums[r]), math.SmallestNonzeroFloat32))
			f := T(share) / p.sums[r]
			for j := range d {
				d[j] *= f
			}
			d[stands[r]] -= T(share)
		}
	})
	total := 0.0
	for _, l := range losses {
		total += l
	}
	return total / float64(asked)
}

// fitBackward adds to the gradients of the hidden layer and of the table.
func (n *Network[T]) fitBackward(b *batch) error {
	p, k, types, asked := &n.pass, n.o.Keys, len(b.ids), b.asked()
	if asked == 0 {
		return nil
	}
	p.dfits, p.dwords = grow(p.dfits, asked*k), grow(p.dwords, types*k)
	clear(p.dwords)
	product := lstm.Product[T]{Kernel: n.o.Kernel}
	product.Right(types, k, p.words)
	first := tasks(asked, fitRows)
	lstm.Tasks(n.o.Threads, first+tasks(types, fitWordsAtOnce), func(task int) {
		if task < first {
			from, to := span(task, asked, fitRows)
			product.Times(to-from, p.dlogits[from*types:], p.dfits[from*k:])
			return
		}
		from, to := span(task-first, types, fitWordsAtOnce)
		own := lstm.Product[T]{Kernel: n.o.Kernel}
		own.TransposedTimes(types, from, to, k, asked, p.dlogits, p.fits, p.dwords)
	})
	scale := n.keyScale()
	for i := range p.dfits {
		p.dfits[i] *= scale
	}
	p.more, p.moreTable = grow(p.more, len(p.dhidden)), grow(p.moreTable, len(p.dtable))
	if err := n.fit.Backward(part(n.theta, n.parts.fit), p.hidden, p.dfits, part(p.grad, n.parts.fit), p.more, asked); err != nil {
		return err
	}
	if err := n.word.Backward(part(n.theta, n.parts.word), p.table, p.dwords, part(p.grad, n.parts.word), p.moreTable, types); err != nil {
		return err
	}
	addScaled(p.dhidden, p.more, 1)
	addScaled(p.dtable, p.moreTable, 1)
	return nil
}

func tasks(n, size int) int { return (n + size - 1) / size }

func span(task, n, size int) (from, to int) { return task * size, min(n, (task+1)*size) }

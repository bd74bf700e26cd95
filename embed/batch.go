package embed

import (
	"math"
	"slices"

	"wakong/vocab"
)

// roundTargets is the number of targets (positive and negative samples) after
// which a round ends. The scores of a round are all taken from the weights
// before it, so that the threads need to meet only once a round. It is part of
// the method: another value gives other vectors. Four to five words' worth is
// as little staleness as asynchronous training has with two threads.
const roundTargets = 256

// A batch is what the kernels train on: see kernel.h. A run is one pair: an
// input against its targets, the positive one, stored negated, and negatives.
type batch struct {
	inputs  []int32   // a run each
	alphas  []float32 // learning rate of the run
	ends    []int32   // of the run, in targets
	rounds  []int32   // the run before which the round ends
	targets []int32
	largest int // targets of the largest round
}

func (b *batch) reset() {
	b.inputs, b.alphas, b.ends = b.inputs[:0], b.alphas[:0], b.ends[:0]
	b.rounds, b.targets, b.largest = b.rounds[:0], b.targets[:0], 0
}

// A preparer turns blocks of text into batches: it draws everything that is
// random in the training. It is not for several goroutines at once, but any
// number of equal ones give the same batches for the same blocks.
type preparer struct {
	p         Params
	negatives aliasTable
	keep      []uint32
	total     int64 // words of the whole training: text times epochs
	perEpoch  int64
	sentence  []int32
	rates     []float32
	batch     batch
	roundFrom int // first target of the open round
}

func newPreparer(p Params, negatives aliasTable, keep []uint32, perEpoch int64) *preparer {
	return &preparer{p: p, negatives: negatives, keep: keep, perEpoch: perEpoch, total: perEpoch * int64(p.Epochs)}
}

// minAlpha is the least learning rate, as a share of the first one
// (word2vec.c).
const minAlpha = 1e-4

// rate is the learning rate after so many words of the whole training: one
// line from alpha to almost 0.
func (q *preparer) rate(done int64) float32 {
	left := 1 - float64(done)/float64(q.total)
	return float32(q.p.Alpha * max(left, minAlpha))
}

// prepare makes the batch of a block in an epoch. The batch is good until the
// next call.
func (q *preparer) prepare(epoch int, k block) *batch {
	q.batch.reset()
	q.roundFrom = 0
	rng := newRandom(q.p.Seed, uint64(epoch)+1, uint64(k.index))
	done := int64(epoch)*q.perEpoch + k.before
	for _, id := range k.ids {
		if id == vocab.UNK { // ends a sentence
			q.addSentence(&rng)
			continue
		}
		// As in word2vec.c, a dropped word is gone before windows are taken.
		if chance := q.keep[id]; chance == math.MaxUint32 || uint32(rng.next()>>32) < chance {
			q.sentence = append(q.sentence, id)
			q.rates = append(q.rates, q.rate(done))
		}
		done++
	}
	q.addSentence(&rng)
	q.endRound()
	return &q.batch
}

func (q *preparer) addSentence(rng *random) {
	s := q.sentence
	for i, word := range s {
		reach := 1 + int(rng.below(uint64(q.p.Window)))
		for j := max(0, i-reach); j < min(len(s), i+reach+1); j++ {
			if j != i {
				q.addPair(rng, s[j], word, q.rates[i])
			}
		}
	}
	q.sentence, q.rates = q.sentence[:0], q.rates[:0]
}

// addPair adds a word with its negative samples, which a word of its window is
// to tell it from. As in word2vec.c and gensim the context is the input and
// the word the output: the other way round, a word's input row would take all
// steps of its window from one point, and neighbours measurably suffer. A
// negative that is the word itself is left out, as there.
func (q *preparer) addPair(rng *random, input, word int32, rate float32) {
	b := &q.batch
	n := len(b.targets)
	b.targets = slices.Grow(b.targets, 1+q.p.Negative)[:n+1+q.p.Negative]
	pair, generator, kept := b.targets[n:], *rng, 1
	pair[0] = -word
	for range q.p.Negative {
		negative := q.negatives.draw(&generator)
		pair[kept] = negative // and once more there, if this is not to stay
		if negative != word {
			kept++
		}
	}
	*rng = generator
	b.targets = b.targets[:n+kept]
	b.inputs, b.alphas, b.ends = append(b.inputs, input), append(b.alphas, rate), append(b.ends, int32(len(b.targets)))
	if len(b.targets)-q.roundFrom >= roundTargets {
		q.endRound()
	}
}

func (q *preparer) endRound() {
	b := &q.batch
	if len(b.targets) == q.roundFrom {
		return
	}
	b.largest = max(b.largest, len(b.targets)-q.roundFrom)
	b.rounds = append(b.rounds, int32(len(b.inputs)))
	q.roundFrom = len(b.targets)
}

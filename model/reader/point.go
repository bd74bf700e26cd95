package reader

import (
	"math"

	"wakong/model/lstm"
)

// halves separates the queries of a passage for the left from those for the
// right.
func (n *Network[T]) halves(query []T, blanks int) (halves [2][]T) {
	k := n.o.Keys
	for side := range halves {
		halves[side] = make([]T, blanks*k)
		for i := range blanks {
			copy(halves[side][i*k:][:k], query[(2*i+side)*k:])
		}
	}
	return halves
}

// keyScale makes scores independent of the keys' size (Vaswani et al. 2017).
func (n *Network[T]) keyScale() T { return T(1 / math.Sqrt(float64(n.o.Keys))) }

// tooNear tells whether the key would see the blank.
func tooNear(blank, key int32) bool { return blank-key < Gap && key-blank < Gap }

// point computes the probabilities of passage i's candidates for each of its
// blanks and, in training, the loss and the gradients of the scores.
func (n *Network[T]) point(b *batch, i int) {
	p, k := &n.pass, n.o.Keys
	blanks, keys := b.blanks.of(i), b.keys.of(i)
	p.losses[i] = 0
	p.scores[i] = grow(p.scores[i], len(blanks)*len(keys))
	p.dscores[i] = grow(p.dscores[i], len(blanks)*len(keys))
	if len(blanks) == 0 || len(keys) == 0 {
		return
	}
	product := lstm.Product[T]{Kernel: n.o.Kernel}
	var products [kinds][]T
	halves := n.halves(p.query[b.blanks.first[i]*2*k:], len(blanks))
	for kind := range products {
		products[kind] = make([]T, len(blanks)*len(keys))
		product.RightTransposed(len(keys), k, p.points[kind][b.keys.first[i]*k:])
		product.Times(len(blanks), halves[kind%2], products[kind])
	}
	scores := make([]float64, len(keys))
	p.raw[i] = grow(p.raw[i], len(blanks)*len(keys))
	for a := range blanks {
		n.score(b, i, a, products, scores)
		copy(p.raw[i][a*len(keys):], scores)
	}
	if n.o.Reread > 0 {
		n.setFirst(i, len(blanks), len(keys))
	}
}

// decide turns the scores of passage i into probabilities.
func (n *Network[T]) decide(b *batch, i int) {
	p := &n.pass
	blanks, keys := b.blanks.of(i), b.keys.of(i)
	if len(blanks) == 0 || len(keys) == 0 {
		return
	}
	scores := make([]float64, len(keys))
	for a, blank := range blanks {
		copy(scores, p.raw[i][a*len(keys):])
		row, share := a*len(keys), b.shares[b.blanks.first[i]+a]
		p.losses[i] += float64(share * n.softmax(b.passages[i], blank, keys, scores, share, p.scores[i][row:][:len(keys)], p.dscores[i][row:][:len(keys)]))
	}
}

// score writes the scores of passage i's candidates for its blank number a.
func (n *Network[T]) score(b *batch, i, a int, products [kinds][]T, scores []float64) {
	blank, keys := b.blanks.of(i)[a], b.keys.of(i)
	rows, weights := b.layout.RowsOf(i), n.pass.features[(b.blanks.first[i]+a)*featureCount:][:featureCount]
	fitScale, scale := part(n.theta, n.parts.scale)[0], float64(n.keyScale())
	logits := n.pass.logits[(b.blanks.first[i]+a)*len(b.ids):]
	for j, key := range keys {
		if tooNear(blank, key) {
			scores[j] = math.Inf(-1)
			continue
		}
		at := a*len(keys) + j
		scores[j] = float64(float64(products[b.passages[i].kind(blank, key)][at]) * scale)
		for _, f := range b.features[i][at*groupWidth:][:groupWidth] {
			scores[j] += float64(weights[f])
		}
		scores[j] += float64(T(fitScale * logits[b.index[rows[key]]]))
	}
}

// softmax turns scores into probabilities and, in training, gives the loss of
// the blank and the gradients of the scores.
func (n *Network[T]) softmax(p *passage, blank int32, keys []int32, scores []float64, share float64, probabilities, gradients []T) (loss float64) {
	clear(probabilities)
	clear(gradients)
	top := math.Inf(-1)
	for _, s := range scores {
		top = max(top, s)
	}
	if math.IsInf(top, -1) {
		return 0
	}
	answer := p.words[blank]
	sum, right := 0.0, 0.0
	for j, s := range scores {
		scores[j] = lstm.Exp(s - top)
		sum += scores[j]
		if p.words[keys[j]] == answer {
			right += scores[j]
		}
	}
	for j, s := range scores {
		probabilities[j] = T(s / sum)
	}
	if !n.training() || right == 0 {
		return 0
	}
	for j, s := range scores {
		g := s / sum
		if p.words[keys[j]] == answer {
			g -= s / right
		}
		gradients[j] = T(g * share)
	}
	return -lstm.Log(right / sum)
}

// pointsBackward computes the gradients of queries, keys, features and of the
// words' fit from those of the scores.
func (n *Network[T]) pointsBackward(b *batch) {
	p := &n.pass
	p.dfeatures, p.dscale = grow(p.dfeatures, len(p.features)), grow(p.dscale, len(b.passages))
	clear(p.dfeatures)
	clear(p.dscale)
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) { n.pointBackward(b, i) })
	for _, d := range p.dscale {
		part(p.grad, n.parts.scale)[0] += d
	}
}

func (n *Network[T]) pointBackward(b *batch, i int) {
	p, k := &n.pass, n.o.Keys
	blanks, keys := b.blanks.of(i), b.keys.of(i)
	dquery := p.dquery[b.blanks.first[i]*2*k:]
	of := func(s int, points []T) []T { return points[b.keys.first[i]*k:][:len(keys)*k] }
	for kind := range p.dpoints {
		clear(of(kind, p.dpoints[kind]))
	}
	if len(blanks) == 0 || len(keys) == 0 {
		clear(dquery[:len(blanks)*2*k])
		return
	}
	products := n.spread(b, i)
	product := lstm.Product[T]{Kernel: n.o.Kernel}
	d := make([]T, len(blanks)*k)
	halves := n.halves(p.query[b.blanks.first[i]*2*k:], len(blanks))
	clear(dquery[:len(blanks)*2*k])
	for kind := range products {
		product.Right(len(keys), k, of(kind, p.points[kind]))
		product.Times(len(blanks), products[kind], d)
		for a := range blanks {
			addScaled(dquery[(2*a+kind%2)*k:][:k], d[a*k:][:k], 1)
		}
		product.TransposedTimes(len(keys), 0, len(keys), k, len(blanks), products[kind], halves[kind%2], of(kind, p.dpoints[kind]))
	}
}

// spread takes the gradients of passage i's scores to features and fits, and
// gives those of the products on each side.
func (n *Network[T]) spread(b *batch, i int) (products [kinds][]T) {
	p := &n.pass
	blanks, keys, rows := b.blanks.of(i), b.keys.of(i), b.layout.RowsOf(i)
	for s := range products {
		products[s] = make([]T, len(blanks)*len(keys))
	}
	scale, fitScale := n.keyScale(), part(n.theta, n.parts.scale)[0]
	for a, blank := range blanks {
		dfeatures := p.dfeatures[(b.blanks.first[i]+a)*featureCount:][:featureCount]
		from := (b.blanks.first[i] + a) * len(b.ids)
		for j, key := range keys {
			at := a*len(keys) + j
			g := p.dscores[i][at]
			if g == 0 {
				continue
			}
			products[b.passages[i].kind(blank, key)][at] = g * scale
			for _, f := range b.features[i][at*groupWidth:][:groupWidth] {
				dfeatures[f] += g
			}
			logit := from + int(b.index[rows[key]])
			p.dlogits[logit] += T(g * fitScale)
			p.dscale[i] += T(g * p.logits[logit])
		}
	}
	return products
}

package reader

import "wakong/model/lstm"

// passageWeights is the number of weights whose gradients are summed up for each
// passage by itself: those of features, first, blank and out.
func (n *Network[T]) passageWeights() int { return (featureCount + 2 + 1 + 4) * n.o.Reread }

// rereadBackward takes the gradients of the scores to the weights of the second
// reading, and adds to those of queries and keys. What the first
// reading thinks is taken as given.
func (n *Network[T]) rereadBackward(b *batch) error {
	if n.o.Reread == 0 || len(b.blanks.at) == 0 {
		return nil
	}
	r, p, s := n.o.Reread, &n.pass, &n.reread
	rows, width := s.layout.Rows(), n.passageWeights()
	s.dout, s.din, s.dweights = grow(s.dout, rows*2*r), grow(s.din, rows*r), grow(s.dweights, len(b.passages)*width)
	clear(s.dout)
	clear(s.dweights)
	of := func(i int) (features, first, blank, out []T) {
		d := s.dweights[i*width:][:width]
		f := featureCount * r
		return d[:f], d[f:][:2*r], d[f+2*r:][:r], d[f+3*r:]
	}
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) {
		_, _, _, out := of(i)
		n.rereadScoresBackward(b, i, out)
	})
	if err := s.layer.Backward(part(n.theta, s.parts.layer), s.dout, part(p.grad, s.parts.layer), s.din); err != nil {
		return err
	}
	s.dasks = grow(s.dasks, len(b.blanks.at)*r)
	clear(s.dasks)
	for kind := range s.dglances {
		s.dglances[kind] = grow(s.dglances[kind], len(b.keys.at)*r)
		clear(s.dglances[kind])
	}
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) {
		features, first, blank, _ := of(i)
		n.rereadInputBackward(b, i, features, first, blank)
	})
	for i := range b.passages {
		features, first, blank, out := of(i)
		addScaled(part(p.grad, s.parts.features), features, 1)
		addScaled(part(p.grad, s.parts.first), first, 1)
		addScaled(part(p.grad, s.parts.blank), blank, 1)
		addScaled(part(p.grad, s.parts.out), out, 1)
	}
	return n.rereadLinearsBackward(b)
}

func (n *Network[T]) rereadScoresBackward(b *batch, i int, dv []T) {
	s, keys, w := &n.reread, b.keys.of(i), 2*n.o.Reread
	words := newByWord[T](b.passages[i], keys)
	v := part(n.theta, s.parts.out)
	for a := range b.blanks.of(i) {
		words.reset()
		g, rows := n.pass.dscores[i][a*len(keys):][:len(keys)], s.rows[i][a*len(keys):][:len(keys)]
		for j, row := range rows {
			if row >= 0 {
				words.add(j, g[j])
			}
		}
		for j, row := range rows {
			if row < 0 {
				continue
			}
			place, word := g[j], words.mean(j)
			dy := s.dout[int(row)*w:][:w]
			for c, y := range s.out[int(row)*w:][:w] {
				dy[c] = T(place*v[c]) + T(word*v[w+c])
				dv[c] += T(place * y)
				dv[w+c] += T(word * y)
			}
		}
	}
}

func (n *Network[T]) rereadInputBackward(b *batch, i int, dfeatures, dfirst, dblank []T) {
	r, s := n.o.Reread, &n.reread
	rectify := func(x, dx []T, number int) {
		if len(s.mask) > 0 {
			multiply(dx, s.mask[number*r:])
		}
		for c, y := range x {
			if y <= 0 {
				dx[c] = 0
			}
		}
	}
	n.eachPair(b, i, func(number, j, pair, row, kind int) {
		dx := s.din[row*r:][:r]
		rectify(s.in[row*r:][:r], dx, number)
		addScaled(s.dasks[number*r:], dx, 1)
		addScaled(s.dglances[kind][(b.keys.first[i]+j)*r:], dx, 1)
		addScaled(dfirst, dx, s.probabilities[i][pair])
		addScaled(dfirst[r:], dx, s.levels[i][pair])
	})
	for a := range b.blanks.of(i) {
		number := b.blanks.first[i] + a
		row := int(s.blanks[number])
		dx := s.din[row*r:][:r]
		rectify(s.in[row*r:][:r], dx, number)
		addScaled(s.dasks[number*r:], dx, 1)
		addScaled(dblank, dx, 1)
	}
	lstm.GatherSumBackward(n.o.Kernel, s.rows[i], groupWidth, b.features[i], r, s.din, dfeatures)
}

// rereadLinearsBackward goes on to queries and keys.
func (n *Network[T]) rereadLinearsBackward(b *batch) error {
	k, p, s := n.o.Keys, &n.pass, &n.reread
	rows, keys := s.layout.Rows(), len(b.keys.at)
	s.dpairs = grow(s.dpairs, rows*k)
	if err := s.pair.Backward(part(n.theta, s.parts.pair), s.pairs, s.din, part(p.grad, s.parts.pair), s.dpairs, rows); err != nil {
		return err
	}
	p.more = grow(p.more, keys*k)
	for kind := range s.dglances {
		if err := s.glance.Backward(part(n.theta, s.parts.glance), p.points[kind], s.dglances[kind], part(p.grad, s.parts.glance), p.more, keys); err != nil {
			return err
		}
		addScaled(p.dpoints[kind], p.more[:keys*k], 1)
	}
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) {
		n.eachPair(b, i, func(number, j, _, row, kind int) {
			q, from := (2*number+kind%2)*k, (b.keys.first[i]+j)*k
			query, dquery := p.query[q:][:k], p.dquery[q:][:k]
			key, dkey := p.points[kind][from:][:k], p.dpoints[kind][from:][:k]
			for c, d := range s.dpairs[row*k:][:k] {
				dquery[c] += T(d * key[c])
				dkey[c] += T(d * query[c])
			}
		})
	})
	return nil
}

// askBackward goes on to the hidden layer.
func (n *Network[T]) askBackward(b *batch) error {
	if n.o.Reread == 0 {
		return nil
	}
	p, s, blanks := &n.pass, &n.reread, len(b.blanks.at)
	p.more = grow(p.more, blanks*n.o.Hidden)
	if err := s.ask.Backward(part(n.theta, s.parts.ask), p.hidden, s.dasks, part(p.grad, s.parts.ask), p.more, blanks); err != nil {
		return err
	}
	addScaled(p.dhidden, p.more, 1)
	return nil
}

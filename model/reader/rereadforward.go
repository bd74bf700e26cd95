package reader

import "wakong/model/lstm"

// rereadForward reads the candidates again and adds to their scores.
func (n *Network[T]) rereadForward(b *batch) error {
	if n.o.Reread == 0 || len(b.blanks.at) == 0 {
		return nil
	}
	if err := n.place(b); err != nil {
		return err
	}
	if err := n.rereadInput(b); err != nil {
		return err
	}
	s := &n.reread
	out, err := s.layer.Forward(part(n.theta, s.parts.layer), lstm.Input[T]{Rows: s.in}, &s.layout)
	if err != nil {
		return err
	}
	s.out = out
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) { n.rereadScores(b, i) })
	return nil
}

// rereadInput computes the layer's input.
func (n *Network[T]) rereadInput(b *batch) error {
	r, k, p, s := n.o.Reread, n.o.Keys, &n.pass, &n.reread
	rows, keys, blanks := s.layout.Rows(), len(b.keys.at), len(b.blanks.at)
	s.pairs, s.in = grow(s.pairs, rows*k), grow(s.in, rows*r)
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) {
		n.eachPair(b, i, func(number, j, _, row, kind int) {
			x, q := s.pairs[row*k:][:k], p.query[(2*number+kind%2)*k:][:k]
			for c, y := range p.points[kind][(b.keys.first[i]+j)*k:][:k] {
				x[c] = q[c] * y
			}
		})
		for a := range b.blanks.of(i) {
			clear(s.pairs[int(s.blanks[b.blanks.first[i]+a])*k:][:k])
		}
	})
	if err := s.pair.Forward(part(n.theta, s.parts.pair), s.pairs, s.in, rows); err != nil {
		return err
	}
	for kind := range s.glances {
		s.glances[kind] = grow(s.glances[kind], keys*r)
		if err := s.glance.Forward(part(n.theta, s.parts.glance), p.points[kind], s.glances[kind], keys); err != nil {
			return err
		}
	}
	s.asks = grow(s.asks, blanks*r)
	if err := s.ask.Forward(part(n.theta, s.parts.ask), p.hidden, s.asks, blanks); err != nil {
		return err
	}
	s.mask = n.drawMask(s.mask, blanks*r, n.o.Dropout.Reread)
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) { n.rereadInputOf(b, i) })
	return nil
}

// rereadInputOf completes the input of passage i.
func (n *Network[T]) rereadInputOf(b *batch, i int) {
	r, s := n.o.Reread, &n.reread
	lstm.GatherSum(n.o.Kernel, s.rows[i], groupWidth, b.features[i], r, part(n.theta, s.parts.features), s.in)
	first := part(n.theta, s.parts.first)
	rectify := func(x []T, number int) {
		for c, y := range x {
			x[c] = max(0, y)
		}
		if len(s.mask) > 0 {
			multiply(x, s.mask[number*r:])
		}
	}
	n.eachPair(b, i, func(number, j, pair, row, kind int) {
		x, ask, glance := s.in[row*r:][:r], s.asks[number*r:][:r], s.glances[kind][(b.keys.first[i]+j)*r:][:r]
		probability, level := s.probabilities[i][pair], s.levels[i][pair]
		for c := range x {
			x[c] += ask[c] + glance[c] + (T(first[c]*probability) + T(first[r+c]*level))
		}
		rectify(x, number)
	})
	for a := range b.blanks.of(i) {
		number := b.blanks.first[i] + a
		x := s.in[int(s.blanks[number])*r:][:r]
		addScaled(x, s.asks[number*r:][:r], 1)
		addScaled(x, part(n.theta, s.parts.blank), 1)
		rectify(x, number)
	}
}

// rereadScores adds to the scores of passage i's candidates what the layer says of
// their places, and the mean of what it says of their words at all of theirs.
func (n *Network[T]) rereadScores(b *batch, i int) {
	s, keys, w := &n.reread, b.keys.of(i), 2*n.o.Reread
	words := newByWord[T](b.passages[i], keys)
	v := part(n.theta, s.parts.out)
	for a := range b.blanks.of(i) {
		words.reset()
		scores, rows := n.pass.raw[i][a*len(keys):][:len(keys)], s.rows[i][a*len(keys):][:len(keys)]
		for j, row := range rows {
			if row < 0 {
				continue
			}
			place, word := T(0), T(0)
			for c, x := range s.out[int(row)*w:][:w] {
				place += T(x * v[c])
				word += T(x * v[w+c])
			}
			scores[j] += float64(place)
			words.add(j, word)
		}
		for j, row := range rows {
			if row >= 0 {
				scores[j] += float64(words.mean(j))
			}
		}
	}
}

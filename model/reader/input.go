package reader

// fillTable computes the inputs of the batch's distinct words.
func (n *Network[T]) fillTable(b *batch) {
	p, in := &n.pass, n.in()
	p.table = grow(p.table, len(b.ids)*in)
	p.replaced = grow(p.replaced, len(b.ids))
	for r, id := range b.ids {
		p.replaced[r] = !n.isKnown(id) || n.training() && n.random.Float64() < n.wordRate(id)
		n.fillRow(p.table[r*in:][:in], id, p.replaced[r], b.spellings[r])
	}
	p.tableMask = n.drawMask(p.tableMask, len(p.table), n.o.Dropout.Input)
	for i, m := range p.tableMask {
		p.table[i] *= m
	}
}

// fillRow writes the input of a word: its vector, those of its first and last
// character, and the mean of all its characters'.
func (n *Network[T]) fillRow(x []T, id int32, replaced bool, spelling []int32) {
	d, c := n.dim, n.o.Characters
	if replaced {
		copy(x, part(n.theta, n.parts.unknown))
	} else {
		copy(x[:d], n.vectors[int(id)*d:])
	}
	characters := part(n.theta, n.parts.characters)
	copy(x[d:], characters[int(spelling[0])*c:][:c])
	copy(x[d+c:], characters[int(spelling[len(spelling)-1])*c:][:c])
	mean, share := x[d+2*c:], 1/T(len(spelling))
	clear(mean)
	for _, ch := range spelling {
		addScaled(mean, characters[int(ch)*c:][:c], share)
	}
}

// tableBackward hands the table's gradient on to vectors and characters.
func (n *Network[T]) tableBackward(b *batch, u *updates[T]) {
	p, in, d, c := &n.pass, n.in(), n.dim, n.o.Characters
	for i, m := range p.tableMask {
		p.dtable[i] *= m
	}
	characters := part(p.grad, n.parts.characters)
	of := func(ch int32) []T { return characters[int(ch)*c:][:c] }
	for r, id := range b.ids {
		g := p.dtable[r*in:][:in]
		if p.replaced[r] {
			addScaled(part(p.grad, n.parts.unknown), g[:d], 1)
		} else {
			u.add(id, g[:d])
		}
		s := b.spellings[r]
		addScaled(of(s[0]), g[d:d+c], 1)
		addScaled(of(s[len(s)-1]), g[d+c:d+2*c], 1)
		for _, ch := range s {
			addScaled(of(ch), g[d+2*c:], 1/T(len(s)))
		}
	}
}

// addScaled adds x times scale to y. The conversion keeps a compiler from
// fusing the two, so that every CPU rounds alike.
func addScaled[T ~float32 | ~float64](y, x []T, scale T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += T(v * scale)
	}
}

package reader

import "wakong/model/lstm"

// eachAsked calls f for the queries of passage i: their numbers and positions.
func (b *batch) eachAsked(i int, f func(number, position int)) {
	for j, t := range b.blanks.of(i) {
		f(b.blanks.first[i]+j, int(t))
	}
	for j, t := range b.others.of(i) {
		f(len(b.blanks.at)+b.others.first[i]+j, int(t))
	}
}

// gather copies together what queries and keys are made of.
func (n *Network[T]) gather(b *batch) {
	p, h, in := &n.pass, n.o.Units, n.in()
	out := n.output()
	p.ends = grow(p.ends, b.asked()*2*h)
	for kind := range p.keys {
		p.keys[kind] = grow(p.keys[kind], len(b.keys.at)*n.keyWidth(kind))
	}
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) {
		rows := b.layout.RowsOf(i)
		b.eachAsked(i, func(number, t int) {
			q := p.ends[number*2*h:][:2*h]
			clear(q)
			if t > 0 {
				copy(q[:h], out[int(rows[t-1])*2*h:])
			}
			if t+1 < len(rows) {
				copy(q[h:], out[int(rows[t+1])*2*h+h:][:h])
			}
		})
		for j, t := range b.keys.of(i) {
			x := p.table[int(b.index[rows[t]])*in:][:in]
			for kind := range p.keys {
				w, side := n.keyWidth(kind), kind%2
				key := p.keys[kind][(b.keys.first[i]+j)*w:][:w]
				for _, at := range b.passages[i].states(kind, t) {
					copy(key[:h], out[int(rows[at])*2*h+side*h:])
					key = key[h:]
				}
				copy(key, x)
			}
		}
	})
}

// scatter undoes gather: it takes the gradients of queries' and keys' inputs to
// those of the output and the table.
func (n *Network[T]) scatter(b *batch) {
	p, h, in := &n.pass, n.o.Units, n.in()
	p.dout = grow(p.dout, b.layout.Rows()*2*h)
	clear(p.dout)
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) {
		rows := b.layout.RowsOf(i)
		b.eachAsked(i, func(number, t int) {
			q := p.dends[number*2*h:][:2*h]
			if t > 0 {
				addScaled(p.dout[int(rows[t-1])*2*h:], q[:h], 1)
			}
			if t+1 < len(rows) {
				addScaled(p.dout[int(rows[t+1])*2*h+h:], q[h:], 1)
			}
		})
		for j, t := range b.keys.of(i) {
			for kind := range p.dkeys {
				w, side := n.keyWidth(kind), kind%2
				key := p.dkeys[kind][(b.keys.first[i]+j)*w:][:w]
				for _, at := range b.passages[i].states(kind, t) {
					addScaled(p.dout[int(rows[at])*2*h+side*h:], key[:h], 1)
					key = key[h:]
				}
			}
		}
	})
	// Passages share the table's rows, so this goes in order.
	for i := range b.passages {
		rows := b.layout.RowsOf(i)
		for j, t := range b.keys.of(i) {
			x := p.dtable[int(b.index[rows[t]])*in:][:in]
			for kind := range p.dkeys {
				w := n.keyWidth(kind)
				addScaled(x, p.dkeys[kind][(b.keys.first[i]+j+1)*w-in:][:in], 1)
			}
		}
	}
}

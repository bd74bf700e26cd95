package reader

import "wakong/model/lstm"

// ahead is how far beyond its own place a key sees; see Gap.
const ahead = Gap - 1

// keyRows are the rows that a key at position t reads on a side (0: for blanks
// to its right, so that it reads from the left).
func keyRows(rows []int32, t int32, side int) (own, next int32) {
	to := t + ahead
	if side == 1 {
		to = t - ahead
	}
	return rows[t], rows[max(0, min(int32(len(rows)-1), to))]
}

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
	p, h, in, w := &n.pass, n.o.Units, n.in(), n.keyWidth()
	out := n.output()
	p.ends = grow(p.ends, b.asked()*2*h)
	for side := range p.keys {
		p.keys[side] = grow(p.keys[side], len(b.keys.at)*w)
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
			for side := range p.keys {
				own, next := keyRows(rows, t, side)
				key := p.keys[side][(b.keys.first[i]+j)*w:][:w]
				copy(key[:h], out[int(own)*2*h+side*h:])
				copy(key[h:2*h], out[int(next)*2*h+side*h:])
				copy(key[2*h:], x)
			}
		}
	})
}

// scatter undoes gather: it takes the gradients of queries' and keys' inputs to
// those of the output and the table.
func (n *Network[T]) scatter(b *batch) {
	p, h, in, w := &n.pass, n.o.Units, n.in(), n.keyWidth()
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
			for side := range p.dkeys {
				own, next := keyRows(rows, t, side)
				key := p.dkeys[side][(b.keys.first[i]+j)*w:][:w]
				addScaled(p.dout[int(own)*2*h+side*h:], key[:h], 1)
				addScaled(p.dout[int(next)*2*h+side*h:], key[h:2*h], 1)
			}
		}
	})
	// Passages share the table's rows, so this goes in order.
	for i := range b.passages {
		rows := b.layout.RowsOf(i)
		for j, t := range b.keys.of(i) {
			x := p.dtable[int(b.index[rows[t]])*in:][:in]
			for side := range p.dkeys {
				addScaled(x, p.dkeys[side][(b.keys.first[i]+j)*w+2*h:][:in], 1)
			}
		}
	}
}

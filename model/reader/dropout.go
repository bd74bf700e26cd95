package reader

import "wakong/model/lstm"

// drawMask draws count factors: 0 with a probability of rate, else what keeps
// the mean. It is empty where nothing is dropped. The rate is as far risen as the
// training has come.
func (n *Network[T]) drawMask(mask []T, count int, rate float64) []T {
	rate = float64(rate * n.risen) // rounded, so that no CPU fuses it with what follows
	if !n.training() || rate == 0 {
		return mask[:0]
	}
	mask = grow(mask, count)
	factors, limit := [2]T{T(1 / (1 - rate)), 0}, uint64(rate*(1<<32))
	for i := range mask {
		// A branch would be foretold wrongly as often as an element is dropped.
		mask[i] = factors[(uint64(n.random.Uint32())-limit)>>63]
	}
	return mask
}

// dropOutput gives a layer's outputs with one mask a passage. The layer's own
// are left as they are: its backward pass needs them.
func (n *Network[T]) dropOutput(l int, b *batch, out []T) []T {
	p := &n.pass
	rate := n.o.Dropout.Layers
	if l == len(n.layers)-1 {
		rate = n.o.Dropout.Output
	}
	p.masks[l] = n.drawMask(p.masks[l], len(b.passages)*2*n.o.Units, rate)
	if len(p.masks[l]) == 0 {
		return out
	}
	p.masked[l] = grow(p.masked[l], len(out))
	n.mask(l, b, out, p.masked[l])
	return p.masked[l]
}

// mask writes from times layer l's mask to to.
func (n *Network[T]) mask(l int, b *batch, from, to []T) {
	w := 2 * n.o.Units
	const rows = 512 // of a task
	count := b.layout.Rows()
	lstm.Tasks(n.o.Threads, (count+rows-1)/rows, func(task int) {
		for r := task * rows; r < min(count, (task+1)*rows); r++ {
			m := n.pass.masks[l][int(b.passage[r])*w:][:w]
			src, dst := from[r*w:][:w], to[r*w:][:w]
			for j, f := range m {
				dst[j] = src[j] * f
			}
		}
	})
}

// dropRecurrent gives layer l's parameters with recurrent weights dropped.
func (n *Network[T]) dropRecurrent(l int) []T {
	p, theta := &n.pass, part(n.theta, n.parts.layers[l])
	p.thetas[l] = append(p.thetas[l][:0], theta...)
	weights := lstm.Split(n.layers[l].Size, p.thetas[l])
	count := len(weights[0].Recurrent)
	p.kept[l] = n.drawMask(p.kept[l], 2*count, n.o.Dropout.Recurrent)
	if len(p.kept[l]) == 0 {
		return theta
	}
	for d, w := range weights {
		multiply(w.Recurrent, p.kept[l][d*count:])
	}
	return p.thetas[l]
}

func (n *Network[T]) recurrentBackward(l int, grad []T) {
	kept := n.pass.kept[l]
	if len(kept) == 0 {
		return
	}
	for d, w := range lstm.Split(n.layers[l].Size, grad) {
		multiply(w.Recurrent, kept[d*len(w.Recurrent):])
	}
}

func multiply[T lstm.Float](x, factors []T) {
	for i := range x {
		x[i] *= factors[i]
	}
}

package reader

import "wakong/model/lstm"

// encode runs the layers over the batch.
func (n *Network[T]) encode(b *batch) error {
	n.fillTable(b)
	p := &n.pass
	x := lstm.Input[T]{Rows: p.table[:b.own()*n.in()], Index: b.index}
	for l, layer := range n.layers {
		out, err := layer.Forward(n.dropRecurrent(l), x, &b.layout)
		if err != nil {
			return err
		}
		p.outputs[l] = n.dropOutput(l, b, out)
		x = lstm.Input[T]{Rows: p.outputs[l]}
	}
	return nil
}

// output is the last layer's: [rows, 2h], f_t and b_t side by side.
func (n *Network[T]) output() []T { return n.pass.outputs[len(n.layers)-1] }

// encodeBackward takes the gradient of the output and adds to the table's.
func (n *Network[T]) encodeBackward(b *batch) error {
	p := &n.pass
	for l := len(n.layers) - 1; l >= 0; l-- {
		if len(p.masks[l]) > 0 {
			n.mask(l, b, p.dout, p.dout)
		}
		theta := part(n.theta, n.parts.layers[l])
		if len(p.kept[l]) > 0 {
			theta = p.thetas[l]
		}
		width := b.own() * n.in()
		if l > 0 {
			width = len(p.dout)
		}
		p.dx = grow(p.dx, width)
		grad := part(p.grad, n.parts.layers[l])
		if err := n.layers[l].Backward(theta, p.dout, grad, p.dx); err != nil {
			return err
		}
		n.recurrentBackward(l, grad)
		if l > 0 {
			p.dout, p.dx = p.dx, p.dout
		}
	}
	addScaled(p.dtable, p.dx, 1) // of words that stand in none of the passages there is none
	return nil
}

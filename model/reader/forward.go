package reader

import "wakong/model/lstm"

// A Loss is what a step has cost.
type Loss struct {
	Blanks float64 // mean over the blanks of -log of the answer's probability
	Words  float64 // mean over the words predicted of -log of the word's
}

// forward computes the probabilities of all candidates and, in training, the
// loss and the gradients of the scores.
func (n *Network[T]) forward(b *batch) (Loss, error) {
	if err := n.encode(b); err != nil {
		return Loss{}, err
	}
	n.gather(b)
	p, asked, blanks, keys := &n.pass, b.asked(), len(b.blanks.at), len(b.keys.at)
	p.hidden, p.query = grow(p.hidden, asked*n.o.Hidden), grow(p.query, blanks*2*n.o.Keys)
	if err := n.hidden.Forward(part(n.theta, n.parts.hidden), p.ends, p.hidden, asked); err != nil {
		return Loss{}, err
	}
	for i, v := range p.hidden {
		p.hidden[i] = max(v, 0)
	}
	if err := n.query.Forward(part(n.theta, n.parts.query), p.hidden, p.query, blanks); err != nil {
		return Loss{}, err
	}
	for side, l := range n.sides() {
		p.points[side] = grow(p.points[side], keys*n.o.Keys)
		if err := l.Forward(part(n.theta, l.piece), p.keys[side], p.points[side], keys); err != nil {
			return Loss{}, err
		}
	}
	loss := Loss{}
	var err error
	if loss.Words, err = n.fitWords(b); err != nil {
		return Loss{}, err
	}
	p.scores, p.dscores = grow(p.scores, len(b.passages)), grow(p.dscores, len(b.passages))
	p.losses = grow(p.losses, len(b.passages))
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) { n.point(b, i) })
	for _, l := range p.losses {
		loss.Blanks += l
	}
	return loss, nil
}

func (n *Network[T]) sides() [2]namedLinear[T] {
	all := n.linears()
	return [2]namedLinear[T]{all[2], all[3]}
}

// backward computes all gradients of the loss of the forward pass before it:
// theta's in the pass, the vectors' in u.
func (n *Network[T]) backward(b *batch, u *updates[T]) error {
	p, asked, blanks, keys := &n.pass, b.asked(), len(b.blanks.at), len(b.keys.at)
	p.dquery = grow(p.dquery, blanks*2*n.o.Keys)
	for side := range p.dpoints {
		p.dpoints[side] = grow(p.dpoints[side], keys*n.o.Keys)
	}
	n.pointsBackward(b)
	p.dhidden, p.dends = grow(p.dhidden, asked*n.o.Hidden), grow(p.dends, asked*2*n.o.Units)
	clear(p.dhidden)
	p.dtable = grow(p.dtable, len(p.table))
	clear(p.dtable)
	if err := n.query.Backward(part(n.theta, n.parts.query), p.hidden, p.dquery, part(p.grad, n.parts.query), p.dhidden, blanks); err != nil {
		return err
	}
	if err := n.fitBackward(b); err != nil {
		return err
	}
	for i, v := range p.hidden {
		if v <= 0 {
			p.dhidden[i] = 0
		}
	}
	if err := n.hidden.Backward(part(n.theta, n.parts.hidden), p.ends, p.dhidden, part(p.grad, n.parts.hidden), p.dends, asked); err != nil {
		return err
	}
	for side, l := range n.sides() {
		p.dkeys[side] = grow(p.dkeys[side], keys*n.keyWidth())
		if err := l.Backward(part(n.theta, l.piece), p.keys[side], p.dpoints[side], part(p.grad, l.piece), p.dkeys[side], keys); err != nil {
			return err
		}
	}
	n.scatter(b)
	if err := n.encodeBackward(b); err != nil {
		return err
	}
	n.tableBackward(b, u)
	return nil
}

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
	p.hiddenMask = n.drawMask(p.hiddenMask, len(p.hidden), n.o.Dropout.Hidden)
	if len(p.hiddenMask) > 0 {
		multiply(p.hidden, p.hiddenMask)
	}
	if err := n.query.Forward(part(n.theta, n.parts.query), p.hidden, p.query, blanks); err != nil {
		return Loss{}, err
	}
	p.features = grow(p.features, blanks*featureCount)
	if err := n.features.Forward(part(n.theta, n.parts.features), p.hidden, p.features, blanks); err != nil {
		return Loss{}, err
	}
	for kind := range n.key {
		p.points[kind] = grow(p.points[kind], keys*n.o.Keys)
		if err := n.key[kind].Forward(part(n.theta, n.parts.key[kind]), p.keys[kind], p.points[kind], keys); err != nil {
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
	p.raw = grow(p.raw, len(b.passages))
	n.reread.probabilities, n.reread.levels = grow(n.reread.probabilities, len(b.passages)), grow(n.reread.levels, len(b.passages))
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) { n.point(b, i) })
	if err := n.rereadForward(b); err != nil {
		return Loss{}, err
	}
	lstm.Tasks(n.o.Threads, len(b.passages), func(i int) { n.decide(b, i) })
	for _, l := range p.losses {
		loss.Blanks += l
	}
	return loss, nil
}

// backward computes all gradients of the loss of the forward pass before it:
// theta's in the pass, the vectors' in u.
func (n *Network[T]) backward(b *batch, u *updates[T]) error {
	p, asked, blanks, keys := &n.pass, b.asked(), len(b.blanks.at), len(b.keys.at)
	p.dquery = grow(p.dquery, blanks*2*n.o.Keys)
	for kind := range p.dpoints {
		p.dpoints[kind] = grow(p.dpoints[kind], keys*n.o.Keys)
	}
	n.pointsBackward(b)
	if err := n.rereadBackward(b); err != nil {
		return err
	}
	p.dhidden, p.dends = grow(p.dhidden, asked*n.o.Hidden), grow(p.dends, asked*2*n.o.Units)
	clear(p.dhidden)
	p.dtable = grow(p.dtable, len(p.table))
	clear(p.dtable)
	if err := n.query.Backward(part(n.theta, n.parts.query), p.hidden, p.dquery, part(p.grad, n.parts.query), p.dhidden, blanks); err != nil {
		return err
	}
	p.more = grow(p.more, len(p.dhidden))
	if err := n.features.Backward(part(n.theta, n.parts.features), p.hidden, p.dfeatures, part(p.grad, n.parts.features), p.more, blanks); err != nil {
		return err
	}
	addScaled(p.dhidden, p.more[:blanks*n.o.Hidden], 1)
	if err := n.askBackward(b); err != nil {
		return err
	}
	if err := n.fitBackward(b); err != nil {
		return err
	}
	if len(p.hiddenMask) > 0 {
		multiply(p.dhidden, p.hiddenMask)
	}
	for i, v := range p.hidden {
		if v <= 0 {
			p.dhidden[i] = 0
		}
	}
	if err := n.hidden.Backward(part(n.theta, n.parts.hidden), p.ends, p.dhidden, part(p.grad, n.parts.hidden), p.dends, asked); err != nil {
		return err
	}
	for kind := range n.key {
		p.dkeys[kind] = grow(p.dkeys[kind], keys*n.keyWidth(kind))
		piece := n.parts.key[kind]
		if err := n.key[kind].Backward(part(n.theta, piece), p.keys[kind], p.dpoints[kind], part(p.grad, piece), p.dkeys[kind], keys); err != nil {
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

package reader

import "math/rand/v2"

// A packing is a step's batch that is made beside the step before it: what two places
// have in common is looked up while products are computed.
type packing struct {
	epoch, within int
	batch         *batch
	random        *rand.Rand // for what else the step draws
	err           error
	done          chan struct{}
}

// packed gives the batch of the step that comes, and begins with the one after it
// where that belongs to the same epoch.
func (t *trainer) packed() (*batch, *rand.Rand, error) {
	s := t.state
	now := t.ahead
	if now == nil || now.epoch != s.Epoch || now.within != s.Within {
		now = t.begin(s.Epoch, s.Within, s.Step)
	}
	<-now.done
	t.ahead = nil
	if s.Within+1 < len(t.todo) && t.n.o.Threads > 1 {
		t.ahead = t.begin(s.Epoch, s.Within+1, s.Step+1)
	}
	return now.batch, now.random, now.err
}

// begin packs a step. Its draws are those of its number alone.
func (t *trainer) begin(epoch, within, step int) *packing {
	p := &packing{epoch: epoch, within: within, done: make(chan struct{})}
	p.random = rand.New(rand.NewPCG(t.n.o.Seed, 0x73746570<<24+uint64(step)))
	passages := t.todo[within]
	go func() {
		defer close(p.done)
		p.batch, p.err = t.n.pack(t.n.draw(passages, p.random), p.random)
	}()
	return p
}

// settle waits for what is still being packed.
func (t *trainer) settle() {
	if t.ahead != nil {
		<-t.ahead.done
	}
}

package model

import (
	"errors"
	"math/rand/v2"
	"slices"

	"wakong/model/lstm"
)

// bucketBatches is how many batches' examples are sorted by length together.
const bucketBatches = 16

// A schedule says which examples a step trains on.
type schedule struct {
	examples []Example
	batch    int
	seed     uint64
	bucket   bool

	epoch   int
	order   []int
	started bool
}

func (s *schedule) perEpoch() int { return (len(s.examples) + s.batch - 1) / s.batch }

// at appends the examples of a step, counted from 0, to batch.
func (s *schedule) at(step int, batch []Example) []Example {
	if epoch := step / s.perEpoch(); epoch != s.epoch || !s.started {
		s.epoch, s.started = epoch, true
		s.shuffle(rand.New(rand.NewPCG(s.seed, uint64(epoch))))
	}
	from := step % s.perEpoch() * s.batch
	for _, i := range s.order[from:min(from+s.batch, len(s.order))] {
		batch = append(batch, s.examples[i])
	}
	return batch
}

// shuffle draws an epoch's order. With buckets, runs of some batches are sorted
// by length, so that a batch's examples are alike, and the batches within a
// run are put in random order: every example still comes once an epoch.
func (s *schedule) shuffle(rng *rand.Rand) {
	s.order = rng.Perm(len(s.examples))
	if !s.bucket {
		return
	}
	for run := range slices.Chunk(s.order, bucketBatches*s.batch) {
		slices.SortStableFunc(run, func(a, b int) int { return s.examples[a].Words() - s.examples[b].Words() })
		whole := len(run) / s.batch
		sorted := slices.Clone(run)
		for to, from := range rng.Perm(whole) {
			copy(run[to*s.batch:(to+1)*s.batch], sorted[from*s.batch:(from+1)*s.batch])
		}
	}
}

// A plan is a step's examples, packed.
type plan[T lstm.Float] struct {
	examples []Example
	words    int
	parts    []*prepared[T]
	used     int // of parts
	err      error
}

// pack makes p the plan of a step on these examples, in as many parts as
// MaxWords asks for. What goes wrong shows when the step is taken.
func (p *plan[T]) pack(n *Network[T], examples []Example) {
	p.examples, p.used, p.words, p.err = examples, 0, 0, nil
	for part := range split(examples, n.options.MaxWords) {
		if p.used == len(p.parts) {
			p.parts = append(p.parts, &prepared[T]{})
		}
		if p.err = n.prepare(p.parts[p.used], part); p.err != nil {
			return
		}
		p.words += p.parts[p.used].batch.Words
		p.used++
	}
}

// gradient adds the gradient of the examples' mean loss to the graph's.
func (p *plan[T]) gradient(n *Network[T]) (loss float64, err error) {
	if p.err != nil {
		return 0, p.err
	}
	if p.used == 0 {
		return 0, errors.New("model: a training step needs at least one example")
	}
	for _, part := range p.parts[:p.used] {
		partLoss, err := n.gradient(part, len(p.examples))
		if err != nil {
			return 0, err
		}
		loss += partLoss
	}
	return loss, nil
}

// ahead makes plans, one step ahead of the training.
type ahead[T lstm.Float] struct {
	n       *Network[T]
	s       *schedule
	steps   int
	plans   [2]plan[T] // of even and of odd steps: one in use, one being made
	waiting bool       // whether one is being made
	done    chan struct{}
}

func newAhead[T lstm.Float](n *Network[T], s *schedule, steps int) *ahead[T] {
	return &ahead[T]{n: n, s: s, steps: steps, done: make(chan struct{}, 1)}
}

func (a *ahead[T]) start(step int) {
	a.waiting = true
	go func() {
		p := &a.plans[step%2]
		p.pack(a.n, a.s.at(step, p.examples[:0]))
		a.done <- struct{}{}
	}()
}

// plan gives the plan of a step, and starts to make the next one's. Steps must
// be asked for in order; a plan holds until the next is asked for.
func (a *ahead[T]) plan(step int) *plan[T] {
	if !a.waiting {
		a.start(step)
	}
	a.stop()
	if step+1 < a.steps {
		a.start(step + 1)
	}
	return &a.plans[step%2]
}

// stop waits for the plan being made: it reads the network's vectors.
func (a *ahead[T]) stop() {
	if a.waiting {
		<-a.done
		a.waiting = false
	}
}

package model

import (
	"fmt"
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
	step     int
	examples []Example
	words    int
	parts    []*prepared[T]
	used     int // of parts
	err      error
}

// fill makes p the plan of a step.
func (p *plan[T]) fill(n *Network[T], s *schedule, step int) {
	p.step, p.used, p.words, p.err = step, 0, 0, nil
	p.examples = s.at(step, p.examples[:0])
	for part := range split(p.examples, n.options.MaxWords) {
		if p.used == len(p.parts) {
			p.parts = append(p.parts, &prepared[T]{})
		}
		if p.err = n.prepare(p.parts[p.used], part); p.err != nil {
			return
		}
		p.used++
		p.words += p.parts[p.used-1].batch.Words
	}
}

// run takes the step.
func (p *plan[T]) run(n *Network[T]) (loss float64, err error) {
	if p.err != nil {
		return 0, p.err
	}
	if p.used == 0 {
		return 0, fmt.Errorf("model: step %d has no examples", p.step+1)
	}
	for _, part := range p.parts[:p.used] {
		partLoss, err := n.gradient(part, len(p.examples))
		if err != nil {
			return 0, err
		}
		loss += partLoss
	}
	return loss, n.Update()
}

// ahead makes plans, one step ahead of the training.
type ahead[T lstm.Float] struct {
	n       *Network[T]
	s       *schedule
	steps   int
	done    chan *plan[T] // holds the plan being made or made
	waiting bool
	spare   *plan[T]
	current *plan[T]
}

func newAhead[T lstm.Float](n *Network[T], s *schedule, steps int) *ahead[T] {
	return &ahead[T]{n: n, s: s, steps: steps, done: make(chan *plan[T], 1), spare: &plan[T]{}, current: &plan[T]{}}
}

func (a *ahead[T]) start(step int) {
	p := a.spare
	a.spare, a.waiting = nil, true
	go func() {
		p.fill(a.n, a.s, step)
		a.done <- p
	}()
}

// plan gives the plan of a step, and starts to make the next one's.
func (a *ahead[T]) plan(step int) *plan[T] {
	if !a.waiting {
		a.start(step)
	}
	p := <-a.done
	a.waiting = false
	a.spare, a.current = a.current, p
	if step+1 < a.steps {
		a.start(step + 1)
	}
	return p
}

// stop waits for the plan being made: it reads the network's vectors.
func (a *ahead[T]) stop() {
	if a.waiting {
		a.spare = <-a.done
		a.waiting = false
	}
}

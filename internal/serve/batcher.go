package serve

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"wakong/corpus"
)

var (
	errFull   = errors.New("too many passages wait; try again later")
	errEnding = errors.New("the server is ending; ask again when it is back")
)

// job is a question that waits for its answer.
type job struct {
	ctx      context.Context
	question corpus.Question
	done     chan outcome // holds one
}

type outcome struct {
	answer Answer
	err    error
}

// batcher gives the network all questions that have come while it worked.
type batcher struct {
	model    Model
	observe  func(batch int)
	jobs     chan *job
	finished chan struct{}
	asked    atomic.Int64 // questions ever taken

	mutex   sync.Mutex
	waiting int
	ended   bool
}

func newBatcher(m Model, queue int, observe func(batch int)) *batcher {
	b := &batcher{model: m, observe: observe, jobs: make(chan *job, queue), finished: make(chan struct{})}
	go b.work()
	return b
}

// answer waits for the answers to all questions. Either all are taken or none.
func (b *batcher) answer(ctx context.Context, questions []corpus.Question) ([]Answer, error) {
	jobs := make([]*job, len(questions))
	for i, q := range questions {
		jobs[i] = &job{ctx: ctx, question: q, done: make(chan outcome, 1)}
	}
	if err := b.enqueue(jobs); err != nil {
		return nil, err
	}
	answers := make([]Answer, len(jobs))
	for i, j := range jobs {
		select {
		case o := <-j.done:
			if o.err != nil {
				return nil, o.err
			}
			answers[i] = o.answer
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return answers, nil
}

func (b *batcher) enqueue(jobs []*job) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch {
	case b.ended:
		return errEnding
	case b.waiting+len(jobs) > cap(b.jobs):
		return errFull
	}
	b.waiting += len(jobs)
	b.asked.Add(int64(len(jobs)))
	for _, j := range jobs {
		b.jobs <- j // there is room: what waits is counted
	}
	return nil
}

// depth is the number of questions that wait.
func (b *batcher) depth() float64 {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return float64(b.waiting)
}

// end takes no more questions and waits for the answers to those it has.
func (b *batcher) end() {
	b.mutex.Lock()
	if !b.ended {
		b.ended = true
		close(b.jobs)
	}
	b.mutex.Unlock()
	<-b.finished
}

func (b *batcher) work() {
	defer close(b.finished)
	for first := range b.jobs {
		batch := b.collect(first)
		var questions []corpus.Question
		var asked []*job
		for _, j := range batch {
			if j.ctx.Err() == nil { // else nobody waits for it any more
				asked, questions = append(asked, j), append(questions, j.question)
			}
		}
		if len(asked) == 0 {
			continue
		}
		b.observe(len(asked))
		for i, o := range b.outcomes(questions) {
			asked[i].done <- o
		}
	}
}

// outcomes answers questions together. Where that fails each is answered alone:
// what is wrong with one must not take the others with it.
func (b *batcher) outcomes(questions []corpus.Question) []outcome {
	out := make([]outcome, len(questions))
	answers, err := b.pass(questions)
	switch {
	case err == nil:
		for i, a := range answers {
			out[i].answer = a
		}
	case len(questions) == 1:
		out[0].err = err
	default:
		for i := range questions {
			out[i] = b.outcomes(questions[i : i+1])[0]
		}
	}
	return out
}

// pass is one pass of the network. A panic in it ends the pass, not the server.
func (b *batcher) pass(questions []corpus.Question) (answers []Answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the network failed: %v", r)
		}
	}()
	if answers, err = b.model.Answer(questions); err == nil && len(answers) != len(questions) {
		err = fmt.Errorf("the network gave %d answers to %d questions", len(answers), len(questions))
	}
	return answers, err
}

// collect takes what waits behind the first job, without waiting for more.
func (b *batcher) collect(first *job) []*job {
	batch := []*job{first}
	for more := true; more && len(batch) < maxBatch; {
		select {
		case j, ok := <-b.jobs:
			if more = ok; ok {
				batch = append(batch, j)
			}
		default:
			more = false
		}
	}
	b.mutex.Lock()
	b.waiting -= len(batch)
	b.mutex.Unlock()
	return batch
}

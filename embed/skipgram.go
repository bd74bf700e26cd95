package embed

import (
	"context"
	"fmt"
	"iter"
	"time"

	"wakong/vocab"
)

// skipGram is the engine of this package.
//
// Threads do not share out the text but the dimensions: each owns a part of
// every row of both matrices, for ever, and applies all updates to it in the
// order of the text. They meet once a round to add up their parts of the
// scores, always in the same order. So no update is lost or raced for, no
// cache line is written by two cores, and the bytes do not depend on the
// number of threads. What is random is drawn beforehand, by blocks of text
// with a generator each, which the threads do side by side.
type skipGram struct{}

// rowParts tells into how many parts the rows of a size are cut, and how long
// they are with padding. Both shape the sums, so both depend on the size
// alone.
func rowParts(size int) (parts, width int) {
	parts = 1
	switch {
	case size >= 256:
		parts = 4
	case size > rowUnit:
		parts = 2
	}
	unit := parts * rowUnit
	return parts, (size + unit - 1) / unit * rowUnit
}

// MatrixBytes tells how much memory the input and output vectors of a training
// take. With a vocabulary of millions it is most of what is needed, and a
// program does well to give the garbage collector a limit, since by itself it
// lets twice as much be taken (see [runtime/debug.SetMemoryLimit]).
func MatrixBytes(v *vocab.Vocabulary, size int) int64 {
	parts, width := rowParts(size)
	return 2 * 4 * int64(v.Len()) * int64(parts*width)
}

func (skipGram) train(ctx context.Context, v *vocab.Vocabulary, s Sentences, p Params, o Options) ([]float32, error) {
	kernel, err := o.Kernel.Resolve()
	if err != nil {
		return nil, err
	}
	text, err := scanText(ctx, v, s, cachedWords)
	if err != nil {
		return nil, err
	}
	t := newTrainer(v, text, p, o, kernel)
	if err := t.resume(); err != nil {
		return nil, err
	}
	t.o.Start = nil // of no more use, and large
	if err := t.run(ctx); err != nil {
		return nil, err
	}
	if o.Output != nil {
		data := compact(t.out, v.Len(), p.Size, t.parts*t.width)
		if err := checkFinite(v, p.Size, data); err != nil {
			return nil, err
		}
		if err := o.Output(&Vectors{Vocabulary: v, Size: p.Size, Data: data}); err != nil {
			return nil, err
		}
		t.out = nil
	}
	return compact(t.in, v.Len(), p.Size, t.parts*t.width), nil
}

// position is how far a training has come.
type position struct {
	Epoch int   `json:"epoch"`
	Block int   `json:"block"` // of the epoch, the next to be trained
	Words int64 `json:"words"` // done in all
}

type trainer struct {
	vocabulary *vocab.Vocabulary
	text       *text
	p          Params
	o          Options
	kernel     Kernel
	parts      int
	width      int
	in, out    []float32 // [rows, parts*width]
	at         position
	losses     curve
	saved      int64  // words when last saved
	start      string // digest of the vectors to start from, "" without
	workers    []*preparer
	team       *team
	alone      []*team // of one thread for each worker, where they do not meet
	pace       *pace
}

func newTrainer(v *vocab.Vocabulary, text *text, p Params, o Options, kernel Kernel) *trainer {
	t := &trainer{vocabulary: v, text: text, p: p, o: o, kernel: kernel}
	t.parts, t.width = rowParts(p.Size)
	stride := t.parts * t.width
	t.in, t.out = make([]float32, v.Len()*stride), make([]float32, v.Len()*stride)
	t.initialize()
	threads := t.formTeams()
	table, keep := negatives(v), keepThresholds(v, p.Sample)
	for range threads {
		t.workers = append(t.workers, newPreparer(p, table, keep, text.words))
	}
	return t
}

// formTeams makes the teams that train and tells how many threads there are.
func (t *trainer) formTeams() (threads int) {
	if t.p.Asynchronous {
		for range t.o.Threads {
			t.alone = append(t.alone, newTeam(t.kernel, 1, t.parts, t.width, t.in, t.out))
		}
		return t.o.Threads
	}
	threads = 1
	for threads*2 <= min(t.o.Threads, t.parts) {
		threads *= 2
	}
	t.team = newTeam(t.kernel, threads, t.parts, t.width, t.in, t.out)
	t.pace = newPace(threads)
	return threads
}

// initialize draws the input vectors uniformly from [-0.5/size, 0.5/size) and
// leaves the output vectors zero, as word2vec.c does, but for what a start gives.
func (t *trainer) initialize() {
	rng := newRandom(t.p.Seed, 0)
	stride := t.parts * t.width
	for id := 1; id < t.vocabulary.Len(); id++ {
		row := t.in[id*stride:]
		for i := range t.p.Size {
			row[i] = (rng.uniform() - 0.5) / float32(t.p.Size)
		}
	}
	t.begin()
}

// run trains from where the trainer stands to the end.
func (t *trainer) run(ctx context.Context) error {
	t.saved = t.at.Words
	for t.at.Epoch < t.p.Epochs {
		if err := t.epoch(ctx); err != nil {
			return err
		}
		t.at.Epoch++
		t.at.Block = 0
	}
	t.progress()
	return nil
}

func (t *trainer) epoch(ctx context.Context) error {
	next, stop := iter.Pull2(t.text.blocks(ctx))
	defer stop()
	blocks := make([]block, 0, len(t.workers))
	for more := true; more; {
		blocks = blocks[:0]
		// A block whose loss is measured is the first of its step: the weights
		// there are the same for any number of threads.
		for len(blocks) == 0 || len(blocks) < len(t.workers) && (t.at.Block+len(blocks))%lossBlocks != 0 {
			k, err, ok := next()
			if err != nil {
				return t.leave(err)
			}
			if more = ok; !ok {
				break
			}
			if k.index >= t.at.Block {
				blocks = append(blocks, k)
			}
		}
		if err := t.step(blocks); err != nil {
			return err // no checkpoint: going on from it would end likewise
		}
		for _, k := range blocks {
			t.at.Block = k.index + 1
			t.at.Words += int64(k.words)
		}
		t.progress()
		if err := ctx.Err(); err != nil {
			return t.leave(fmt.Errorf("embed: training: %w", err))
		}
		if t.o.Checkpoint.Path != "" && t.at.Words-t.saved >= t.every() {
			if err := t.save(); err != nil {
				return err
			}
		}
	}
	if want := int64(t.at.Epoch+1) * t.text.words; t.at.Words != want {
		return fmt.Errorf("embed: the text changed during training: epoch %d ends after %d words, expected %d", t.at.Epoch+1, t.at.Words, want)
	}
	return nil
}

// leave saves the state before an error is returned.
func (t *trainer) leave(cause error) error {
	if t.o.Checkpoint.Path == "" || t.at.Words == t.saved {
		return cause
	}
	if err := t.save(); err != nil {
		return fmt.Errorf("%w; and %w", cause, err)
	}
	return cause
}

// step trains blocks, as many as there are workers at most.
func (t *trainer) step(blocks []block) error {
	if len(blocks) == 0 {
		return nil
	}
	batches := make([]*batch, len(blocks))
	if blocks[0].index%lossBlocks == 0 {
		batches[0] = t.workers[0].prepare(t.at.Epoch, blocks[0])
		if err := t.measure(batches[0]); err != nil {
			return err
		}
	}
	together(len(blocks), func(i int) {
		if batches[i] == nil {
			batches[i] = t.workers[i].prepare(t.at.Epoch, blocks[i])
		}
		if t.p.Asynchronous {
			t.alone[i].train(1, batches[i:i+1])
		}
	})
	if t.p.Asynchronous {
		return nil
	}
	targets := 0
	for _, b := range batches {
		targets += len(b.targets)
	}
	threads, start := t.pace.threads(), time.Now()
	t.team.train(threads, batches)
	t.pace.took(threads, targets, time.Since(start))
	return nil
}

func (t *trainer) progress() {
	if t.o.Progress != nil {
		t.o.Progress(t.at.Words, t.text.words*int64(t.p.Epochs))
	}
}

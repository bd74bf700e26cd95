package embed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"wakong/vocab"
)

// Sentences gives the text, a sentence of words at a time, from its beginning
// each time it is called. A slice is used until the next one is asked for.
type Sentences func() iter.Seq2[[]string, error]

// Options are what cannot change the vectors.
type Options struct {
	Threads    int // for engines that can use them; results are the same
	Kernel     Kernel
	Checkpoint Checkpoint
	// Progress is told the words done and to do, over all epochs.
	Progress func(done, total int64)
	// Notice receives remarks, such as a checkpoint that cannot be used.
	Notice func(string)
}

// A Checkpoint is where a training saves itself, and from where an interrupted
// one goes on to the same vectors. The zero Checkpoint saves nothing.
type Checkpoint struct {
	Path  string
	Every time.Duration // default 20 s
}

// CountWords counts the words of a text and gives the vocabulary of those that
// occur at least minCount times.
func CountWords(ctx context.Context, s Sentences, minCount int64) (*vocab.Vocabulary, error) {
	var c vocab.Counter
	n := 0
	for sentence, err := range s() {
		if err != nil {
			return nil, err
		}
		for _, w := range sentence {
			c.Add(w)
		}
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return c.Build(minCount)
}

// ErrNoText is what Train gives for a text without a word of the vocabulary.
var ErrNoText = errors.New("embed: the text holds no word of the vocabulary")

// Train learns a vector for each word of the vocabulary, whose counts must be
// the text's. Words that the vocabulary lacks are passed over: their
// neighbours on both sides count as adjacent.
//
// With the engine EngineSkipGram, the same text, vocabulary, parameters and
// kernel give the same vectors to the bit, also after an interruption. When
// ctx ends, the state is saved to the checkpoint and ctx's error returned.
func Train(ctx context.Context, v *vocab.Vocabulary, s Sentences, p Params, o Options) (*Vectors, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if v.Len() < 2 {
		return nil, fmt.Errorf("embed: %w", vocab.ErrEmpty)
	}
	if p.Engine == EngineWego {
		return trainWego(ctx, v, s, p, o)
	}
	t, err := newTrainer(v, p, o)
	if err != nil {
		return nil, err
	}
	return t.run(ctx, s)
}

// trainer is the state of a training with this package's engine.
type trainer struct {
	vocabulary *vocab.Vocabulary
	params     Params
	options    Options
	kernel     Kernel
	negatives  aliasTable
	keep       []uint32
	total      int64 // words of the vocabulary in all epochs

	input, output []float32 // [V, stride(size)]
	kept          []int32

	at    position
	saved time.Time
}

// position is how far a training has come: the next chunk to train on.
type position struct {
	Epoch int   `json:"epoch"`
	Chunk int64 `json:"chunk"`
	Done  int64 `json:"done"` // words of the vocabulary
}

func newTrainer(v *vocab.Vocabulary, p Params, o Options) (*trainer, error) {
	k, err := o.Kernel.Resolve()
	if err != nil {
		return nil, err
	}
	if o.Checkpoint.Every == 0 {
		o.Checkpoint.Every = 20 * time.Second
	}
	row := stride(p.Size)
	if int64(v.Len())*int64(row) > 1<<33 {
		return nil, fmt.Errorf("embed: %d words of size %d need more memory than this program takes", v.Len(), p.Size)
	}
	t := &trainer{
		vocabulary: v, params: p, options: o, kernel: k,
		negatives: negatives(v), keep: keepThresholds(v, p.Sample), total: v.Total() * int64(p.Epochs),
		input: make([]float32, v.Len()*row), output: make([]float32, v.Len()*row),
	}
	// Input vectors start uniform within ±0.5/size, output vectors at 0, as
	// in word2vec.c.
	state := mix(p.Seed, 0x696e6974)
	for id := 1; id < v.Len(); id++ {
		for j := range p.Size {
			t.input[id*row+j] = (float32(next(&state)>>40)/(1<<24) - 0.5) / float32(p.Size)
		}
	}
	return t, nil
}

// chunkWords is how many words of the vocabulary a chunk holds, about: enough
// that the call into C costs nothing, few enough to save and to stop often.
const chunkWords = 20000

func (t *trainer) run(ctx context.Context, s Sentences) (*Vectors, error) {
	t.resume()
	t.saved = time.Now()
	for t.at.Epoch < t.params.Epochs {
		if err := t.epoch(ctx, s); err != nil {
			if ctx.Err() != nil {
				return nil, errors.Join(ctx.Err(), t.save())
			}
			return nil, err
		}
	}
	return t.vectors(), nil
}

// epoch trains on one pass over the text, from the chunk at which it stands.
// The next chunk is read and looked up while the kernel works on one.
func (t *trainer) epoch(ctx context.Context, s Sentences) error {
	type item struct {
		chunk *chunk
		err   error
	}
	reading, stop := context.WithCancel(ctx)
	chunks, free := make(chan item, 1), make(chan *chunk, 3)
	finished := make(chan struct{})
	for range cap(free) {
		free <- &chunk{}
	}
	skip := t.at.Chunk
	go func() {
		defer close(finished)
		defer close(chunks)
		send := func(i item) bool {
			select {
			case chunks <- i:
				return true
			case <-reading.Done():
				return false
			}
		}
		number := int64(0)
		c := <-free
		c.reset()
		flush := func() bool {
			if number++; number > skip {
				if !send(item{chunk: c}) {
					return false
				}
				select {
				case c = <-free:
				case <-reading.Done():
					return false
				}
			}
			c.reset()
			return reading.Err() == nil
		}
		for sentence, err := range s() {
			if err != nil {
				send(item{err: err})
				return
			}
			c.add(t.vocabulary, sentence)
			if len(c.ids) >= chunkWords && !flush() {
				return
			}
		}
		if len(c.ids) > 0 {
			flush()
		}
	}()
	// The reader holds the text open: do not return before it has ended.
	defer func() {
		stop()
		<-finished
	}()
	for i := range chunks {
		if i.err != nil {
			return i.err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		t.train(i.chunk)
		free <- i.chunk
		if t.options.Progress != nil {
			t.options.Progress(t.at.Done, t.total)
		}
		if time.Since(t.saved) >= t.options.Checkpoint.Every {
			if err := t.save(); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if t.at.Chunk == 0 {
		return ErrNoText
	}
	t.at = position{Epoch: t.at.Epoch + 1, Done: t.at.Done}
	return nil
}

// train trains on the next chunk. Each chunk draws from a generator of its
// own, seeded by its place, so that training can go on from any chunk.
func (t *trainer) train(c *chunk) {
	c.alpha = c.alpha[:0]
	begin := int64(0)
	for _, end := range c.ends {
		// One line over the whole training, down to a ten-thousandth.
		share := float64(t.at.Done+begin) / float64(t.total)
		c.alpha = append(c.alpha, float32(t.params.Alpha*max(1e-4, 1-share)))
		begin = end
	}
	state := mix(t.params.Seed, uint64(t.at.Epoch)+1, uint64(t.at.Chunk))
	t.trainChunk(c, &state)
	t.at.Chunk++
	t.at.Done += int64(len(c.ids))
}

func (c *chunk) reset() { c.ids, c.ends = c.ids[:0], c.ends[:0] }

// add looks a sentence's words up and appends those of the vocabulary.
func (c *chunk) add(v *vocab.Vocabulary, sentence []string) {
	before := len(c.ids)
	for _, w := range sentence {
		if id := v.ID(w); id != vocab.UNK {
			c.ids = append(c.ids, id)
		}
	}
	if len(c.ids) > before {
		c.ends = append(c.ends, int64(len(c.ids)))
	}
}

// vectors copies the input vectors out of their padded rows.
func (t *trainer) vectors() *Vectors {
	row, size := stride(t.params.Size), t.params.Size
	out := &Vectors{Vocabulary: t.vocabulary, Size: size, Data: make([]float32, t.vocabulary.Len()*size)}
	for id := range t.vocabulary.Len() {
		copy(out.Data[id*size:(id+1)*size], t.input[id*row:])
	}
	return out
}

// mix makes a generator's state of numbers that name what it is for.
func mix(parts ...uint64) uint64 {
	state := uint64(0)
	for _, p := range parts {
		state ^= p
		state = next(&state)
	}
	return state
}

// next is SplitMix64, as in kernel_ops.h.
func next(state *uint64) uint64 {
	*state += 0x9e3779b97f4a7c15
	z := *state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

package embed

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"wakong/vocab"
)

// Options are what the vectors of the engine skipgram do not depend on, kernel
// and start apart. The zero value is good.
type Options struct {
	// Threads that may train; 0 means one per processor. Up to two are of use,
	// from size 256 on up to four. They meet every few microseconds, so a
	// machine that is busy otherwise is faster with one: which it is to be is
	// measured and chosen anew while training. An asynchronous training uses all.
	Threads int
	// Kernel that trains. The zero value is Auto.
	Kernel Kernel
	// Progress is told, from time to time and from the goroutine that called
	// Train, how many words of how many are done: words of the text that the
	// vocabulary knows, times epochs. Nil means nobody wants to know.
	Progress func(done, total int64)
	// Loss, where not nil, is told the curve of the loss so far whenever there is
	// more of it, from the same goroutine: its last point may stand for a part of
	// the training that goes on. The slice is good until Loss returns. Measuring
	// changes no vector, and a training that was resumed tells the same curve.
	// Only the engine skipgram has it.
	Loss func([]LossPoint)
	// Notice is told, in words, what went otherwise than expected without
	// being an error: a checkpoint that could not be used. May be nil.
	Notice func(message string)
	// Checkpoint says whether and when the state is saved.
	Checkpoint Checkpoint
	// Start has vectors to begin with; nil means at random. Only the engine
	// skipgram has one.
	Start *Start
	// Output, where not nil, is given the output vectors at the end: with them
	// a later training can go on from where this one was. An error that it
	// returns is Train's. Only the engine skipgram has them.
	Output func(*Vectors) error
}

// A Checkpoint lets a training that was stopped or killed go on to the same
// bytes. Only the engine skipgram has one.
type Checkpoint struct {
	// Path of the file; "" means none. A file there that belongs to the same
	// text, vocabulary, parameters and kernel is gone on from; another or a
	// damaged one is left aside with a notice and replaced. It stays after the
	// training, for the caller to remove.
	Path string
	// Every how many words it is saved, counted like progress; also when the
	// context ends. 0 means 2,000,000, or ten times the vocabulary where that
	// is more, so that saving takes a small part of the time.
	Every int64
}

// An engine trains word vectors. Params are valid; the vocabulary has a word
// and counts, the start is good. It returns [v.Len(), p.Size] floats.
type engine interface {
	train(ctx context.Context, v *vocab.Vocabulary, s Sentences, p Params, o Options) ([]float32, error)
}

// Train trains word vectors on the text by skip-gram with negative sampling
// (Mikolov et al. 2013, "Distributed representations of words and phrases and
// their compositionality"), as word2vec.c does it. Row i is the vector of word
// id i; row 0 is zero. Words that v does not know are skipped; v must have
// counts, but for words that [Options].Start has vectors of.
//
// The engine skipgram gives the same bytes for the same text, vocabulary,
// parameters and kernel, whatever the number of threads and however often the
// training was stopped and resumed, unless [Params].Asynchronous is set. If ctx
// ends, Train saves the checkpoint, if one is wanted, and returns the context's
// error. A training that diverges is an error as soon as its loss shows that.
func Train(ctx context.Context, v *vocab.Vocabulary, s Sentences, p Params, o Options) (*Vectors, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if v.Len() <= 1 {
		return nil, fmt.Errorf("embed: %w", vocab.ErrEmpty)
	}
	if o.Start != nil {
		if err := o.Start.check(v, p); err != nil {
			return nil, err
		}
	} else if err := checkCounts(v); err != nil {
		return nil, err
	}
	if o.Output != nil && p.Engine == EngineWego {
		return nil, errors.New("embed: the engine wego gives no output vectors; the engine skipgram does")
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	var e engine = skipGram{}
	if p.Engine == EngineWego {
		e = wego{}
	}
	data, err := e.train(ctx, v, s, p, o)
	if err != nil {
		return nil, err
	}
	if err := checkFinite(v, p.Size, data); err != nil {
		return nil, err
	}
	return &Vectors{Vocabulary: v, Size: p.Size, Data: data}, nil
}

func checkCounts(v *vocab.Vocabulary) error {
	for id := int32(1); int(id) < v.Len(); id++ {
		if v.Count(id) == 0 {
			return fmt.Errorf("embed: the vocabulary has no count for %q; negative samples are drawn by counts", v.Word(id))
		}
	}
	return nil
}

func checkFinite(v *vocab.Vocabulary, size int, data []float32) error {
	for i, x := range data {
		if !finite(x) {
			return fmt.Errorf("embed: training diverged: the vector of %q holds %v; a smaller alpha may help", v.Word(int32(i/size)), x)
		}
	}
	return nil
}

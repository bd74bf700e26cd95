package embed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/ynqa/wego/pkg/model/modelutil/vector"
	"github.com/ynqa/wego/pkg/model/word2vec"

	"wakong/vocab"
)

// wego is the engine github.com/ynqa/wego. Its limits stand at [Params].
type wego struct{}

func (wego) train(ctx context.Context, v *vocab.Vocabulary, s Sentences, p Params, o Options) ([]float32, error) {
	in := &wegoText{ctx: ctx, vocabulary: v, sentences: s, row: make([]int32, v.Len())}
	defer in.close()
	model, err := word2vec.New(
		word2vec.Model(word2vec.SkipGram), word2vec.Optimizer(word2vec.NegativeSampling),
		word2vec.Dim(p.Size), word2vec.Window(p.Window), word2vec.NegativeSampleSize(p.Negative),
		word2vec.Iter(p.Epochs), word2vec.Initlr(p.Alpha), word2vec.MinLR(p.Alpha*minAlpha),
		word2vec.SubsampleThreshold(p.Sample), word2vec.Goroutines(o.Threads),
		// The vocabulary has decided which words there are.
		word2vec.MinCount(0), word2vec.DocInMemory(),
	)
	if err != nil {
		return nil, fmt.Errorf("embed: wego: %w", err)
	}
	if err := model.Train(in); err != nil {
		return nil, fmt.Errorf("embed: wego: %w", err)
	}
	if in.err != nil {
		return nil, in.err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("embed: training: %w", err)
	}
	// wego numbers words in the order in which it first meets them.
	matrix := model.WordVector(vector.Single)
	if matrix.Row() != in.met || matrix.Col() != p.Size {
		return nil, fmt.Errorf("embed: wego: found a matrix of %d words and size %d, expected %d and %d", matrix.Row(), matrix.Col(), in.met, p.Size)
	}
	data := make([]float32, v.Len()*p.Size)
	for id, row := range in.row {
		if row > 0 { // else the word is not in this text
			for i, x := range matrix.Slice(int(row - 1)) {
				data[id*p.Size+i] = float32(x)
			}
		}
	}
	if o.Progress != nil {
		o.Progress(in.words*int64(p.Epochs), in.words*int64(p.Epochs))
	}
	return data, nil
}

// wegoText is the known words of the text as the stream of words that wego
// reads.
type wegoText struct {
	ctx        context.Context
	vocabulary *vocab.Vocabulary
	sentences  Sentences
	next       func() ([]string, error, bool)
	stop       func()
	rest       []byte
	row        []int32 // of id: 1 + the number that wego gives it, 0 for none yet
	met        int
	words      int64
	err        error
}

// Seek starts anew: wego seeks to the start only, before it reads.
func (t *wegoText) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.New("embed: this text can only be read from its start")
	}
	t.close()
	t.next, t.stop = iter.Pull2(t.sentences())
	t.rest, t.words, t.met = nil, 0, 0
	clear(t.row)
	return 0, nil
}

func (t *wegoText) close() {
	if t.stop != nil {
		t.stop()
	}
}

func (t *wegoText) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		sentence, err, ok := t.next()
		if !ok {
			if t.words == 0 {
				return 0, t.fail(ErrNoText)
			}
			return 0, io.EOF
		}
		if err == nil {
			err = t.ctx.Err()
		}
		if err != nil {
			return 0, t.fail(fmt.Errorf("embed: reading text: %w", err))
		}
		t.rest = t.rest[:0]
		for _, word := range sentence {
			id := t.vocabulary.ID(word)
			if id == vocab.UNK {
				continue
			}
			if t.row[id] == 0 {
				t.met++
				t.row[id] = int32(t.met)
			}
			t.words++
			t.rest = append(append(t.rest, word...), '\n')
		}
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// fail keeps an error that wego might lose or wrap beyond recognition.
func (t *wegoText) fail(err error) error {
	t.err = err
	return err
}

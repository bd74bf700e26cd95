package embed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ynqa/wego/pkg/model/modelutil/vector"
	"github.com/ynqa/wego/pkg/model/word2vec"

	"wakong/vocab"
)

// trainWego trains with github.com/ynqa/wego's skip-gram.
//
// It is there for comparison, and its vectors are of lesser use: wego draws
// negatives evenly instead of by count^0.75, hardly subsamples, starts its
// learning rate anew each epoch, does not see where a sentence ends, and draws
// from the global random generator with racing threads, so that no two runs
// give the same vectors, whatever the seed. It knows no progress, cannot be
// interrupted before it ends, and holds the text in memory.
func trainWego(ctx context.Context, v *vocab.Vocabulary, s Sentences, p Params, o Options) (*Vectors, error) {
	var text bytes.Buffer
	words := 0
	for sentence, err := range s() {
		if err != nil {
			return nil, err
		}
		for _, w := range sentence {
			// wego has no lower bound of its own that works: leave rare
			// words out before it sees them.
			if v.ID(w) != vocab.UNK {
				text.WriteString(w)
				text.WriteByte(' ')
				words++
			}
		}
	}
	if words == 0 {
		return nil, ErrNoText
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	options := word2vec.DefaultOptions()
	options.ModelType = word2vec.SkipGram
	options.OptimizerType = word2vec.NegativeSampling
	options.Dim = p.Size
	options.Window = p.Window
	options.NegativeSampleSize = p.Negative
	options.Iter = p.Epochs
	options.MinCount = 0
	options.SubsampleThreshold = p.Sample
	options.Initlr = p.Alpha
	options.MinLR = p.Alpha * 1e-4
	options.DocInMemory = true
	options.BatchSize = min(options.BatchSize, max(1, words))
	if o.Threads > 0 {
		options.Goroutines = o.Threads
	}
	m, err := word2vec.NewForOptions(options)
	if err != nil {
		return nil, fmt.Errorf("embed: wego: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- m.Train(bytes.NewReader(text.Bytes())) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		// It cannot be stopped; what it goes on doing is thrown away.
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("embed: wego: %w", err)
	}
	var out bytes.Buffer
	if err := m.Save(&out, vector.Single); err != nil {
		return nil, fmt.Errorf("embed: wego: %w", err)
	}
	return fromWego(v, p.Size, &out)
}

// fromWego puts wego's headerless text into the vocabulary's order.
func fromWego(v *vocab.Vocabulary, size int, r io.Reader) (*Vectors, error) {
	got, err := ReadText(r, "wego's vectors")
	if err != nil {
		return nil, err
	}
	if got.Size != size {
		return nil, fmt.Errorf("embed: wego gave vectors of size %d, expected %d", got.Size, size)
	}
	all := &Vectors{Vocabulary: v, Size: size, Data: make([]float32, v.Len()*size)}
	var missing []string
	for id := int32(1); int(id) < v.Len(); id++ {
		from := got.Vocabulary.ID(v.Word(id))
		if from == vocab.UNK {
			missing = append(missing, v.Word(id))
			continue
		}
		copy(all.Vector(id), got.Vector(from))
	}
	if len(missing) > 0 {
		return nil, errors.New("embed: wego gave no vector for " + strings.Join(missing[:min(5, len(missing))], ", "))
	}
	return all, nil
}

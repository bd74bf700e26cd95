package beam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/vocab"
)

func init() {
	beam.RegisterType(reflect.TypeFor[frequentFn]())
	beam.RegisterType(reflect.TypeFor[vocabularyFn]())
	register.Emitter1[[]byte]()
	register.Emitter1[string]()
}

const vocabularyFile = "vocab.tsv"

// A wordCount is how often a word occurs.
type wordCount struct {
	word string
	n    int64
}

func packCount(c wordCount) []byte {
	p := packer{make([]byte, 0, len(c.word)+4)}
	p.text(c.word)
	p.number(c.n)
	return p.b
}

func unpackCount(b []byte) (wordCount, error) {
	u := unpacker{b: b}
	c := wordCount{u.text(), u.number()}
	return c, u.done()
}

// addCounts adds up batches of counts.
func addCounts(to *vocab.Counter, batches func(*[]byte) bool) error {
	return eachIn(batches, unpackCount, func(c wordCount) { to.AddN(c.word, c.n) })
}

// frequentFn adds up the words of a partition, and leaves those that a vocabulary
// takes.
type frequentFn struct{ MinCount int }

func (f *frequentFn) ProcessElement(partition int64, counts func(*[]byte) bool, emit func([]byte)) error {
	var counter vocab.Counter
	if err := addCounts(&counter, counts); err != nil {
		return err
	}
	var frequent batcher
	send := func(_ int64, batch []byte) { emit(batch) }
	for word, n := range counter.Drain() {
		if n >= int64(f.MinCount) {
			frequent.add(partition, packCount(wordCount{word, n}), send)
		}
	}
	frequent.flush(send)
	return nil
}

// vocabularyFn writes the vocabulary, and gives its path. One worker holds all its
// words, 100 bytes each.
type vocabularyFn struct{ Base }

func (f *vocabularyFn) ProcessElement(ctx context.Context, _ []byte, words func(*[]byte) bool, written func(string)) error {
	var counter vocab.Counter
	if err := addCounts(&counter, words); err != nil {
		return err
	}
	v, err := counter.Build(int64(f.settings.MinCount))
	if errors.Is(err, vocab.ErrEmpty) {
		return fmt.Errorf("empty vocabulary: no word occurs %d times (embed.min_count) in the text", f.settings.MinCount)
	}
	if err != nil {
		return err
	}
	path := f.settings.at(vocabularyFile)
	err = writeFile(ctx, path, func(w io.Writer) error {
		_, err := v.WriteTo(w)
		return err
	})
	if err != nil {
		return err
	}
	written(path)
	return nil
}

// readVocabulary reads it back.
func readVocabulary(path string) (*vocab.Vocabulary, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return vocab.Read(f, path)
}

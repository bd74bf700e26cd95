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
	register.Iter2[string, int64]()
	register.Emitter1[string]()
}

const vocabularyFile = "vocab.tsv"

// frequentFn leaves the words that a vocabulary takes.
type frequentFn struct{ MinCount int }

func (f *frequentFn) ProcessElement(word string, count int64, emit func(string, int64)) {
	if count >= int64(f.MinCount) {
		emit(word, count)
	}
}

// vocabularyFn writes the vocabulary, and gives its path. One worker holds all its
// words, 100 bytes each.
type vocabularyFn struct{ Base }

func (f *vocabularyFn) ProcessElement(ctx context.Context, _ []byte, words func(*string, *int64) bool, written func(string)) error {
	var counter vocab.Counter
	var word string
	var count int64
	for words(&word, &count) {
		counter.AddN(word, count)
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

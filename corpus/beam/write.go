package beam

import (
	"cmp"
	"context"
	"io"
	"iter"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
	"wakong/vocab"
)

func init() {
	beam.RegisterType(reflect.TypeFor[writeFn]())
	register.Iter1[Segmented]()
	register.Iter1[Renamed]()
	register.Emitter1[Written]()
	register.Emitter2[string, int64]()
	register.Function2x1(sum)
}

// The folders of the output.
const (
	documentsFolder = "documents"
	sentencesFolder = "sentences"
)

// writeFn writes the documents and sentences of a unit and counts its words.
type writeFn struct{ Base }

func (f *writeFn) ProcessElement(ctx context.Context, unit int64, documents func(*Segmented) bool, renamed func(*Renamed) bool, written func(Written), words func(string, int64)) error {
	var all []Segmented
	var d Segmented
	for documents(&d) {
		all = append(all, d)
		d = Segmented{}
	}
	slices.SortFunc(all, func(a, b Segmented) int { return cmp.Compare(a.At, b.At) })
	var r Renamed
	for renamed(&r) {
		i, _ := slices.BinarySearchFunc(all, r.At, func(d Segmented, at int64) int { return cmp.Compare(d.At, at) })
		all[i].Document.ID = r.ID
	}
	path := f.settings.part(documentsFolder, unit, ".jsonl"+f.settings.Compression)
	err := writeFile(ctx, path, func(w io.Writer) error {
		_, err := corpus.WriteDocuments(w, documentsOf(all))
		return err
	})
	if err != nil {
		return err
	}
	err = writeFile(ctx, f.settings.part(sentencesFolder, unit, ".txt"+f.settings.Compression), func(w io.Writer) error {
		for _, d := range all {
			if err := corpus.WriteSentences(w, d.Document); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var counter vocab.Counter
	for _, d := range all {
		for _, sentence := range d.Document.Sentences {
			for _, word := range sentence {
				counter.Add(word)
			}
		}
	}
	for word, n := range counter.Drain() {
		words(word, n)
	}
	written(Written{unit, path})
	return nil
}

func documentsOf(all []Segmented) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		for _, d := range all {
			if !yield(d.Document, nil) {
				return
			}
		}
	}
}

func sum(a, b int64) int64 { return a + b }

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
	register.Iter1[Renamed]()
	register.Emitter1[Written]()
}

// The folders of the output.
const (
	documentsFolder = "documents"
	sentencesFolder = "sentences"
)

// writeFn writes the documents and sentences of a unit and counts its words.
type writeFn struct{ Base }

func (f *writeFn) ProcessElement(ctx context.Context, unit int64, paths func(*string) bool, renamed func(*Renamed) bool, partitions int, written func(Written), words func(int64, []byte)) error {
	all, err := readStaged(paths, unpackSegmented)
	if err != nil {
		return err
	}
	var r Renamed
	for renamed(&r) {
		i, _ := slices.BinarySearchFunc(all, r.At, func(d Segmented, at int64) int { return cmp.Compare(d.At, at) })
		all[i].Document.ID = r.ID
	}
	path := f.settings.part(documentsFolder, unit, ".jsonl"+f.settings.Compression)
	err = writeFile(ctx, path, func(w io.Writer) error {
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
	counts := batcher{}
	for word, n := range counter.Drain() {
		counts.add(partitionOf(word, partitions), packCount(wordCount{word, n}), words)
	}
	counts.flush(words)
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

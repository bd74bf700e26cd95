package beam

import (
	"context"
	"iter"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
)

func init() {
	beam.RegisterType(reflect.TypeFor[readFn]())
	register.Emitter2[int64, string]()
	register.Emitter2[int64, Kept]()
	register.Emitter1[Leak]()
	register.Emitter1[FilesReport]()
	register.Emitter1[Tally]()
}

// readFn reads a shard, looks for leaks and cleans.
type readFn struct {
	Base
}

// ProcessElement gives the files of documents by unit; for those that are compared what they
// are compared by, for those that are not that they stay; the leaks; and what was
// counted.
func (f *readFn) ProcessElement(ctx context.Context, shard Shard, partitions int, units func(int64, string), items func(int64, []byte), kept func(int64, Kept), leaks func(Leak), reports func(FilesReport), tallies func(Tally)) error {
	counts := newReports(shard)
	var t Tally
	compared := comparer{partitions: partitions}
	unit, size := int64(-1), 0
	var docs [][]byte // of the unit
	end := func() error {
		ended := docs
		docs = docs[:0]
		return f.settings.stage(ctx, "cleaned", unit, ended, units)
	}
	number := int64(0)
	for d, err := range f.work.preparer.Screen(ctx, f.documents(ctx, shard, counts)) {
		if err != nil {
			return err
		}
		doc := Doc{At: atOf(shard.Number, number), ScreenedDocument: d}
		number++
		t.Report.Samples++
		if d.Leaks {
			leaks(Leak{doc.At, d.Item.Hash, corpus.LeakCase{File: d.Document.File, Line: d.Document.Line, Question: d.Leak}})
			continue
		}
		if unit < 0 || size >= f.settings.UnitBytes {
			if err := end(); err != nil {
				return err
			}
			unit, size = doc.At, 0
		}
		size += sizeOfText(d)
		f.compare(doc, unit, &t, &compared, items, kept)
		doc.Item.Signature = nil // whoever compares has it
		docs = append(docs, packDoc(doc))
	}
	if err := end(); err != nil {
		return err
	}
	compared.flush(items)
	for _, r := range counts {
		reports(*r)
	}
	tallies(t)
	return nil
}

// compare gives out what a document is compared by.
func (f *readFn) compare(d Doc, unit int64, t *Tally, compared *comparer, items func(int64, []byte), kept func(int64, Kept)) {
	if f.settings.Segment.Dedup.Documents == corpus.CopiesNone {
		kept(unit, Kept{At: d.At})
		return
	}
	t.Documents.count(d.Item)
	place := Place{Rank: d.Document.Rank, ID: d.Document.ID, At: d.At, Unit: unit}
	if !compared.add(d.Item, place, items) {
		kept(unit, Kept{At: d.At})
	}
}

// documents are those of a shard's files, in their order.
func (f *readFn) documents(ctx context.Context, shard Shard, counts []*FilesReport) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		i := 0
		for _, file := range shard.Files {
			if counts[i].Source != file.Source {
				i++
			}
			var report corpus.SourceReport
			source := f.settings.Sources[file.Source].source()
			for d, err := range source.ReadFile(ctx, file.SourceFile, &report) {
				d.Rank = file.Source
				if !yield(d, err) || err != nil {
					return
				}
			}
			counts[i].Report.Merge(report)
		}
	}
}

// newReports has a report for each of the sources whose files are in a shard, in
// their order.
func newReports(shard Shard) []*FilesReport {
	var all []*FilesReport
	for _, f := range shard.Files {
		if len(all) == 0 || all[len(all)-1].Source != f.Source {
			all = append(all, &FilesReport{Source: f.Source, Shard: shard.Number})
		}
	}
	return all
}

func sizeOfText(d corpus.ScreenedDocument) int {
	n := len(d.Cleaned)
	for _, s := range d.Document.Sentences {
		for _, w := range s {
			n += len(w)
		}
	}
	return n
}

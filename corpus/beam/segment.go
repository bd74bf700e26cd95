package beam

import (
	"context"
	"iter"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
)

func init() {
	beam.RegisterType(reflect.TypeFor[segmentFn]())
	beam.RegisterType(reflect.TypeFor[paragraphsFn]())
	register.Emitter2[int64, Named]()
	register.Iter1[string]()
	register.Iter1[Kept]()
}

// keptSet are the documents or paragraphs of a unit that stay.
func keptSet(kept func(*Kept) bool) map[Kept]bool {
	set := map[Kept]bool{}
	var k Kept
	for kept(&k) {
		set[k] = true
	}
	return set
}

// withoutCopies leaves the documents that stay and counts the others.
func withoutCopies(docs []Doc, kept map[Kept]bool, t *Tally) []Doc {
	return slices.DeleteFunc(docs, func(d Doc) bool {
		if kept[Kept{At: d.At}] {
			return false
		}
		t.Report.Duplicates++
		return true
	})
}

// paragraphsFn leaves out the documents that are copies, and gives the paragraphs of
// the others to be compared. Those without content need no looking up: such a
// paragraph is too short to be compared.
type paragraphsFn struct {
	Base
}

func (f *paragraphsFn) ProcessElement(ctx context.Context, unit int64, paths func(*string) bool, kept func(*Kept) bool, partitions int, units func(int64, string), items func(int64, []byte), tallies func(Tally)) error {
	docs, err := readStaged(paths, unpackDoc)
	if err != nil {
		return err
	}
	var t Tally
	var out [][]byte
	compared := comparer{partitions: partitions}
	for _, d := range withoutCopies(docs, keptSet(kept), &t) {
		paragraphs := f.work.preparer.Paragraphs(d.ScreenedDocument)
		d.Paragraphs = len(paragraphs)
		out = append(out, packDoc(d))
		for i, p := range paragraphs {
			t.Paragraphs.count(p)
			place := Place{Rank: d.Document.Rank, ID: d.Document.ID, Position: i, At: d.At, Unit: unit}
			compared.add(p, place, items)
		}
	}
	compared.flush(items)
	tallies(t)
	return f.settings.stage(ctx, "paragraphs", unit, out, units)
}

// segmentFn takes copies out, cuts sentences and words, and asks for ids.
type segmentFn struct {
	Base
	// Paragraphs tells that copies of documents are gone, and what stays are
	// paragraphs.
	Paragraphs bool
}

func (f *segmentFn) ProcessElement(ctx context.Context, unit int64, paths func(*string) bool, kept func(*Kept) bool, partitions int, units func(int64, string), names func(int64, Named), tallies func(Tally)) error {
	all, err := readStaged(paths, unpackDoc)
	if err != nil {
		return err
	}
	var t Tally
	stay := keptSet(kept)
	if f.Paragraphs {
		for i, d := range all {
			all[i].ScreenedDocument = f.work.preparer.KeepParagraphs(d.ScreenedDocument, staying(d, stay))
		}
	} else {
		all = withoutCopies(all, stay, &t)
	}
	report := f.work.preparer.NewReport()
	report.Duplicates = t.Report.Duplicates
	var out [][]byte
	i := -1
	for d, err := range f.work.preparer.Segment(ctx, screened(all)) {
		if err != nil {
			return err
		}
		i++
		if !report.Count(d) {
			continue
		}
		at := all[i].At
		names(partitionOf(corpus.BaseID(d.Document.ID), partitions), Named{at, unit, d.Document.ID, d.Hash()})
		out = append(out, packSegmented(Segmented{at, d.Document}))
	}
	tallies(newTally(unit, report))
	return f.settings.stage(ctx, "segmented", unit, out, units)
}

// staying tells of each paragraph that is compared whether it stays.
func staying(d Doc, kept map[Kept]bool) []bool {
	stay := make([]bool, d.Paragraphs)
	for i := range stay {
		stay[i] = kept[Kept{d.At, i}]
	}
	return stay
}

func screened(docs []Doc) iter.Seq2[corpus.ScreenedDocument, error] {
	return func(yield func(corpus.ScreenedDocument, error) bool) {
		for _, d := range docs {
			if !yield(d.ScreenedDocument, nil) {
				return
			}
		}
	}
}

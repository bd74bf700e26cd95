package beam

import (
	"cmp"
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
	register.Emitter2[int64, Segmented]()
	register.Emitter2[[]byte, Named]()
	register.Iter1[Doc]()
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

// docsInOrder are the documents of a unit.
func docsInOrder(docs func(*Doc) bool) []Doc {
	var all []Doc
	var d Doc
	for docs(&d) {
		all = append(all, d)
		d = Doc{}
	}
	slices.SortFunc(all, func(a, b Doc) int { return cmp.Compare(a.At, b.At) })
	return all
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

func (f *paragraphsFn) ProcessElement(_ context.Context, unit int64, docs func(*Doc) bool, kept func(*Kept) bool, out func(int64, Doc), items func([]byte, Copies), tallies func(Tally)) error {
	var t Tally
	for _, d := range withoutCopies(docsInOrder(docs), keptSet(kept), &t) {
		paragraphs := f.work.preparer.Paragraphs(d.ScreenedDocument)
		d.Paragraphs = len(paragraphs)
		out(unit, d)
		for i, p := range paragraphs {
			t.Paragraphs.count(p)
			place := Place{Rank: d.Document.Rank, ID: d.Document.ID, Position: i, At: d.At, Unit: unit}
			giveItem(p, place, items, nil)
		}
	}
	tallies(t)
	return nil
}

// segmentFn takes copies out, cuts sentences and words, and asks for ids.
type segmentFn struct {
	Base
	// Paragraphs tells that copies of documents are gone, and what stays are
	// paragraphs.
	Paragraphs bool
}

func (f *segmentFn) ProcessElement(ctx context.Context, unit int64, docs func(*Doc) bool, kept func(*Kept) bool, out func(int64, Segmented), names func([]byte, Named), tallies func(Tally)) error {
	var t Tally
	all, stay := docsInOrder(docs), keptSet(kept)
	if f.Paragraphs {
		for i, d := range all {
			all[i].ScreenedDocument = f.work.preparer.KeepParagraphs(d.ScreenedDocument, staying(d, stay))
		}
	} else {
		all = withoutCopies(all, stay, &t)
	}
	report := f.work.preparer.NewReport()
	report.Duplicates = t.Report.Duplicates
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
		names([]byte(corpus.BaseID(d.Document.ID)), Named{at, unit, d.Document.ID, d.Hash()})
		out(unit, Segmented{at, d.Document})
	}
	tallies(newTally(unit, report))
	return nil
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

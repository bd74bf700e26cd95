package corpus

import (
	"context"
	"iter"
	"slices"
	"strings"

	"wakong/corpus/minhash"
)

// A Preparer does the steps of [Prepare] one by one, for those who spread them
// over many processes. Prepare does to a stream of documents, in this order:
//
//	Screen     looks for leaks, cleans, computes what copies are found by
//	           (the caller leaves out leaks and copies)
//	Segment    cuts sentences and words
//	IDs        names documents apart
//
// and Count and Merge fill the report. It is safe for concurrent use.
type Preparer struct{ p *preparer }

// NewPreparer is for the options of Prepare.
func NewPreparer(o PrepareOptions) (*Preparer, error) {
	if o.Cleaner == nil {
		o.Cleaner = NewCleaner(StandardSteps()...)
	}
	p, err := newPreparer(o)
	return &Preparer{p}, err
}

// A CopyItem is what a document or a paragraph is compared by.
type CopyItem struct {
	Hash       minhash.Hash      // of the content; zero for one without any
	Signature  minhash.Signature // nil where it is compared by content alone
	Characters int
}

func (i item) exported() CopyItem { return CopyItem{minhash.Hash(i.hash), i.signature, i.characters} }

// A ScreenedDocument is a document before it is segmented. All of it can be sent
// to another process.
type ScreenedDocument struct {
	Document Document
	Cleaned  string // the text, where the document is not segmented yet
	Steps    []StepCount
	Mojibake []MojibakeCount
	Item     CopyItem
	// Leak is the question that the document shares text with, where Leaks is true.
	Leak  string
	Leaks bool
}

func exportScreened(s screened) ScreenedDocument {
	out := ScreenedDocument{Document: s.Document, Cleaned: s.Cleaned, Steps: s.Steps, Mojibake: s.Mojibake,
		Item: s.item.exported(), Leak: s.leak, Leaks: s.leaks}
	out.Item.Hash = minhash.Hash(s.Hash)
	return out
}

func (s ScreenedDocument) internal() screened {
	return screened{Document: s.Document, Cleaned: s.Cleaned, Hash: contentHash(s.Item.Hash), Steps: s.Steps, Mojibake: s.Mojibake}
}

// Screen screens documents on the options' number of threads, in their order.
func (p *Preparer) Screen(ctx context.Context, documents iter.Seq2[Document, error]) iter.Seq2[ScreenedDocument, error] {
	return ordered(ctx, documents, p.p.o.Threads, Document.size, func(d Document) ScreenedDocument { return exportScreened(p.p.screen(d)) })
}

// Paragraphs are what the paragraphs of a document are compared by.
func (p *Preparer) Paragraphs(d ScreenedDocument) []CopyItem {
	var items []CopyItem
	for line := range strings.Lines(d.Cleaned) {
		if p.p.comparesParagraph(line) {
			items = append(items, p.p.item(line, p.p.o.Dedup.Paragraphs).exported())
		}
	}
	return items
}

// KeepParagraphs takes out the paragraphs that do not stay; stay has a value for
// each of Paragraphs.
func (p *Preparer) KeepParagraphs(d ScreenedDocument, stay []bool) ScreenedDocument {
	d.Cleaned = p.p.dropParagraphs(d.Cleaned, stay)
	return d
}

// A PreparedDocument is a document that is segmented, with what was counted.
type PreparedDocument struct {
	Document Document // without a sentence where nothing is left of it
	prepared prepared
}

// Hash is that of the content, by which [IDs] tells documents of one id apart.
func (d PreparedDocument) Hash() minhash.Hash { return minhash.Hash(d.prepared.Hash) }

// Segment segments documents on the options' number of threads, in their order.
func (p *Preparer) Segment(ctx context.Context, documents iter.Seq2[ScreenedDocument, error]) iter.Seq2[PreparedDocument, error] {
	size := func(d ScreenedDocument) int { return len(d.Cleaned) + d.Document.size() }
	return ordered(ctx, documents, p.p.o.Threads, size, func(d ScreenedDocument) PreparedDocument {
		out := p.p.prepare(d.internal())
		return PreparedDocument{out.Document, out}
	})
}

// NewReport is a report that has counted nothing.
func (p *Preparer) NewReport() Report {
	return Report{Steps: p.p.o.Cleaner.Steps(), Leaks: LeakReport{Cases: []LeakCase{}}}
}

// Count enters a document into the report and tells whether it stays: one without
// a word does not.
func (r *Report) Count(d PreparedDocument) bool { return r.count(d.prepared) }

// Merge adds what was counted of documents that come after those of r, by the
// same steps. Dedup is left alone.
func (r *Report) Merge(next Report) {
	r.Samples += next.Samples
	r.Duplicates += next.Duplicates
	r.Empty += next.Empty
	r.Documents += next.Documents
	r.Sentences += next.Sentences
	r.Words += next.Words
	r.Characters += next.Characters
	r.SentencesBlank += next.SentencesBlank
	r.SentencesForeign += next.SentencesForeign
	r.WordsTooLong += next.WordsTooLong
	for i, s := range next.Steps {
		if i == len(r.Steps) {
			r.Steps = append(r.Steps, StepCount{Name: s.Name})
		}
		r.Steps[i].Documents += s.Documents
		r.Steps[i].Characters += s.Characters
		r.Steps[i].Removed += s.Removed
		r.Steps[i].Examples = first(append(r.Steps[i].Examples, s.Examples...), MostExamples)
	}
	for _, m := range next.Mojibake {
		i := slices.IndexFunc(r.Mojibake, func(c MojibakeCount) bool { return c.Kind == m.Kind })
		if i < 0 {
			i = len(r.Mojibake)
			r.Mojibake = append(r.Mojibake, MojibakeCount{Kind: m.Kind, Repairable: m.Repairable})
		}
		r.Mojibake[i].Documents += m.Documents
		r.Mojibake[i].Characters += m.Characters
		r.Mojibake[i].Examples = first(append(r.Mojibake[i].Examples, m.Examples...), MostExamples)
	}
	r.sortMojibake()
	r.Leaks.Merge(next.Leaks)
}

// Merge adds leaks that come after those of r and are other documents.
func (r *LeakReport) Merge(next LeakReport) {
	r.Samples += next.Samples
	r.Documents += next.Documents
	r.Cases = append(r.Cases, next.Cases...)
}

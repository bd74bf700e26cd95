package corpus

import (
	"context"
	"iter"
	"strings"

	"wakong/corpus/minhash"
)

// Deduplicate removes copies of documents and of paragraphs, exact and near ones.
// Texts are compared by their letters, digits and Chinese characters, whatever
// their width, case and script, and come out as they came in.
//
// It reads all documents before the first comes out; they wait on disk,
// compressed, in a file that has no name. Memory holds at most 200 bytes for each
// document (and each paragraph, where they are compared), with signatures of 128
// values and ids of some 40 bytes. The order is that of the input.
func Deduplicate(ctx context.Context, documents iter.Seq2[Document, error], o DedupOptions) (iter.Seq2[Document, error], *DedupReport) {
	report := &DedupReport{}
	return func(yield func(Document, error) bool) {
		*report = DedupReport{}
		s, err := newSimplifier()
		if err != nil {
			yield(Document{}, err)
			return
		}
		if o, err = o.complete(); err != nil {
			yield(Document{}, err)
			return
		}
		// Documents are cleaned by nothing: what is folded away does not matter.
		p := &preparer{o: PrepareOptions{Cleaner: NewCleaner(), Dedup: &o}, simplifier: s}
		defer func() {
			if p.read.Dedup != nil {
				*report = *p.read.Dedup
			}
		}()
		for d, err := range p.deduplicate(ctx, ordered(ctx, documents, o.Threads, Document.size, p.screenPlain), o) {
			if len(d.Document.Sentences) == 0 {
				if d.Document.Text = d.Cleaned; strings.TrimSpace(d.Cleaned) == "" && err == nil {
					continue // all of its paragraphs stand elsewhere
				}
			}
			if !yield(d.Document, err) || err != nil {
				return
			}
		}
	}, report
}

// screenPlain is screen where nothing but copies matters.
func (p *preparer) screenPlain(d Document) screened {
	out := screened{Document: d}
	if len(d.Sentences) == 0 {
		out.Cleaned, out.Document.Text = d.Text, ""
	}
	out.item = p.item(d.plain(), p.o.Dedup.Documents)
	out.Hash = out.item.hash
	return out
}

// item makes an item of a text that is compared in one of the ways.
func (p *preparer) item(text, how string) item {
	if how != CopiesNear {
		return newItem(p.simplifier.foldText(nil, text), nil)
	}
	sketcher, _ := p.sketchers.Get().(*minhash.Sketcher)
	if sketcher == nil {
		// The parameters have been checked.
		sketcher, _ = minhash.NewSketcher(p.o.Dedup.Similar)
	}
	defer p.sketchers.Put(sketcher)
	return newItem(p.simplifier.foldText(nil, text), sketcher)
}

// deduplicate takes out copies of documents, then of paragraphs.
func (p *preparer) deduplicate(ctx context.Context, documents iter.Seq2[screened, error], o DedupOptions) iter.Seq2[screened, error] {
	report := &DedupReport{}
	p.read.Dedup = report
	if o.Documents != CopiesNone {
		documents = p.counted(copies[screened]{
			ctx: ctx, folder: o.Folder, params: o.Similar, near: o.Documents == CopiesNear, report: &report.Documents,
			items: func(d screened) (int, string, []item) {
				return d.Document.Rank, d.Document.ID, []item{d.item}
			},
			keep: func(d screened, stay []bool) (screened, bool) {
				if !stay[0] {
					p.read.Duplicates++
				}
				return d, stay[0]
			},
		}.remove(documents))
	}
	if o.Paragraphs != CopiesNone {
		documents = copies[screened]{
			ctx: ctx, folder: o.Folder, params: o.Similar, near: o.Paragraphs == CopiesNear, report: &report.Paragraphs,
			items: func(d screened) (int, string, []item) {
				return d.Document.Rank, d.Document.ID, d.paragraphs
			},
			keep: func(d screened, stay []bool) (screened, bool) {
				d.Cleaned = p.dropParagraphs(d.Cleaned, stay)
				return d, true
			},
		}.remove(p.withParagraphs(ctx, documents))
	}
	return documents
}

// counted tells of the progress of the second pass.
func (p *preparer) counted(documents iter.Seq2[screened, error]) iter.Seq2[screened, error] {
	return func(yield func(screened, error) bool) {
		n := int64(0)
		for d, err := range documents {
			n++
			p.progress(n, p.read.Dedup.Documents.Compared-p.read.Dedup.Documents.Exact-p.read.Dedup.Documents.Near)
			if !yield(d, err) {
				return
			}
		}
	}
}

package corpus

import (
	"context"
	"iter"
	"strings"
)

// screened is a document before it is segmented. What is exported waits on disk
// where copies are looked for in two passes.
type screened struct {
	Document Document
	Cleaned  string // the text, where the document is not segmented yet
	Hash     contentHash
	Steps    []StepCount // what cleaning did to the text
	Mojibake []MojibakeCount

	leak       string // question that it shares text with
	leaks      bool
	leakHash   contentHash // of the sample as it was read
	item       item
	paragraphs []item
}

// screen does to one document what comes before copies are looked for: it looks
// for leaks in the sample as it was read, cleans it, and looks again where that has
// made other text of it, as of characters written as &#20320;.
func (p *preparer) screen(d Document) screened {
	out := screened{Document: d}
	plain := d.plain()
	var forms [][]rune
	if leaks := p.o.Leaks; leaks != nil {
		forms = leaks.forms(plain)
		out.leak, out.leaks = leaks.findForm(forms)
		if out.leaks && !p.o.KeepLeaks {
			return p.leaked(out, plain)
		}
	}
	out.Mojibake = mojibakeCounts(plain)
	out.Document.Title = strings.Join(strings.Fields(p.o.Cleaner.Clean(d.Title, nil)), " ")
	text := plain
	if len(d.Sentences) == 0 {
		out.Steps = p.o.Cleaner.Steps()
		out.Cleaned = p.o.Cleaner.Clean(d.Text, out.Steps)
		text = out.Cleaned
	}
	if leaks := p.o.Leaks; leaks != nil && !out.leaks {
		out.leak, out.leaks = leaks.findForm(leaks.newForms(forms, plain, p.cleanedText(d, out.Cleaned)))
		if out.leaks && !p.o.KeepLeaks {
			return p.leaked(screened{Document: d, leak: out.leak, leaks: true}, plain)
		}
	}
	if out.leaks {
		out = p.leaked(out, plain)
	}
	if p.o.DropText {
		out.Document.Text = ""
	}
	how := CopiesExact
	if p.o.Dedup != nil {
		how = p.o.Dedup.Documents
	}
	out.item = p.item(text, how)
	out.Hash = out.item.hash
	return out
}

// leaked tells documents that leak apart by the sample as it was read.
func (p *preparer) leaked(out screened, plain string) screened {
	out.leakHash = hashRunes(p.simplifier.foldText(nil, plain))
	out.Hash = out.leakHash
	return out
}

// cleanedText is the document's text as it will be used: cleaned is that of one that
// is not segmented yet.
func (p *preparer) cleanedText(d Document, cleaned string) string {
	if len(d.Sentences) == 0 {
		return cleaned
	}
	var b strings.Builder
	for _, s := range d.Sentences {
		words, _ := p.o.Cleaner.Words(s, nil)
		for _, w := range words {
			b.WriteString(w)
		}
	}
	return b.String()
}

// size is about how many bytes a document takes.
func (d Document) size() int {
	n := len(d.Text)
	for _, s := range d.Sentences {
		n += 24 * len(s) // a word's string, and its characters
	}
	return n
}

func (s screened) size() int { return len(s.Cleaned) + s.Document.size() }

// plain is the document's text: that of the words where it is segmented, since
// that is what will be used.
func (d Document) plain() string {
	if len(d.Sentences) == 0 {
		return d.Text
	}
	var b strings.Builder
	for _, s := range d.Sentences {
		for _, w := range s {
			b.WriteString(w)
		}
	}
	return b.String()
}

// withoutLeaks counts what was read and takes the leaks out.
func (p *preparer) withoutLeaks(documents iter.Seq2[screened, error]) iter.Seq2[screened, error] {
	return func(yield func(screened, error) bool) {
		leaks := &p.read.Leaks
		distinct := map[contentHash]bool{}
		for d, err := range documents {
			if err != nil {
				yield(d, err)
				return
			}
			p.read.Samples++
			p.progress(p.read.Samples, 0)
			if d.leaks {
				leaks.Samples++
				distinct[d.leakHash] = true
				leaks.Documents = len(distinct)
				leaks.Cases = append(leaks.Cases, LeakCase{File: d.Document.File, Line: d.Document.Line, Question: d.leak})
				if !p.o.KeepLeaks {
					continue
				}
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// withoutCopies takes the copies out, as the options say.
func (p *preparer) withoutCopies(ctx context.Context, documents iter.Seq2[screened, error]) iter.Seq2[screened, error] {
	switch o := p.o.Dedup; {
	case p.o.KeepDuplicates:
		return documents
	case o == nil:
		return p.firstOnly(documents)
	default:
		return p.deduplicate(ctx, documents, *o)
	}
}

// firstOnly takes out exact copies of earlier documents.
func (p *preparer) firstOnly(documents iter.Seq2[screened, error]) iter.Seq2[screened, error] {
	return func(yield func(screened, error) bool) {
		seen := map[contentHash]bool{}
		for d, err := range documents {
			if err == nil && d.Hash != (contentHash{}) {
				if seen[d.Hash] {
					p.read.Duplicates++
					continue
				}
				seen[d.Hash] = true
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

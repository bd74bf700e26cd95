package corpus

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync"
	"unicode/utf8"

	"wakong/corpus/minhash"
)

// PrepareOptions say how documents are prepared. Only Segmenter is needed.
type PrepareOptions struct {
	// Segmenter cuts the documents that are not segmented yet.
	Segmenter Segmenter
	// Splitter cuts texts into sentences.
	Splitter Splitter
	// Cleaner cleans texts and words; nil means NewCleaner(StandardSteps()...).
	Cleaner *Cleaner
	// Leaks, if not nil, removes what shares text with its questions.
	Leaks *Leaks
	// KeepLeaks reports them only.
	KeepLeaks bool
	// KeepDuplicates leaves out the removal of duplicates.
	KeepDuplicates bool
	// Dedup, if not nil, removes exact and near duplicates of documents and
	// paragraphs, whatever their order, in two passes. If it is nil, exact
	// duplicates of earlier documents are removed in one.
	Dedup *DedupOptions
	// KeepForeign keeps sentences of unsegmented text that hold no Chinese
	// character, such as the credits of a translated book.
	KeepForeign bool
	// DropText empties the documents' Text, which nothing needs once they are
	// segmented.
	DropText bool
	// Threads is how many goroutines clean and segment; 0 means GOMAXPROCS. The
	// result does not depend on it.
	Threads int
	// Progress, if not nil, is called now and then with the documents read so
	// far; total is 0, since it is not known.
	Progress func(done, total int64)
}

// A Report counts what preparation has done. It is complete when the iteration
// over the documents has ended.
type Report struct {
	Samples          int64       `json:"samples"`    // documents read
	Duplicates       int64       `json:"duplicates"` // documents that are copies of another one
	Empty            int64       `json:"empty"`      // without any word left
	Documents        int64       `json:"documents"`  // given out
	Sentences        int64       `json:"sentences"`
	Words            int64       `json:"words"`
	Characters       int64       `json:"characters"`        // of the words
	SentencesBlank   int64       `json:"sentences_blank"`   // dropped: a blank that nothing fills
	SentencesForeign int64       `json:"sentences_foreign"` // dropped: without a Chinese character
	WordsTooLong     int64       `json:"words_too_long"`    // dropped: more than MaxWord characters
	Steps            []StepCount `json:"steps"`
	// Mojibake counts text that was decoded wrongly before it was read.
	Mojibake []MojibakeCount `json:"mojibake,omitempty"`
	Leaks    LeakReport      `json:"leaks"`
	Dedup    *DedupReport    `json:"dedup,omitempty"` // where PrepareOptions.Dedup was given
}

// Prepare turns documents as they were read into clean, segmented ones: texts are
// cleaned, what shares text with Leaks' questions before or after that goes, then
// duplicates go (the same Chinese characters, letters and digits, whatever their width, case
// and script; with Dedup near ones too), and what stays is cut into sentences and
// segmented. A document that is segmented already keeps its sentences and words,
// which are only cleaned.
//
// Without Dedup it streams: memory holds a few documents, and some 100 bytes for
// each one met before; of duplicates the first in the stream stays. With Dedup
// nothing comes out before all has been read; documents wait on disk, and memory
// holds at most 200 bytes for each.
//
// The order is that of the input. The report is filled while iterating.
func Prepare(ctx context.Context, documents iter.Seq2[Document, error], o PrepareOptions) (iter.Seq2[Document, error], *Report) {
	if o.Cleaner == nil {
		o.Cleaner = NewCleaner(StandardSteps()...)
	}
	report := &Report{Steps: o.Cleaner.Steps()}
	return func(yield func(Document, error) bool) {
		*report = Report{Steps: o.Cleaner.Steps(), Leaks: LeakReport{Cases: []LeakCase{}}}
		p, err := newPreparer(o)
		if err != nil {
			yield(Document{}, err)
			return
		}
		defer p.finish(report)
		clean := p.withoutLeaks(ordered(ctx, documents, o.Threads, Document.size, p.screen))
		ids := IDs{}
		for out, err := range ordered(ctx, p.withoutCopies(ctx, clean), o.Threads, screened.size, p.prepare) {
			if err != nil {
				yield(Document{}, err)
				return
			}
			if !report.count(out) {
				continue
			}
			d := out.Document
			d.ID = ids.Unique(d.ID, minhash.Hash(out.Hash))
			if !yield(d, nil) {
				return
			}
		}
		if o.Progress != nil {
			o.Progress(p.read.Samples, 0)
		}
	}, report
}

// prepared is a document on its way out, with what was counted on the way.
type prepared struct {
	screened
	blank, foreign int64
	long           int64 // words dropped
	words, runes   int64
}

type preparer struct {
	o          PrepareOptions
	simplifier *simplifier
	sketchers  sync.Pool // of *minhash.Sketcher
	// read is what is counted before the work is spread, by another goroutine
	// than the one that counts the rest.
	read Report
}

// finish enters what was counted on the way in.
func (p *preparer) finish(report *Report) {
	report.Samples, report.Duplicates = p.read.Samples, p.read.Duplicates
	report.Leaks, report.Dedup = p.read.Leaks, p.read.Dedup
}

// progress tells now and then how far a pass is.
func (p *preparer) progress(done, total int64) {
	if p.o.Progress != nil && done%256 == 0 {
		p.o.Progress(done, total)
	}
}

func newPreparer(o PrepareOptions) (*preparer, error) {
	if o.Segmenter == nil {
		return nil, errors.New("corpus: Prepare needs a Segmenter")
	}
	s, err := newSimplifier()
	if err != nil {
		return nil, err
	}
	p := &preparer{o: o, simplifier: s, read: Report{Leaks: LeakReport{Cases: []LeakCase{}}}}
	if o.KeepDuplicates || o.Dedup == nil {
		p.o.Dedup = nil
		return p, nil
	}
	dedup, err := o.Dedup.complete()
	if dedup.Threads == 0 {
		dedup.Threads = o.Threads
	}
	p.o.Dedup = &dedup
	return p, err
}

// prepare cuts and segments one document.
func (p *preparer) prepare(in screened) prepared {
	out := prepared{screened: in}
	d := &out.Document
	if len(d.Sentences) == 0 {
		d.Sentences = p.segmentText(in.Cleaned, &out)
	} else {
		out.Steps = p.o.Cleaner.Steps()
		d.Sentences = p.cleanWords(d.Sentences, &out)
	}
	for _, sentence := range d.Sentences {
		out.words += int64(len(sentence))
		for _, w := range sentence {
			out.runes += int64(utf8.RuneCountInString(w))
		}
	}
	return out
}

func (p *preparer) segmentText(text string, out *prepared) [][]string {
	var sentences [][]string
	for span := range p.o.Splitter.Spans(text) {
		sentence := text[span.Start:span.End]
		if strings.TrimSpace(sentence) == "" {
			continue
		}
		if strings.Contains(sentence, Blank) {
			out.blank++
			continue
		}
		if !p.o.KeepForeign && !hasHan(sentence) {
			out.foreign++
			continue
		}
		words, long := dropLong(segment(p.o.Segmenter, sentence))
		out.long += int64(long)
		if len(words) > 0 {
			sentences = append(sentences, words)
		}
	}
	return sentences
}

// cleanWords makes new sentences: the document's own belong to the caller.
func (p *preparer) cleanWords(from [][]string, out *prepared) [][]string {
	var sentences [][]string
next:
	for _, sentence := range from {
		words, _ := p.o.Cleaner.Words(sentence, out.Steps)
		words = p.resegment(out.Document.Resegment, sentence, words)
		for _, w := range words {
			if strings.Contains(w, Blank) {
				out.blank++
				continue next
			}
		}
		words, long := dropLong(words)
		out.long += int64(long)
		if len(words) > 0 {
			sentences = append(sentences, words)
		}
	}
	return sentences
}

// count enters a document into the report and tells whether it stays.
func (r *Report) count(out prepared) bool {
	for i, s := range out.Steps {
		r.Steps[i].merge(s, out.Document.ID)
	}
	r.addMojibake(out.Document.ID, out.Mojibake)
	r.SentencesBlank += out.blank
	r.SentencesForeign += out.foreign
	r.WordsTooLong += out.long
	if len(out.Document.Sentences) == 0 {
		r.Empty++
		return false
	}
	r.Documents++
	r.Sentences += int64(len(out.Document.Sentences))
	r.Words += out.words
	r.Characters += out.runes
	return true
}

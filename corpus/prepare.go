package corpus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync/atomic"
	"unicode/utf8"
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
	// KeepDuplicates leaves out the removal of exact duplicates.
	KeepDuplicates bool
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
	Duplicates       int64       `json:"duplicates"` // with the same letters and digits as an earlier one
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
}

// Prepare turns documents as they were read into clean, segmented ones: what
// shares text with Leaks' questions goes, then exact duplicates (the same
// Chinese characters, letters and digits, whatever their width, case and script;
// the first in the stream stays), then texts are cleaned,
// cut into sentences and segmented. A document that is segmented already keeps
// its sentences and words, which are only cleaned.
//
// It streams: memory holds a few documents, and some 100 bytes for each one
// met before.
// The order is that of the input. The report is filled while iterating.
func Prepare(ctx context.Context, documents iter.Seq2[Document, error], o PrepareOptions) (iter.Seq2[Document, error], *Report) {
	if o.Cleaner == nil {
		o.Cleaner = NewCleaner(StandardSteps()...)
	}
	report := &Report{Steps: o.Cleaner.Steps()}
	return func(yield func(Document, error) bool) {
		*report = Report{Steps: o.Cleaner.Steps(), Leaks: LeakReport{Cases: []LeakCase{}}}
		if o.Segmenter == nil {
			yield(Document{}, errors.New("corpus: Prepare needs a Segmenter"))
			return
		}
		s, err := newSimplifier()
		if err != nil {
			yield(Document{}, err)
			return
		}
		p := &preparer{o: o, full: make([]atomic.Bool, len(report.Steps))}
		in := markDuplicates(documents, s, o.KeepDuplicates)
		ids := map[contentHash]bool{}
		for out, err := range ordered(ctx, in, o.Threads, p.prepare) {
			if err != nil {
				yield(Document{}, err)
				return
			}
			stays := report.count(out)
			for i, s := range report.Steps {
				p.full[i].Store(len(s.Examples) >= mostExamples)
			}
			if !stays {
				continue
			}
			d := out.document
			if ids[hashText(d.ID)] {
				// Two sources may name their documents alike. The content
				// tells them apart, and only the later one is renamed.
				d.ID = fmt.Sprintf("%s@%x", d.ID, out.hash[:4])
			}
			ids[hashText(d.ID)] = true
			if o.DropText {
				d.Text = ""
			}
			if o.Progress != nil && report.Samples%256 == 0 {
				o.Progress(report.Samples, 0)
			}
			if !yield(d, nil) {
				return
			}
		}
		if o.Progress != nil {
			o.Progress(report.Samples, 0)
		}
	}, report
}

// A candidate is a document on its way in.
type candidate struct {
	document  Document
	hash      contentHash
	duplicate bool
}

// markDuplicates tells repeated documents from new ones. It runs before the
// work is spread, so that which copy stays is decided by the order alone.
// Repeated ones go on, to be counted should they leak.
func markDuplicates(documents iter.Seq2[Document, error], s *simplifier, keep bool) iter.Seq2[candidate, error] {
	return func(yield func(candidate, error) bool) {
		seen := map[contentHash]bool{}
		for d, err := range documents {
			if err != nil {
				yield(candidate{}, err)
				return
			}
			c := candidate{document: d}
			var ok bool
			c.hash, ok = foldedHash(s, d.plain())
			if ok && !keep {
				c.duplicate = seen[c.hash]
				seen[c.hash] = true
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

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

// prepared is a document on its way out, with what was counted on the way.
type prepared struct {
	candidate
	leak           string // question that it shares text with
	leaks          bool
	steps          []StepCount
	mojibake       []MojibakeCount
	blank, foreign int64
	long           int64 // words dropped
	words, runes   int64
}

type preparer struct {
	o PrepareOptions
	// full tells which steps have examples enough, all of earlier documents, so
	// that no more are made.
	full []atomic.Bool
}

// steps are counts of zero for one document.
func (p *preparer) steps() []StepCount {
	counts := p.o.Cleaner.Steps()
	for i := range counts {
		counts[i].enough = p.full[i].Load()
	}
	return counts
}

// prepare does all that can be done to one document without the others.
func (p *preparer) prepare(c candidate) prepared {
	out := prepared{candidate: c}
	if p.o.Leaks != nil {
		out.leak, out.leaks = p.o.Leaks.Find(c.document.plain())
	}
	if out.leaks || c.duplicate {
		return out
	}
	out.steps = p.steps()
	out.mojibake = mojibakeCounts(c.document.plain())
	d := &out.document
	d.Title = strings.Join(strings.Fields(p.o.Cleaner.Clean(d.Title, nil)), " ")
	if len(d.Sentences) == 0 {
		d.Sentences = p.segmentText(d.Text, &out)
	} else {
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
	text = p.o.Cleaner.Clean(text, out.steps)
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
		words, _ := p.o.Cleaner.Words(sentence, out.steps)
		words = p.resegment(out.document.Resegment, sentence, words)
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
	r.Samples++
	if out.leaks {
		r.Leaks.Samples++
		if !out.duplicate {
			r.Leaks.Documents++
		}
		r.Leaks.Cases = append(r.Leaks.Cases, LeakCase{File: out.document.File, Line: out.document.Line, Question: out.leak})
		return false
	}
	if out.duplicate {
		r.Duplicates++
		return false
	}
	for i, s := range out.steps {
		r.Steps[i].merge(s, out.document.ID)
	}
	r.addMojibake(out.document.ID, out.mojibake)
	r.SentencesBlank += out.blank
	r.SentencesForeign += out.foreign
	r.WordsTooLong += out.long
	if len(out.document.Sentences) == 0 {
		r.Empty++
		return false
	}
	r.Documents++
	r.Sentences += int64(len(out.document.Sentences))
	r.Words += out.words
	r.Characters += out.runes
	return true
}

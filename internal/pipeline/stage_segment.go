package pipeline

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"

	"wakong/corpus"
	"wakong/internal/stage"
)

// segmentReport is report.json of the stage segment.
type segmentReport struct {
	Sources []*corpus.SourceReport `json:"sources"`
	Learned *learnedReport         `json:"learned,omitempty"` // where segment.learned is set
	corpus.Report
}

// runSegment is the stage segment.
func (p *Pipeline) runSegment(ctx context.Context, r *stage.Run) error {
	jieba, err := p.segmenter(p.config.Segment.HMM)
	if err != nil {
		return err
	}
	leaks, err := p.leaks(ctx)
	if err != nil {
		return err
	}
	cleaner, err := p.documentCleaner()
	if err != nil {
		return err
	}
	memory := newGarbage()
	defer memory.restore()
	sources, err := p.allSources(r)
	if err != nil {
		return err
	}
	report := segmentReport{Sources: []*corpus.SourceReport{}}
	options := corpus.PrepareOptions{
		Segmenter: jieba,
		Cleaner:   cleaner,
		Splitter:  corpus.Splitter{WholeQuotations: p.config.Segment.WholeQuotations},
		Leaks:     leaks,
		KeepLeaks: p.config.Segment.KeepLeaks(),
		Dedup:     p.dedup(r.Scratch),
		DropText:  true,
		Threads:   p.config.Segment.Threads,
		Progress: func(done, total int64) {
			if total > 0 {
				memory.beside(keptBytes * total)
			} else {
				memory.beside(indexBytes * done)
			}
			p.progress(done, total)
		},
	}
	if p.config.Segment.Learned {
		learned, counts, err := p.learn(ctx, r, options, jieba)
		if err != nil {
			return err
		}
		options.Segmenter, report.Learned = learned, counts
	}
	documents, counts := corpus.Prepare(ctx, p.documents(ctx, sources, &report), options)
	err = create(r.Dir, sentencesFile, func(sentences io.Writer) error {
		return create(r.Dir, documentsFile, func(w io.Writer) error {
			_, err := corpus.WriteDocuments(w, tee(documents, func(d corpus.Document) error {
				return corpus.WriteSentences(sentences, d)
			}))
			return err
		})
	})
	if err != nil {
		return err
	}
	report.Report = *counts
	// The report comes first: where the stage fails, it tells why.
	if err := writeJSON(r.Dir, reportFile, report); err != nil {
		return err
	}
	if err := p.segmented(&report); err != nil {
		return err
	}
	return writeJSON(r.Dir, leaksFile, counts.Leaks)
}

// dedup says which copies are removed; the text waits in a folder for it.
func (p *Pipeline) dedup(folder string) *corpus.DedupOptions {
	d := p.config.Segment.Dedup
	return &corpus.DedupOptions{
		Documents: d.Documents, Paragraphs: d.Paragraphs, ParagraphCharacters: d.ParagraphCharacters,
		Similar: d.Similar(), Folder: folder,
	}
}

// allSources are the crawl's documents and the configured sources.
func (p *Pipeline) allSources(r *stage.Run) ([]textSource, error) {
	sources := p.textSources()
	if len(p.config.Crawl.Sites) == 0 {
		return sources, nil
	}
	path, err := r.Need(Crawl, documentsFile)
	if err != nil {
		return nil, err
	}
	return slices.Insert(sources, 0, textSource{source: corpus.Source{
		Format: corpus.FormatDocuments, Path: path, Name: "crawl/" + documentsFile,
	}}), nil
}

// documents chains the documents of sources, as they are read.
func (p *Pipeline) documents(ctx context.Context, sources []textSource, report *segmentReport) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		for rank, s := range sources {
			counts := &corpus.SourceReport{}
			report.Sources = append(report.Sources, counts)
			for d, err := range s.source.Samples(ctx, counts) {
				d.Rank = rank
				if err != nil {
					yield(d, showFile(err, s.path, s.answers))
					return
				}
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}

// leaks knows the text of the validation questions; nil where there are none.
func (p *Pipeline) leaks(ctx context.Context) (*corpus.Leaks, error) {
	sources := p.questionSources("valid")
	if len(sources) == 0 {
		return nil, nil
	}
	leaks, err := corpus.NewLeaks(p.config.Segment.LeakRun)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		for q, err := range s.source.Questions(ctx, LeakQuestions()) {
			if err != nil {
				return nil, showFile(err, s.path, s.answers)
			}
			leaks.AddQuestion(q)
		}
	}
	return leaks, nil
}

// tee calls f with each document that passes.
func tee(documents iter.Seq2[corpus.Document, error], f func(corpus.Document) error) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		for d, err := range documents {
			if err == nil {
				err = f(d)
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// segmented sums the stage up on the terminal; an empty corpus is an error.
func (p *Pipeline) segmented(report *segmentReport) error {
	switch {
	case len(p.config.Build.Valid) == 0:
	case p.config.Segment.KeepLeaks():
		p.ui.Warn(Segment, "leaks kept: %d documents (%d samples) that share text with the validation questions are trained on, as segment.leaks asks for; no accuracy on these questions means anything",
			report.Leaks.Documents, report.Leaks.Samples)
	default:
		p.ui.Bare(Segment, "leaks removed: %d documents (%d samples)", report.Leaks.Documents, report.Leaks.Samples)
	}
	for _, s := range report.Sources {
		if s.Skipped > 0 {
			p.ui.Warn(Segment, "%s: %s skipped, listed in %s", s.Name, counted(s.Skipped, "faulty sample"), reportFile)
		}
	}
	p.warnOfText(report)
	if report.Documents == 0 {
		why := ""
		if n := report.Leaks.Samples; n > 0 && !p.config.Segment.KeepLeaks() {
			why = fmt.Sprintf(" (%d samples were removed because they share text with build.valid)", n)
		}
		return fmt.Errorf("empty corpus: no document with words in %s%s%s", p.sourceList(), why, p.skips(report.Sources))
	}
	p.ui.Info(Segment, "%d documents, %d sentences, %d words; %d copies dropped, %d of them near ones", report.Documents, report.Sentences, report.Words, report.Duplicates, report.Dedup.Documents.Near)
	return nil
}

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"wakong/corpus"
	"wakong/corpus/perceptron"
	"wakong/internal/stage"
)

// learnedReport tells what text was learned from.
type learnedReport struct {
	Documents  int64 `json:"documents"`
	Sentences  int64 `json:"sentences"`
	Words      int64 `json:"words"`
	Characters int64 `json:"characters"`
	// Agreement is what jieba cuts as the text is cut already: F1, from 0 to 1.
	Agreement float64 `json:"jieba_f1"`
}

// learn has a segmenter learn from the sources that come segmented, as they are
// once they are clean: without leaks, even where these are kept otherwise, and
// without copies.
func (p *Pipeline) learn(ctx context.Context, r *stage.Run, o corpus.PrepareOptions, jieba *corpus.Jieba) (*perceptron.Segmenter, *learnedReport, error) {
	o.KeepLeaks = false
	var sources segmentReport
	documents, counts := corpus.Prepare(ctx, segmentedOnly(p.documents(ctx, r, &sources, comesSegmented)), o)
	var report learnedReport
	score := corpus.SegmentationScore{}
	s, err := perceptron.Learn(ctx, func(yield func([]string, error) bool) {
		for d, err := range documents {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, sentence := range d.Sentences {
				if err := score.Add(sentence, jieba.Words(strings.Join(sentence, ""))); err != nil {
					yield(nil, fmt.Errorf("document %s: %w", d.ID, err))
					return
				}
				if !yield(sentence, nil) {
					return
				}
			}
		}
	}, perceptron.LearnOptions{Guide: jieba, Seed: learnSeed, Progress: func(done, total int64) {
		p.count("sentences")
		p.progress(done, total)
	}})
	p.count("documents")
	if errors.Is(err, perceptron.ErrNothing) {
		return nil, nil, p.config.Errorf("segment.learned", "no source comes segmented, so that there is nothing to learn from; expected one of format cmrc2017, pdcft or documents in segment.sources, without resegment, or no learned")
	}
	if err != nil {
		return nil, nil, err
	}
	report.Documents, report.Sentences, report.Words, report.Characters = counts.Documents, counts.Sentences, counts.Words, counts.Characters
	report.Agreement = score.F1()
	p.ui.Info(Segment, "learned to cut words from %d sentences of %d words that came segmented; jieba's F1 on them is %.1f %%", report.Sentences, report.Words, 100*report.Agreement)
	return s, &report, create(r.Dir, segmenterFile, func(w io.Writer) error { return s.Write(w) })
}

// learnSeed is that of the order of sentences.
const learnSeed = 1

// comesSegmented tells whether a source can have documents whose words were cut
// where it comes from, and are not cut again.
func comesSegmented(s corpus.Source) bool {
	switch s.Format {
	case corpus.FormatCMRC2017, corpus.FormatPDCFT, corpus.FormatDocuments:
		return s.Resegment == "" || s.Resegment == corpus.ResegmentNever
	}
	return false
}

// segmentedOnly leaves out the others' documents: one file holds both at times.
func segmentedOnly(documents iter.Seq2[corpus.Document, error]) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		for d, err := range documents {
			if err == nil && len(d.Sentences) == 0 {
				continue
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// cutter is the segmenter that text was cut with; path is that of what was learned.
func (p *Pipeline) cutter(t textParams, path string) (corpus.Segmenter, error) {
	jieba, err := p.segmenter(t.HMM)
	if err != nil || !t.Learned {
		return jieba, err
	}
	if path == "" {
		return nil, fmt.Errorf("the network's text was cut by a learned segmenter, and there is no %s beside the network", segmenterFile)
	}
	return readSegmenter(path, jieba)
}

// readSegmenter reads a segmenter that was learned, with jieba as its guide.
func readSegmenter(path string, jieba *corpus.Jieba) (s *perceptron.Segmenter, err error) {
	return s, openFile(path, func(in io.Reader) (err error) {
		s, err = perceptron.Read(in, path, jieba)
		return err
	})
}

// segmenterFiles are the stage segment's files that questions of text need besides.
func (p *Pipeline) segmenterFiles() []string {
	if !p.config.Segment.Learned {
		return nil
	}
	return []string{segmenterFile}
}

// needsSegmenter makes the learned segmenter one of the things that a network is
// made of: questions of text have to be cut as its own text was.
func (p *Pipeline) needsSegmenter() []stage.Need {
	if !p.config.Segment.Learned {
		return nil
	}
	return []stage.Need{{Stage: Segment, Files: p.segmenterFiles()}}
}

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"wakong/corpus"
	"wakong/corpus/perceptron"
	"wakong/internal/stage"
)

// learnedReport tells what text was learned from.
type learnedReport struct {
	Documents int64 `json:"documents"`
	Sentences int64 `json:"sentences"`
	Words     int64 `json:"words"`
	// Bounded tells that there was more segmented text than is learned from.
	Bounded bool `json:"bounded,omitempty"`
	// Agreement is how far jieba cuts as the text is cut already: F1, from 0 to 1.
	Agreement float64 `json:"jieba_f1"`
}

// learn has a segmenter learn from the sources that come segmented, as they are
// once they are clean: without leaks, even where these are kept otherwise, and
// without copies.
func (p *Pipeline) learn(ctx context.Context, r *stage.Run, o corpus.PrepareOptions, jieba *corpus.Jieba) (*perceptron.Segmenter, *learnedReport, error) {
	o.KeepLeaks = false
	// What was crawled never comes segmented.
	sources := slices.DeleteFunc(p.textSources(), func(s textSource) bool { return !s.source.ComesSegmented() })
	documents, counts := corpus.Prepare(ctx, segmentedOnly(p.documents(ctx, sources, &segmentReport{})), o)
	var report learnedReport
	score := corpus.SegmentationScore{}
	s, err := perceptron.Train(ctx, func(yield func([]string, error) bool) {
		for d, err := range documents {
			if err != nil {
				yield(nil, err)
				return
			}
			for i, sentence := range d.Sentences {
				sentence = cuttable(sentence)
				if !yield(sentence, nil) {
					report.Bounded = true
					return // this sentence is not learned from
				}
				if i == 0 {
					report.Documents++
				}
				if err := score.Add(sentence, jieba.Words(strings.Join(sentence, ""))); err != nil {
					yield(nil, fmt.Errorf("document %s: %w", d.ID, err))
					return
				}
			}
		}
	}, perceptron.TrainOptions{Guide: jieba, Seed: learnSeed, Progress: func(done, total int64) {
		p.count("sentences")
		p.progress(done, total)
	}})
	p.count(units[Segment])
	if errors.Is(err, perceptron.ErrNothing) {
		return nil, nil, p.config.Errorf("segment.learned", "nothing to learn from: of %d documents that come segmented %d share text with build.valid, and none of the others has a word; name other sources, or leave learned out",
			counts.Samples, counts.Leaks.Samples)
	}
	if err != nil {
		return nil, nil, err
	}
	report.Sentences, report.Words, report.Agreement = score.Sentences, score.Gold, score.F1()
	p.ui.Info(Segment, "learned to cut words from %d sentences of %d words that came segmented; jieba's F1 on them is %.1f %%", report.Sentences, report.Words, 100*report.Agreement)
	if report.Bounded {
		p.ui.Warn(Segment, "there is more segmented text; learned from what comes first, %d characters", perceptron.DefaultMostCharacters)
	}
	return s, &report, create(r.Dir, segmenterFile, func(w io.Writer) error { return s.Write(w) })
}

// learnSeed is that of the order of sentences.
const learnSeed = 1

// segmentedOnly leaves out documents that are not: one file holds both at times.
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

// cuttable is a sentence without what no segmenter gives back: NUL, and bytes that
// are no text, which cleaning leaves where its steps were chosen so.
func cuttable(sentence []string) []string {
	out := make([]string, 0, len(sentence))
	for _, w := range sentence {
		if w = strings.ReplaceAll(strings.ToValidUTF8(w, "\uFFFD"), "\x00", ""); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// cutter is the segmenter that text was cut with; path is that of what was learned.
func (p *Pipeline) cutter(ctx context.Context, t textParams, path string) (corpus.Segmenter, error) {
	jieba, err := p.segmenter(t.HMM)
	if err != nil || !t.Learned {
		return jieba, err
	}
	if path == "" {
		return nil, fmt.Errorf("the network's text was cut by a segmenter that has learned, whose file %s is missing; 'pipeline segment' makes that of a workspace, 'pipeline export' puts it into a folder", segmenterFile)
	}
	return readSegmenter(ctx, path, jieba)
}

// readSegmenter reads a segmenter that has learned, with jieba as its guide.
func readSegmenter(ctx context.Context, path string, jieba *corpus.Jieba) (corpus.Segmenter, error) {
	var s *perceptron.Segmenter
	err := openFile(ctx, path, func(in io.Reader) (err error) {
		s, err = perceptron.Read(in, path, jieba)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// segmenterFiles are the stage segment's files that questions of text need besides.
func segmenterFiles(learned bool) []string {
	if !learned {
		return nil
	}
	return []string{segmenterFile}
}

// needsSegmenter makes the segmenter that has learned one of the things that a
// network is made of: questions of text have to be cut as its own text was.
func needsSegmenter(learned bool) []stage.Need {
	if !learned {
		return nil
	}
	return []stage.Need{{Stage: Segment, Files: segmenterFiles(true)}}
}

// needSegmenter is the path of the segmenter that a stage needs, "" for none.
func needSegmenter(r *stage.Run) (string, error) {
	if !slices.Contains(r.Needs[Segment], segmenterFile) {
		return "", nil
	}
	return r.Need(Segment, segmenterFile)
}

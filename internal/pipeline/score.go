package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"

	"wakong/corpus"
	"wakong/internal/ui"
)

// ScoreOptions say what is compared.
type ScoreOptions struct {
	Gold      string // file of the gold standard
	Segmented string // file of the segmentation; "" has Segmenter cut the gold standard's text
	Segmenter string // "jieba", or a file of a learned one, which jieba guides
	HMM       bool
	// UserDictionary is a file of further words, "" for none.
	UserDictionary string
	// TrainingWords is a file of the words that are no news to the segmenter; ""
	// leaves the recall of the others out.
	TrainingWords string
	Encoding      string // of all files; "" means UTF-8
	JSON          bool
}

// Score compares a segmentation with a gold standard and prints precision,
// recall and F1.
func Score(ctx context.Context, o ScoreOptions, reporter *ui.Reporter) error {
	var score corpus.SegmentationScore
	if o.TrainingWords != "" {
		err := openFile(ctx, o.TrainingWords, func(in io.Reader) (err error) {
			score.Known, err = corpus.ReadWordSet(in, o.TrainingWords, o.Encoding)
			return err
		})
		if err != nil {
			return err
		}
	}
	err := work(reporter, "score", "sentences", func(progress func(done, total int64)) error {
		return openFile(ctx, o.Gold, func(gold io.Reader) error {
			if o.Segmented == "" {
				return scoreSegmenter(ctx, gold, o, &score, progress)
			}
			return openFile(ctx, o.Segmented, func(found io.Reader) error { return scoreFiles(ctx, gold, found, o, &score, progress) })
		})
	})
	if err != nil {
		return err
	}
	return printScore(score, o, reporter)
}

func scoreSegmenter(ctx context.Context, gold io.Reader, o ScoreOptions, score *corpus.SegmentationScore, progress func(done, total int64)) error {
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{HMM: o.HMM, UserDictionary: o.UserDictionary})
	if err != nil {
		return err
	}
	var segmenter corpus.Segmenter = jieba
	if o.Segmenter != "jieba" {
		if segmenter, err = readSegmenter(ctx, o.Segmenter, jieba); err != nil {
			return fmt.Errorf("--segmenter: %w; expected jieba, or a file segmenter.bin of the stage segment", err)
		}
	}
	for line, err := range counting(corpus.ReadSegmented(gold, o.Gold, o.Encoding), progress) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := score.Add(line.Words, segmenter.Words(strings.Join(line.Words, ""))); err != nil {
			return &corpus.InputError{File: o.Gold, Line: line.Line, Err: err}
		}
	}
	return nil
}

// scoreFiles compares line by line; lines without words do not count in either.
func scoreFiles(ctx context.Context, gold, found io.Reader, o ScoreOptions, score *corpus.SegmentationScore, progress func(done, total int64)) error {
	next, stop := iter.Pull2(corpus.ReadSegmented(found, o.Segmented, o.Encoding))
	defer stop()
	last := 0
	for line, err := range counting(corpus.ReadSegmented(gold, o.Gold, o.Encoding), progress) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		other, err, ok := next()
		if err != nil {
			return err
		}
		if !ok {
			return &corpus.InputError{File: o.Segmented, Line: last, Found: "the end",
				Want: fmt.Sprintf("the sentence of line %d of %s", line.Line, o.Gold)}
		}
		last = other.Line
		if err := score.Add(line.Words, other.Words); err != nil {
			return &corpus.InputError{File: o.Segmented, Line: other.Line, Err: fmt.Errorf("against line %d of %s: %w", line.Line, o.Gold, err)}
		}
	}
	other, err, ok := next()
	switch {
	case err != nil:
		return err
	case ok:
		return &corpus.InputError{File: o.Segmented, Line: other.Line, Found: "a sentence", Want: "the end, as in " + o.Gold}
	}
	return nil
}

// segmentationScore is what "score --json" prints.
type segmentationScore struct {
	Sentences   int64    `json:"sentences"`
	Gold        int64    `json:"gold"`
	Found       int64    `json:"found"`
	Right       int64    `json:"right"`
	Precision   float64  `json:"precision"`
	Recall      float64  `json:"recall"`
	F1          float64  `json:"f1"`
	OOVRate     *float64 `json:"oov_rate,omitempty"`
	OOVRecall   *float64 `json:"oov_recall,omitempty"`
	KnownRecall *float64 `json:"known_recall,omitempty"`
}

func printScore(s corpus.SegmentationScore, o ScoreOptions, reporter *ui.Reporter) error {
	if o.JSON {
		out := segmentationScore{Sentences: s.Sentences, Gold: s.Gold, Found: s.Found, Right: s.Right,
			Precision: s.Precision(), Recall: s.Recall(), F1: s.F1()}
		if s.Known != nil {
			rate, oov, known := s.OOVRate(), s.OOVRecall(), s.KnownRecall()
			out.OOVRate, out.OOVRecall, out.KnownRecall = &rate, &oov, &known
		}
		return json.NewEncoder(reporter.Out()).Encode(out)
	}
	reporter.Printf("%d sentences, %d words of the gold standard, %d found, %d right\n", s.Sentences, s.Gold, s.Found, s.Right)
	reporter.Printf("precision %.4f, recall %.4f, F1 %.4f\n", s.Precision(), s.Recall(), s.F1())
	if s.Known != nil {
		reporter.Printf("words out of the vocabulary: %.4f of all, recall %.4f; of the others %.4f\n", s.OOVRate(), s.OOVRecall(), s.KnownRecall())
	}
	return nil
}

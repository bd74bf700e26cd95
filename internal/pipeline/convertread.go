package pipeline

import (
	"context"
	"io"
	"iter"
	"os"

	"wakong/corpus"
	"wakong/corpus/parquetfile"
	"wakong/internal/config"
)

// emit hands on items until one has an error or nothing more is wanted; that is
// false.
func emit[T any](ctx context.Context, items iter.Seq2[T, error], yield func(T, error) bool) bool {
	for item, err := range items {
		if err == nil {
			err = ctx.Err()
		}
		if !yield(item, err) || err != nil {
			return false
		}
	}
	return true
}

// documentsOf reads the documents of all inputs, one after another.
func documentsOf(ctx context.Context, inputs []convertInput, o ConvertOptions) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		for _, in := range inputs {
			if in.format != formatParquet {
				source := corpus.Source{Format: in.format, Path: in.path, Encoding: o.Encoding}
				switch in.format {
				case corpus.FormatJSONLines:
					source.Field = o.Field
				case corpus.FormatWARC:
					source.Pages = storyPages(config.Story{})
				}
				if !emit(ctx, source.Samples(ctx, nil), yield) {
					return
				}
				continue
			}
			more := true
			err := openParquet(in.path, func(f *os.File, size int64) error {
				more = emit(ctx, parquetfile.ReadDocuments(f, size, in.path), yield)
				return nil
			})
			if err != nil {
				yield(corpus.Document{}, err)
				return
			}
			if !more {
				return
			}
		}
	}
}

// samplesOf reads the questions of all inputs, with their answers.
func samplesOf(ctx context.Context, inputs []convertInput, o ConvertOptions) iter.Seq2[corpus.Sample, error] {
	return func(yield func(corpus.Sample, error) bool) {
		var answers *corpus.Answers
		if o.Answers != "" {
			err := openSamples(o.Answers, func(r io.Reader) (err error) {
				answers, err = corpus.ReadAnswers(r, o.Answers)
				return err
			})
			if err != nil {
				yield(corpus.Sample{}, err)
				return
			}
		}
		answered := func(s corpus.Sample, err error) bool {
			if answers != nil && err == nil {
				word, ok := answers.Word(s.ID)
				if !ok {
					err = &corpus.InputError{File: s.File, Line: s.Line, Found: "<" + s.ID + ">, to which " + answers.Name() + " has no answer"}
				}
				s.Answer = word
			}
			return yield(s, err) && err == nil
		}
		for _, in := range inputs {
			more := true
			read := func(r io.Reader) error {
				samples := corpus.ReadCMRC2017
				switch in.format {
				case corpus.FormatPDCFT:
					samples = corpus.ReadPDCFT
				case formatQuestions:
					samples = corpus.ReadSamples
				}
				more = emit(ctx, samples(r, in.path), answered)
				return nil
			}
			var err error
			if in.format == formatParquet {
				err = openParquet(in.path, func(f *os.File, size int64) error {
					more = emit(ctx, parquetfile.ReadSamples(f, size, in.path), answered)
					return nil
				})
			} else {
				err = openSamples(in.path, read)
			}
			if err != nil {
				yield(corpus.Sample{}, err)
				return
			}
			if !more {
				return
			}
		}
	}
}

func openSamples(path string, read func(io.Reader) error) error {
	f, err := corpus.OpenFile(path, path)
	if err != nil {
		return err
	}
	defer f.Close()
	return read(f)
}

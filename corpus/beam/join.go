package beam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"

	"wakong/model"
)

// completeFile is written when all else has been.
const completeFile = "complete"

// CheckEmpty refuses an output that holds anything: parts of another run would be
// taken for some of this one.
func (s Settings) CheckEmpty() error {
	for _, pattern := range []string{s.at("*"), s.at("*", "*")} {
		found, err := list(pattern)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("%s: found %s, expected an empty or new folder", s.Output, found[0])
		}
	}
	return nil
}

// Complete removes what was between steps and marks the output as that of a run that
// has ended well.
func (s Settings) Complete(ctx context.Context) error {
	if err := s.removeStaged(ctx); err != nil {
		return err
	}
	return writeFile(ctx, s.at(completeFile), func(w io.Writer) error {
		_, err := fmt.Fprintln(w, "all parts are there")
		return err
	})
}

// Join makes of the parts in an output the files of the stages segment, embed and
// build, to the byte as they write them, in folders of their names. It streams:
// memory holds one part.
func Join(ctx context.Context, from, to string) error {
	s := Settings{Output: from}
	if _, err := sizeOf(s.at(completeFile)); err != nil {
		return fmt.Errorf("%s: there is no file %q: the run that writes there has not ended, or not well", from, completeFile)
	}
	for _, c := range []struct{ pattern, to string }{
		{s.at(documentsFolder, "part-*"), filepath.Join(segmentFolder, "documents.jsonl")},
		{s.at(sentencesFolder, "part-*"), filepath.Join(segmentFolder, "sentences.txt")},
		{s.at(segmentFolder, reportFile), ""},
		{s.at(segmentFolder, leaksFile), ""},
		{s.at(vocabularyFile), filepath.Join("embed", vocabularyFile)},
		{s.at(buildFolder, "*.json"), ""},
		{s.at(validFile), filepath.Join(buildFolder, validFile)},
		{s.at(tagsFile), filepath.Join(buildFolder, tagsFile)},
	} {
		parts, err := list(c.pattern)
		if err != nil {
			return err
		}
		if c.to != "" && len(parts) > 0 {
			if err := concatenate(ctx, parts, filepath.Join(to, c.to)); err != nil {
				return err
			}
			continue
		}
		for _, p := range parts {
			name := filepath.Join(filepath.Base(filepath.Dir(p)), filepath.Base(p))
			if err := concatenate(ctx, []string{p}, filepath.Join(to, name)); err != nil {
				return err
			}
		}
	}
	return errors.Join(
		joinExamples(ctx, s.at("train-*", "*.bin"), filepath.Join(to, buildFolder, "train.bin")),
		joinExamples(ctx, s.at(passagesPart, "*.bin"), filepath.Join(to, buildFolder, "passages.bin")))
}

func concatenate(ctx context.Context, parts []string, to string) error {
	return writeFile(ctx, to, func(w io.Writer) error {
		for _, p := range parts {
			f, err := openFile(p)
			if err != nil {
				return err
			}
			_, err = io.Copy(w, f)
			if err := errors.Join(err, f.Close()); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
		}
		return nil
	})
}

// joinExamples makes one file of examples of those that a pattern matches, if any.
func joinExamples(ctx context.Context, pattern, to string) error {
	parts, err := list(pattern)
	if err != nil || len(parts) == 0 {
		return err
	}
	header, _, err := readExamples(parts[0])
	if err != nil {
		return err
	}
	return writeFile(ctx, to, func(w io.Writer) error {
		_, err := model.WriteExamples(w, header, examplesOf(parts, header))
		return err
	})
}

func examplesOf(parts []string, header model.ExampleHeader) iter.Seq2[model.Example, error] {
	return func(yield func(model.Example, error) bool) {
		for _, p := range parts {
			h, examples, err := readExamples(p)
			if err == nil && h != header {
				err = fmt.Errorf("%s: found a vocabulary of %d and batches of %d, expected %d and %d as in the other parts", p, h.Vocabulary, h.Batch, header.Vocabulary, header.Batch)
			}
			if err != nil {
				yield(model.Example{}, err)
				return
			}
			for _, e := range examples {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

func readExamples(path string) (model.ExampleHeader, []model.Example, error) {
	f, err := openFile(path)
	if err != nil {
		return model.ExampleHeader{}, nil, err
	}
	defer f.Close()
	return model.ReadExamples(f, path)
}

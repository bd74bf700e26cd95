package corpus

import (
	"context"
	"fmt"
	"io"
	"iter"

	"golang.org/x/text/encoding"
)

// A QuestionSource is a file that cloze questions are read from. Its formats
// are cmrc2017, pdcft, jsonl ({"id","passage"[,"answer"]}) and text (passages
// separated by blank lines, each with one XXXXX).
type QuestionSource struct {
	Format string
	Path   string
	Name   string // what it is called in messages; "" means Path
	// Answers is the path of an answer file for format cmrc2017. Where it is
	// given, each question must have an answer and each answer a question.
	Answers string
	// AnswersName is what the answer file is called in messages and reports; ""
	// means Answers.
	AnswersName string
	Encoding    string // as in Source
	OnError     string // as in Source
	// AllowEmpty lets a passage pass that has no words but the blank, for those
	// who answer each question; else it is a fault.
	AllowEmpty bool
}

// QuestionOptions say how a question's words are made.
type QuestionOptions struct {
	// Segmenter cuts passages that are not segmented (formats jsonl and text).
	// Without one such a passage is an error.
	Segmenter Segmenter
	// Cleaner cleans the words; nil means NewCleaner(StandardSteps()...).
	Cleaner *Cleaner
	// Report, if not nil, receives the counts.
	Report *SourceReport

	allowEmpty bool
}

func (s QuestionSource) name() string {
	if s.Name != "" {
		return s.Name
	}
	return s.Path
}

func (s QuestionSource) check() error {
	switch s.Format {
	case FormatCMRC2017, FormatPDCFT, FormatJSONLines, FormatText:
	default:
		return fmt.Errorf("questions %s: unknown format %q, expected cmrc2017, pdcft, jsonl or text", s.name(), s.Format)
	}
	if s.Answers != "" && s.Format != FormatCMRC2017 {
		return fmt.Errorf("questions %s: format %s has no answers", s.name(), s.Format)
	}
	if err := checkOnError(s.OnError); err != nil {
		return fmt.Errorf("questions %s: %w", s.name(), err)
	}
	if _, err := lookupEncoding(s.Encoding); err != nil {
		return fmt.Errorf("questions %s: %w", s.name(), err)
	}
	return nil
}

// Files lists the paths that the source reads, its answer file included.
func (s QuestionSource) Files() ([]string, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.Path == "" {
		return nil, fmt.Errorf("questions of format %s: no path", s.Format)
	}
	if err := checkRegular(s.Path, s.name()); err != nil {
		return nil, err
	}
	paths := []string{s.Path}
	if s.Answers != "" {
		paths = append(paths, s.Answers)
	}
	return paths, nil
}

// Questions reads the questions in the order of the file. After an error the
// iteration ends.
func (s QuestionSource) Questions(ctx context.Context, o QuestionOptions) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		if _, err := s.Files(); err != nil {
			yield(Question{}, err)
			return
		}
		f, err := openFile(s.Path, s.name())
		if err != nil {
			yield(Question{}, err)
			return
		}
		defer f.Close()
		s.read(ctx, f, o)(yield)
	}
}

// Read is Questions from an open reader instead of Path; messages call it by
// the source's name. Passages of nothing but the blank are given out even without
// AllowEmpty: what is read like this wants an answer for each question.
func (s QuestionSource) Read(ctx context.Context, r io.Reader, o QuestionOptions) iter.Seq2[Question, error] {
	s.AllowEmpty = true
	return s.read(ctx, r, o)
}

func (s QuestionSource) read(ctx context.Context, r io.Reader, o QuestionOptions) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		if o.Report == nil {
			o.Report = &SourceReport{}
		}
		report := o.Report
		o.allowEmpty = s.AllowEmpty
		report.Name, report.Format = s.name(), s.Format
		report.Files++
		if o.Cleaner == nil {
			o.Cleaner = NewCleaner(StandardSteps()...)
		}
		e, err := lookupEncoding(s.Encoding)
		if err != nil {
			yield(Question{}, err)
			return
		}
		lines := newLineReader(r, s.name(), e)
		defer func() { report.Undecoded += lines.undecoded }()
		questions, err := s.reader(lines, e, o)
		if err != nil {
			yield(Question{}, err)
			return
		}
		passOver(ctx, questions, s.OnError, report, yield)
	}
}

// reader iterates over the questions; faults that it can go on after are
// yielded as *InputError.
func (s QuestionSource) reader(lines *lineReader, e encoding.Encoding, o QuestionOptions) (iter.Seq2[Question, error], error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	switch s.Format {
	case FormatJSONLines:
		return s.jsonQuestions(lines, o), nil
	case FormatText:
		return s.textQuestions(lines, o), nil
	}
	var answers *Answers
	if s.Answers != "" {
		var err error
		if answers, err = readAnswersFile(s.Answers, s.AnswersName, e); err != nil {
			return nil, err
		}
	}
	return s.sampleQuestions(lines, answers, o), nil
}

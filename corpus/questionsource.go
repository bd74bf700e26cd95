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
	// FS is where the files lie, if not on this machine.
	FS FileSystem
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

// Files lists the files that the source reads, its answer files included.
func (s QuestionSource) Files() ([]File, error) {
	each, err := s.each()
	if err != nil {
		return nil, err
	}
	var all []File
	for _, one := range each {
		all = append(all, File{one.Path, one.name()})
		if one.Answers != "" {
			all = append(all, File{one.Answers, orName(one.AnswersName, one.Answers)})
		}
	}
	return all, nil
}

// each gives a source for each file: many, where the path is a pattern.
func (s QuestionSource) each() ([]QuestionSource, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.Path == "" {
		return nil, fmt.Errorf("questions of format %s: no path", s.Format)
	}
	if !isPattern(s.Path) {
		if s.FS == nil {
			if err := checkRegular(s.Path, s.name()); err != nil {
				return nil, err
			}
		}
		return []QuestionSource{s}, nil
	}
	files, err := matchesIn(s.FS, s.Path, s.name())
	if err != nil {
		return nil, err
	}
	var answers []sourceFile
	if s.Answers != "" {
		name := orName(s.AnswersName, s.Answers)
		if !isPattern(s.Answers) {
			return nil, &InputError{File: s.name(), Found: "many files of questions with one of answers, " + quote(name), Want: "a pattern that matches a file of answers for each"}
		}
		if answers, err = matchesIn(s.FS, s.Answers, name); err != nil {
			return nil, err
		}
		if len(answers) != len(files) {
			return nil, &InputError{File: name, Found: fmt.Sprintf("%d files of answers", len(answers)), Want: fmt.Sprintf("%d, one for each file of questions", len(files))}
		}
	}
	var each []QuestionSource
	for i, f := range files {
		if f.fault != nil {
			return nil, f.fault
		}
		one := s
		one.Path, one.Name = f.path, f.name
		if answers != nil {
			one.Answers, one.AnswersName = answers[i].path, answers[i].name
		}
		each = append(each, one)
	}
	return each, nil
}

// Questions reads the questions in the order of the file, and of files in the
// order of their names. After an error the iteration ends.
func (s QuestionSource) Questions(ctx context.Context, o QuestionOptions) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		each, err := s.each()
		if err != nil {
			yield(Question{}, err)
			return
		}
		ended := false
		for _, one := range each {
			for q, err := range one.file(ctx, o) {
				if !yield(q, err) || err != nil {
					ended = true
					break
				}
			}
			if ended {
				break
			}
		}
		if o.Report != nil {
			o.Report.Name = s.name()
		}
	}
}

// file reads the questions of one file.
func (s QuestionSource) file(ctx context.Context, o QuestionOptions) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		f, err := openFrom(s.FS, s.Path, s.name())
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
		if answers, err = readAnswersFile(s.FS, s.Answers, s.AnswersName, e); err != nil {
			return nil, err
		}
	}
	return s.sampleQuestions(lines, answers, o), nil
}

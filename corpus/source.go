package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

// The formats of sources.
const (
	FormatCMRC2017  = "cmrc2017"  // samples of CMRC 2017, segmented
	FormatPDCFT     = "pdcft"     // samples of PD&CFT, segmented
	FormatJSONLines = "jsonl"     // one JSON object a line, its text in Field
	FormatText      = "text"      // .txt and .md: a file, or all of a folder and its sub-folders
	FormatDocuments = "documents" // JSON Lines of this package's Documents, as the crawl writes them
	FormatWARC      = "warc"      // archives of web pages, of which Source.Pages takes the stories
)

// What is done with faulty input.
const (
	OnErrorFail = "fail" // the first fault ends the reading (the default)
	OnErrorSkip = "skip" // the sample, line or file is counted, listed and passed over
)

// A Source is a file or folder that documents are read from, or all files that a
// pattern matches.
//
// Where there is no file of the name, *, ?, [a-z], {a,b} and ** (folders of any
// depth) in a path stand for files, which are read in the order of their names; that
// nothing matches is an error. Files whose names end in .gz or .zst are unpacked
// while they are read; one that unpacks to hundreds of times its size is refused.
//
// A path may be a symbolic link, and so may the files of a folder. A link to a
// folder inside of a folder is not followed, since it may lead anywhere and round
// in circles: it is a fault, as are a pipe or a socket that has the name of a text.
type Source struct {
	Format string
	Path   string
	// Name is what the source is called in messages, in reports and as the
	// documents' Source; "" means Path. A path relative to the configuration
	// keeps reports the same on every machine.
	Name string
	// Field is the member that holds the text in format jsonl; "" means "text".
	Field string
	// Answers is the path of an answer file for format cmrc2017: blanks in the
	// passages are filled with it. Without it their sentences are dropped.
	Answers string
	// AnswersName is what the answer file is called in messages and reports; ""
	// means Answers.
	AnswersName string
	// Encoding of the files ("gb18030", "big5", ...). "" means UTF-8, anything
	// else being an error; where it is given, bytes that do not fit become U+FFFD.
	// EncodingAuto means that it is guessed for each file.
	Encoding string
	// Resegment is ResegmentNever, ResegmentSimplified, ResegmentAlways or "" for
	// the first: what Prepare does with text that is segmented already.
	Resegment string
	// OnError is OnErrorFail, OnErrorSkip or "" for the former. A missing file
	// is an error in either case.
	OnError string
	// Pages takes the stories of an archive in format warc: for each of its pages
	// a document with id, text and, where known, title and address, or without text
	// where the page holds no story. It is given here, since what is a story is
	// known to packages above this one, such as crawl. In messages and leaks the line
	// is the page's number in the archive.
	Pages func(archive io.Reader) iter.Seq2[Document, error]
	// FS is where the files lie, if not on this machine.
	FS FileSystem
}

func (s Source) name() string {
	if s.Name != "" {
		return s.Name
	}
	return s.Path
}

// check finds what is wrong with the source itself, not with its files.
func (s Source) check() error {
	switch s.Format {
	case FormatCMRC2017, FormatPDCFT, FormatJSONLines, FormatText, FormatDocuments:
	case FormatWARC:
		if s.Pages == nil {
			return fmt.Errorf("source %s: format warc needs Pages", s.name())
		}
		if s.Encoding != "" {
			return fmt.Errorf("source %s: the pages of an archive tell their encodings themselves", s.name())
		}
	default:
		return fmt.Errorf("source %s: unknown format %q, expected cmrc2017, pdcft, jsonl, text, documents or warc", s.name(), s.Format)
	}
	if s.Path == "" {
		return fmt.Errorf("source of format %s: no path", s.Format)
	}
	if s.Field != "" && s.Format != FormatJSONLines {
		return fmt.Errorf("source %s: format %s has no field", s.name(), s.Format)
	}
	if s.Answers != "" && s.Format != FormatCMRC2017 {
		return fmt.Errorf("source %s: format %s has no answers", s.name(), s.Format)
	}
	if err := checkOnError(s.OnError); err != nil {
		return fmt.Errorf("source %s: %w", s.name(), err)
	}
	if _, err := lookupEncoding(s.Encoding); err != nil {
		return fmt.Errorf("source %s: %w", s.name(), err)
	}
	if err := checkResegment(s.Resegment); err != nil {
		return fmt.Errorf("source %s: %w", s.name(), err)
	}
	return nil
}

func checkOnError(value string) error {
	switch value {
	case "", OnErrorFail, OnErrorSkip:
		return nil
	}
	return fmt.Errorf("unknown on_error %q, expected fail or skip", value)
}

// skippable tells whether an error is one of input that on_error says to pass
// over.
func skippable(onError string, err error) bool {
	var in *InputError
	var fatal *fatalError
	return onError == OnErrorSkip && errors.As(err, &in) && !errors.As(err, &fatal)
}

// Documents reads each passage once: a sample whose passage is identical to an
// earlier one of this source is counted as repeated and not given out. Blanks
// are filled or their sentences dropped, query lines are left out. Report may
// be nil. After an error the iteration ends.
func (s Source) Documents(ctx context.Context, report *SourceReport) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		if report == nil {
			report = &SourceReport{}
		}
		seen := map[contentHash]bool{}
		once := s.Format == FormatCMRC2017 || s.Format == FormatPDCFT
		for d, err := range s.Samples(ctx, report) {
			if err == nil && once {
				h := hashText(d.Text)
				if seen[h] {
					report.Repeated++
					report.Documents--
					continue
				}
				seen[h] = true
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// Samples is Documents without the dropping of repeated passages: a document
// for each sample. Prepare drops repetitions itself, after it has counted
// which samples leak, and so wants this one.
func (s Source) Samples(ctx context.Context, report *SourceReport) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		if report == nil {
			report = &SourceReport{}
		}
		report.Name, report.Format = s.name(), s.Format
		files, err := s.files()
		if err != nil {
			yield(Document{}, err)
			return
		}
		read, err := s.reader()
		if err != nil {
			yield(Document{}, err)
			return
		}
		for _, file := range files {
			if !s.readFile(ctx, file, read, report, yield) {
				return
			}
		}
	}
}

// faulty are the documents of a file that cannot be read.
func faulty(err error) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) { yield(Document{}, err) }
}

// A fileReader iterates over one file's documents. Faults that it can go on
// after are yielded as *InputError.
type fileReader func(file sourceFile, report *SourceReport) iter.Seq2[Document, error]

func (s Source) reader() (fileReader, error) {
	e, err := lookupEncoding(s.Encoding)
	if err != nil {
		return nil, err
	}
	switch s.Format {
	case FormatCMRC2017, FormatPDCFT:
		return s.sampleReader(e)
	case FormatJSONLines:
		return s.jsonReader(e), nil
	case FormatDocuments:
		return s.documentReader(e), nil
	case FormatWARC:
		return s.archiveReader, nil
	default:
		return s.textReader(e), nil
	}
}

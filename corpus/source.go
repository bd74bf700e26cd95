package corpus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// The formats of sources.
const (
	FormatCMRC2017  = "cmrc2017"  // samples of CMRC 2017, segmented
	FormatPDCFT     = "pdcft"     // samples of PD&CFT, segmented
	FormatJSONLines = "jsonl"     // one JSON object a line, its text in Field
	FormatText      = "text"      // .txt and .md: a file, or all of a folder and its sub-folders
	FormatDocuments = "documents" // JSON Lines of this package's Documents, as the crawl writes them
)

// What is done with faulty input.
const (
	OnErrorFail = "fail" // the first fault ends the reading (the default)
	OnErrorSkip = "skip" // the sample, line or file is counted, listed and passed over
)

// A Source is a file or folder that documents are read from.
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
	default:
		return fmt.Errorf("source %s: unknown format %q, expected cmrc2017, pdcft, jsonl, text or documents", s.name(), s.Format)
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

// A sourceFile is one file of a source: where it lies and what it is called.
type sourceFile struct {
	path, name string
	key        string // begins its documents' ids; free of the place it lies at
	fault      error  // why it cannot be read, if so
}

// Files lists the paths that the source reads, its answer file included.
func (s Source) Files() ([]string, error) {
	files, err := s.files()
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, f := range files {
		switch {
		case f.fault == nil:
			paths = append(paths, f.path)
		case !skippable(s.OnError, f.fault):
			return nil, f.fault
		}
	}
	if s.Answers != "" {
		paths = append(paths, s.Answers)
	}
	return paths, nil
}

// files finds the files in a fixed order: by name, as bytes compare.
func (s Source) files() ([]sourceFile, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	info, err := os.Stat(s.Path)
	if err != nil {
		return nil, fileError(s.name(), err)
	}
	key := filepath.Base(s.Path)
	if !info.IsDir() {
		if err := checkRegular(s.Path, s.name()); err != nil {
			return nil, err
		}
		return []sourceFile{{path: s.Path, name: s.name(), key: key}}, nil
	}
	if s.Format != FormatText {
		return nil, &InputError{File: s.name(), Found: "a folder", Want: "a file (only format text reads folders)"}
	}
	root, err := filepath.EvalSymlinks(s.Path)
	if err != nil {
		return nil, fileError(s.name(), err)
	}
	var files []sourceFile
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == root {
			return nil
		}
		if strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		link := d.Type()&fs.ModeSymlink != 0
		if d.IsDir() || !link && !isTextName(d.Name()) {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file := sourceFile{path: filepath.Join(s.Path, rel)}
		rel = filepath.ToSlash(rel)
		file.name = strings.TrimSuffix(filepath.ToSlash(s.name()), "/") + "/" + rel
		file.key = key + "/" + rel
		to, err := os.Stat(file.path)
		switch {
		case err == nil && to.IsDir():
			file.fault = &InputError{File: file.name, Found: "a link to a folder", Want: "folders and files themselves (name the link's target as another source)"}
		case !isTextName(d.Name()):
			return nil
		default:
			file.fault = checkRegular(file.path, file.name)
		}
		files = append(files, file)
		return nil
	})
	if err != nil {
		return nil, fileError(s.name(), err)
	}
	if len(files) == 0 {
		return nil, &InputError{File: s.name(), Found: "a folder without text files", Want: ".txt or .md files"}
	}
	sort.Slice(files, func(i, j int) bool { return files[i].name < files[j].name })
	return files, nil
}

// isTextName tells whether a folder's file is taken as text. What describes
// the folder itself is no text of the corpus.
func isTextName(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	if ext != ".txt" && ext != ".md" {
		return false
	}
	switch strings.ToUpper(strings.TrimSuffix(name, filepath.Ext(name))) {
	case "README", "LICENSE", "LICENCE", "COPYING", "NOTICE":
		return false
	}
	return true
}

// fileError gives an error of the file system the file's name as the user
// knows it, once.
func fileError(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return &InputError{File: name, Err: err}
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
			report.Files++
			documents := faulty(file.fault)
			if file.fault == nil {
				documents = resegmented(read(file, report), s.Resegment)
			}
			if !passOver(ctx, documents, s.OnError, report, yield) {
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
	default:
		return s.textReader(e), nil
	}
}

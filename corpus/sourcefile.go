package corpus

import (
	"context"
	"errors"
	"iter"
	"slices"
)

// A SourceFile is one of the files of a source: what [Source.ReadFile] needs to
// read it somewhere else than the source was looked through.
type SourceFile struct {
	Path string
	Name string // what messages and reports call it
	Key  string // begins the ids of its documents
	// Fault is why the file cannot be read, "" where it can. It comes only where
	// the source passes such files over.
	Fault string `json:",omitempty"`
}

// SourceFiles lists the files in the order in which [Source.Samples] reads them.
func (s Source) SourceFiles() ([]SourceFile, error) {
	files, err := s.files()
	if err != nil {
		return nil, err
	}
	all := make([]SourceFile, len(files))
	for i, f := range files {
		all[i] = SourceFile{Path: f.path, Name: f.name, Key: f.key}
		if f.fault == nil {
			continue
		}
		if !skippable(s.OnError, f.fault) {
			return nil, f.fault
		}
		all[i].Fault = f.fault.Error()
		var in *InputError
		if errors.As(f.fault, &in) {
			all[i].Fault = in.Reason()
		}
	}
	return all, nil
}

// ReadFile reads one of the source's files: Samples is ReadFile for each of
// SourceFiles. Report, which may be nil, counts this file alone; Merge makes of
// the reports of all files that of the source.
func (s Source) ReadFile(ctx context.Context, file SourceFile, report *SourceReport) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		if report == nil {
			report = &SourceReport{}
		}
		report.Name, report.Format = s.name(), s.Format
		read, err := s.reader()
		if err != nil {
			yield(Document{}, err)
			return
		}
		f := sourceFile{path: file.Path, name: file.Name, key: file.Key, from: s.FS}
		if file.Fault != "" {
			f.fault = &InputError{File: file.Name, Err: errors.New(file.Fault)}
		}
		s.readFile(ctx, f, read, report, yield)
	}
}

// readFile reads a file and tells whether the next is wanted.
func (s Source) readFile(ctx context.Context, file sourceFile, read fileReader, report *SourceReport, yield func(Document, error) bool) bool {
	report.Files++
	documents := faulty(file.fault)
	if file.fault == nil {
		documents = resegmented(read(file, report), s.Resegment)
	}
	return passOver(ctx, documents, s.OnError, report, yield)
}

// Merge adds the report of files that come after those of r.
func (r *SourceReport) Merge(next SourceReport) {
	if r.Name == "" {
		r.Name, r.Format = next.Name, next.Format
	}
	r.Files += next.Files
	r.Samples += next.Samples
	r.Documents += next.Documents
	r.Repeated += next.Repeated
	r.WithoutStory += next.WithoutStory
	r.BlanksFilled += next.BlanksFilled
	r.SentencesDropped += next.SentencesDropped
	r.WordsTooLong += next.WordsTooLong
	r.Undecoded += next.Undecoded
	for _, e := range next.Encodings {
		i := slices.IndexFunc(r.Encodings, func(c EncodingCount) bool { return c.Name == e.Name })
		if i < 0 {
			i = len(r.Encodings)
			r.Encodings = append(r.Encodings, EncodingCount{Name: e.Name})
		}
		r.Encodings[i].Files += e.Files
		r.Encodings[i].Doubtful = first(append(r.Encodings[i].Doubtful, e.Doubtful...), mostSkips)
	}
	r.Skipped += next.Skipped
	r.Skips = first(append(r.Skips, next.Skips...), mostSkips)
}

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }

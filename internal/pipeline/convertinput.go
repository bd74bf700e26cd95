package pipeline

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"wakong/corpus"
	"wakong/corpus/parquetfile"
	"wakong/internal/compressed"
)

// A convertInput is a path with its format.
type convertInput struct{ path, format string }

// inputs finds the formats of the inputs, and whether they hold questions. All hold
// the same.
func (o ConvertOptions) inputs() (inputs []convertInput, questions bool, err error) {
	for i, path := range o.Inputs {
		in := convertInput{path, o.From}
		if in.format == "" {
			if in.format, err = convertFormat(path); err != nil {
				return nil, false, err
			}
		}
		asks := in.format == corpus.FormatCMRC2017 || in.format == corpus.FormatPDCFT || in.format == formatQuestions
		if in.format == formatParquet {
			err := openParquet(path, func(f *os.File, size int64) (err error) {
				asks, err = parquetfile.HoldsQuestions(f, size, path)
				return err
			})
			if err != nil {
				return nil, false, err
			}
		}
		if i > 0 && asks != questions {
			return nil, false, fmt.Errorf("%w: %s and %s: found questions and documents, expected one of them", ErrUsage, o.Inputs[0], path)
		}
		questions = asks
		inputs = append(inputs, in)
	}
	if o.Answers != "" && !questions {
		return nil, false, fmt.Errorf("%w: --answers: found documents, which have no answers", ErrUsage)
	}
	return inputs, questions, nil
}

// convertFormat goes by the name of a file, and by the first line of JSON Lines.
func convertFormat(path string) (string, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return corpus.FormatText, nil
	}
	plain, _ := compressed.Cut(path)
	switch strings.ToLower(filepath.Ext(plain)) {
	case ".txt", ".md":
		return corpus.FormatText, nil
	case ".warc":
		return corpus.FormatWARC, nil
	case ".parquet":
		return formatParquet, nil
	case ".doc_query":
		return corpus.FormatCMRC2017, nil
	case ".jsonl", ".ndjson":
		return linesFormat(path)
	}
	return "", fmt.Errorf("%w: %s: found no extension that names a format; name it with --from", ErrUsage, path)
}

// linesFormat tells documents, questions and other objects apart by the members of
// the first.
func linesFormat(path string) (string, error) {
	files, err := corpus.Source{Format: corpus.FormatJSONLines, Path: path}.Files()
	if err != nil {
		return "", err
	}
	f, err := corpus.OpenFile(files[0].Path, files[0].Name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	line, err := bufio.NewReader(io.LimitReader(f, corpus.MaxLine)).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fileError(path, err)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(line, &members) != nil {
		return corpus.FormatJSONLines, nil // whose reader says what is wrong
	}
	has := func(name string) bool { return members[name] != nil }
	switch {
	case has("id") && has("sentences") && has("query"):
		return formatQuestions, nil
	case has("id") && (has("text") || has("sentences")):
		return corpus.FormatDocuments, nil
	}
	return corpus.FormatJSONLines, nil
}

// openParquet opens a file that is read here and there.
func openParquet(path string, read func(f *os.File, size int64) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return fileError(path, err)
	}
	if !info.Mode().IsRegular() {
		return &corpus.InputError{File: path, Found: kindOf(info), Want: "a regular file"}
	}
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err)
	}
	defer f.Close()
	return read(f, info.Size())
}

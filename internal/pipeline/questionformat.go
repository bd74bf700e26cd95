package pipeline

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"wakong/corpus"
	"wakong/internal/config"
)

// standardInput stands for a path.
const standardInput = "-"

// questionInput is the source of predict.input, its format found out where it is
// "auto".
func questionInput(params config.PredictParams, stdin io.Reader) (corpus.QuestionSource, error) {
	s, in, err := openQuestions(params, stdin)
	if closer, ok := in.(io.Closer); ok && in != stdin {
		closer.Close()
	}
	return s, err
}

// fileReader closes the file under a buffer.
type fileReader struct {
	*bufio.Reader
	io.Closer
}

// openQuestions opens predict.input and finds its format out.
func openQuestions(params config.PredictParams, stdin io.Reader) (corpus.QuestionSource, io.Reader, error) {
	s := corpus.QuestionSource{Format: params.InputFormat, Encoding: params.Encoding, OnError: corpus.OnErrorFail}
	var in *bufio.Reader
	var out io.Reader
	if params.Input.Written() == standardInput && stdin != nil {
		s.Name = "standard input"
		in = bufio.NewReaderSize(stdin, sniffBytes)
		out = in
	} else {
		s.Path = params.Input.Resolved()
		s.Name = shown(s.Path)
		f, err := os.Open(s.Path)
		if err == nil {
			var info os.FileInfo
			if info, err = f.Stat(); err == nil && info.IsDir() {
				err = errors.New("found a folder, expected a file of questions")
			}
		}
		if err != nil {
			var path *os.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			if f != nil {
				f.Close()
			}
			return s, nil, &corpus.InputError{File: s.Name, Err: err}
		}
		in = bufio.NewReaderSize(f, sniffBytes)
		out = fileReader{in, f}
	}
	if s.Format == "auto" {
		s.Format = formatByName(s.Path)
	}
	if s.Format == "" {
		start, err := in.Peek(sniffBytes)
		if err != nil && !errors.Is(err, io.EOF) {
			return s, out, fmt.Errorf("%s: %w", s.Name, err)
		}
		s.Format = formatByContent(start)
	}
	return s, out, nil
}

const sniffBytes = 64 << 10

// formatByName goes by the end of a file's name; empty where it tells nothing.
func formatByName(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".doc_query":
		return corpus.FormatCMRC2017
	case ".jsonl", ".ndjson", ".json":
		return corpus.FormatJSONLines
	case ".txt", ".md":
		return corpus.FormatText
	}
	return ""
}

// formatByContent goes by the beginning of a file: an object, numbered lines of
// a sample, or else plain text.
func formatByContent(start []byte) string {
	start = bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n")
	line, _, _ := bytes.Cut(start, []byte("\n"))
	number, _, sample := bytes.Cut(line, []byte("|||"))
	number = bytes.TrimSpace(number)
	switch {
	case bytes.HasPrefix(start, []byte("{")):
		return corpus.FormatJSONLines
	case sample && len(number) > 0 && len(bytes.Trim(number, "0123456789")) == 0:
		// The samples of CMRC 2017 end with a line that begins with <qid_n>.
		if bytes.Contains(start, []byte("\n<")) {
			return corpus.FormatCMRC2017
		}
		return corpus.FormatPDCFT
	}
	return corpus.FormatText
}

package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"wakong/corpus"
	"wakong/internal/config"
)

// standardStream stands, as a path, for the standard input or output.
const standardStream = "-"

// questionInput is the source of predict.input in the configuration, its format
// found out where it is "auto".
func questionInput(ctx context.Context, params config.PredictParams) (corpus.QuestionSource, error) {
	s, in, err := openQuestions(ctx, params, nil)
	if err == nil {
		in.Close()
	}
	return s, err
}

// bufferedFile closes the file under a buffer.
type bufferedFile struct {
	*bufio.Reader
	io.Closer
}

// openQuestions opens predict.input and finds its format out. With stdin it is
// the input of a command, which may be stdin or any other stream; without, that of
// a stage, which must be a file. Reading ends when ctx is done.
func openQuestions(ctx context.Context, params config.PredictParams, stdin io.Reader) (s corpus.QuestionSource, r io.ReadCloser, err error) {
	s = corpus.QuestionSource{Format: params.InputFormat, Encoding: params.Encoding, OnError: corpus.OnErrorFail, AllowEmpty: true}
	var file io.ReadCloser
	if params.Input.Written() == standardStream && stdin != nil {
		s.Name = "standard input"
		file = untilDoneReader(ctx, stdin)
	} else {
		s.Path = params.Input.Resolved()
		s.Name = shown(s.Path)
		if file, err = openStream(ctx, s.Path, s.Name, stdin != nil); err != nil {
			return s, nil, err
		}
	}
	in := bufio.NewReaderSize(file, sniffBytes)
	if s.Format == "auto" {
		s.Format = formatByName(s.Path)
	}
	if s.Format == "" {
		start, err := in.Peek(sniffBytes)
		if err != nil && !errors.Is(err, io.EOF) {
			file.Close()
			return s, nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		s.Format = formatByContent(start)
	}
	return s, bufferedFile{in, file}, nil
}

// openStream opens a file, or where streams is set anything that can be read from.
func openStream(ctx context.Context, path, name string, streams bool) (io.ReadCloser, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fileError(name, err)
	}
	if !info.Mode().IsRegular() && (!streams || info.IsDir()) {
		want := "a regular file"
		if streams {
			want = "a file"
		}
		return nil, &corpus.InputError{File: name, Found: kindOf(info), Want: want}
	}
	var f *os.File
	err = untilDone(ctx, func() error {
		opened, err := os.Open(path) // a named pipe waits here for who writes to it
		f = opened
		return err
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fileError(name, err)
	case info.Mode().IsRegular():
		return f, nil
	}
	return untilDoneReader(ctx, f), nil
}

// kindOf names what stands where a file should.
func kindOf(info os.FileInfo) string {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return "a folder"
	case mode&os.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&os.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}

// fileError gives an error of the file system the name of the file as the user
// knows it, once.
func fileError(name string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &corpus.InputError{File: name, Err: err}
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

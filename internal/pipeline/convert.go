package pipeline

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"wakong/corpus"
	"wakong/corpus/parquetfile"
	"wakong/internal/atomicfile"
	"wakong/internal/compressed"
	"wakong/internal/ui"
)

// Formats of convert that no source has.
const (
	formatParquet   = "parquet"
	formatQuestions = "questions" // JSON Lines of questions, as convert writes them
)

// ConvertOptions say what is converted into what.
type ConvertOptions struct {
	Inputs []string // files, patterns, or folders of text
	Output string   // where its name is that of a file of vectors, the input is one too
	From   string   // format of the inputs; "" goes by their names and contents
	To     string   // jsonl, parquet or cmrc2017; "" goes by the output's name
	// Answers is the file of answers to questions of format cmrc2017, read with them.
	Answers string
	// AnswersOutput is where answers go, where To is cmrc2017; "" leaves them out.
	AnswersOutput string
	Field         string // of the text, in format jsonl
	Encoding      string // of the inputs; "" means UTF-8
}

// Convert writes documents, questions or word vectors in another format. The output
// is written whole or not at all.
func Convert(ctx context.Context, o ConvertOptions, reporter *ui.Reporter) error {
	if err := o.apart(); err != nil {
		return err
	}
	if o.vectors() {
		return o.convertVectors(reporter)
	}
	if err := o.output(); err != nil {
		return err
	}
	inputs, questions, err := o.inputs()
	if err != nil {
		return err
	}
	n, unit := 0, "document"
	if questions {
		unit = "question"
	}
	err = work(reporter, "convert", unit+"s", func(progress func(done, total int64)) error {
		if questions {
			n, err = o.writeQuestions(counting(samplesOf(ctx, inputs, o), progress))
		} else {
			n, err = o.writeDocuments(counting(documentsOf(ctx, inputs, o), progress))
		}
		return err
	})
	if err != nil {
		return err
	}
	reporter.Printf("%s written to %s\n", counted(n, unit), o.Output)
	return nil
}

// apart refuses to write over what is read, also under the name that a file has
// while it is written, and two files under one name.
func (o ConvertOptions) apart() error {
	for _, out := range []string{o.Output, o.AnswersOutput} {
		for _, in := range append([]string{o.Answers}, o.Inputs...) {
			if out == "" || in == "" {
				continue
			}
			if sameFile(in, out) {
				return fmt.Errorf("%w: %s is input and output", ErrUsage, in)
			}
			if unfinished := out + atomicfile.Suffix; sameFile(in, unfinished) {
				return fmt.Errorf("%w: %s is input, and the name under which %s is written until it is whole; give one of them another name", ErrUsage, in, out)
			}
		}
	}
	if o.AnswersOutput == "" {
		return nil
	}
	output, err := filepath.Abs(o.Output)
	if err != nil {
		return err
	}
	answers, err := filepath.Abs(o.AnswersOutput)
	if err != nil {
		return err
	}
	switch {
	case output == answers || sameFile(output, answers):
		return fmt.Errorf("%w: %s is the output of questions and of answers", ErrUsage, o.Output)
	case output == answers+atomicfile.Suffix || answers == output+atomicfile.Suffix:
		return fmt.Errorf("%w: %s and %s: one is the name that the other has until it is whole; give one of them another name", ErrUsage, o.Output, o.AnswersOutput)
	}
	return nil
}

// output checks what is to be written, and finds its format.
func (o *ConvertOptions) output() error {
	plain, packed := compressed.Cut(o.Output)
	if o.To == "" {
		switch {
		case strings.HasSuffix(plain, ".parquet"):
			o.To = formatParquet
		case strings.HasSuffix(plain, ".jsonl"):
			o.To = corpus.FormatJSONLines
		case strings.HasSuffix(plain, ".doc_query"):
			o.To = corpus.FormatCMRC2017
		default:
			return fmt.Errorf("%w: %s: found no extension that names a format, expected .jsonl, .parquet, .doc_query, for word vectors .bin, .vec, .txt or .npy, or --to", ErrUsage, o.Output)
		}
	}
	if o.To == formatParquet && packed != compressed.None {
		return fmt.Errorf("%w: %s: Parquet is compressed within; expected a name without %s", ErrUsage, o.Output, packed.Extension())
	}
	if o.AnswersOutput != "" && o.To != corpus.FormatCMRC2017 {
		return fmt.Errorf("%w: --answers-output: only format cmrc2017 has answers in a file of their own", ErrUsage)
	}
	for _, name := range []string{o.Output, o.AnswersOutput} {
		if info, err := os.Stat(name); name != "" && err == nil && !info.Mode().IsRegular() {
			return &corpus.InputError{File: name, Found: kindOf(info), Want: "a regular file, or none"}
		}
	}
	return nil
}

// packedFile writes a file whole or not at all, compressed as its name says.
func packedFile(name string, write func(io.Writer) error) error {
	_, packed := compressed.Cut(name)
	return atomicfile.Write(name, func(w io.Writer) error { return packed.Write(w, write) })
}

func (o ConvertOptions) writeDocuments(documents iter.Seq2[corpus.Document, error]) (n int, err error) {
	if o.To == corpus.FormatCMRC2017 {
		return 0, fmt.Errorf("%w: --to cmrc2017: found documents, expected questions", ErrUsage)
	}
	write := corpus.WriteDocuments
	if o.To == formatParquet {
		write = parquetfile.WriteDocuments
	}
	err = packedFile(o.Output, func(w io.Writer) (err error) {
		n, err = write(w, documents)
		return err
	})
	return n, err
}

func (o ConvertOptions) writeQuestions(samples iter.Seq2[corpus.Sample, error]) (n int, err error) {
	write := corpus.WriteSamples
	switch {
	case o.To == formatParquet:
		write = parquetfile.WriteSamples
	case o.To == corpus.FormatCMRC2017 && o.AnswersOutput == "":
		write = func(w io.Writer, samples iter.Seq2[corpus.Sample, error]) (int, error) {
			return corpus.WriteCMRC2017(w, nil, samples)
		}
	case o.To == corpus.FormatCMRC2017:
		err = packedFile(o.AnswersOutput, func(answers io.Writer) error {
			return packedFile(o.Output, func(w io.Writer) (err error) {
				n, err = corpus.WriteCMRC2017(w, answers, samples)
				return err
			})
		})
		return n, err
	}
	err = packedFile(o.Output, func(w io.Writer) (err error) {
		n, err = write(w, samples)
		return err
	})
	return n, err
}

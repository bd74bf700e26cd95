package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wakong/corpus"
	"wakong/internal/pipeline"
)

var (
	convertFrom = []string{"text", "jsonl", "documents", "warc", "cmrc2017", "pdcft", "questions", "parquet"}
	convertTo   = []string{"jsonl", "parquet", "cmrc2017"}
)

func newConvertCommand(a *app) *cobra.Command {
	var o pipeline.ConvertOptions
	cmd := &cobra.Command{
		Use:   "convert IN... -o OUT",
		Short: "Write documents, questions or word vectors in another format",
		Long: `Reads documents (text, Markdown, JSON Lines, WARC, Parquet) or questions (CMRC 2017,
PD&CFT, JSON Lines, Parquet) and writes them as JSON Lines, Parquet, or, questions
alone, as CMRC 2017. Formats go by the names of the files unless --from and --to
name them; .gz and .zst behind a name say that it is compressed. For questions of
format cmrc2017 --answers names the file of answers.

Where the output's name ends in .bin, .vec, .txt or .npy, the input is one file of word
vectors, which may be in any of these formats too (word2vec binary and text, a NumPy
matrix with its words beside it in NAME.vocab.tsv).

The output is written whole or not at all, and the same input gives the same bytes.
Needs no configuration and no workspace.`,
		Example: `  pipeline convert stories/ -o stories.parquet
  pipeline convert crawl.warc.gz -o stories.jsonl.zst
  pipeline convert user.train.doc_query --answers user.train.answer -o train.parquet
  pipeline convert train.parquet -o train.doc_query --answers-output train.answer
  pipeline convert published.vec.gz -o published.npy`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Inputs = args
			if err := checkConvert(o); err != nil {
				return &usageError{err: err, help: cmd.CommandPath()}
			}
			return pipeline.Convert(cmd.Context(), o, a.reporter.Load())
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.Output, "output", "o", "", "`file` that is written")
	f.StringVar(&o.From, "from", "", "format of the input: "+strings.Join(convertFrom, ", ")+" (questions: JSON Lines that convert wrote)")
	f.StringVar(&o.To, "to", "", "format of the output: "+strings.Join(convertTo, ", "))
	f.StringVar(&o.Answers, "answers", "", "`file` of the answers to the questions that are read")
	f.StringVar(&o.AnswersOutput, "answers-output", "", "`file` for the answers, with --to cmrc2017; without it they are left out")
	f.StringVar(&o.Field, "field", "", `member of a JSON object that holds the text (default "text")`)
	f.StringVar(&o.Encoding, "encoding", "", "of documents that are read (gb18030, big5, auto, ...); UTF-8 where not given")
	cmd.MarkFlagFilename("output")
	cmd.RegisterFlagCompletionFunc("from", cobra.FixedCompletions(convertFrom, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("to", cobra.FixedCompletions(convertTo, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func checkConvert(o pipeline.ConvertOptions) error {
	if o.Output == "" {
		return fmt.Errorf("found no output, expected -o FILE")
	}
	for _, flag := range []struct {
		name, value string
		known       []string
	}{{"--from", o.From, convertFrom}, {"--to", o.To, convertTo}} {
		if flag.value != "" && !slices.Contains(flag.known, flag.value) {
			return fmt.Errorf("%s: found %q, expected one of %s", flag.name, flag.value, strings.Join(flag.known, ", "))
		}
	}
	if err := corpus.CheckEncoding(o.Encoding); err != nil {
		return fmt.Errorf("--encoding: %w", err)
	}
	return nil
}

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"wakong/internal/config"
	"wakong/internal/pipeline"
)

// predictOptions are the flags of "pipeline predict".
type predictOptions struct {
	input, inputFormat string
	output, format     string
	encoding           string
	top                int
	model              modelOptions
}

// AddFlags puts the flags into a command.
func (o *predictOptions) AddFlags(cmd *cobra.Command) {
	d := config.Default().Predict
	f := cmd.Flags()
	f.StringVarP(&o.input, "input", "i", "", "questions: a `file`, or - for the standard input (default: predict.input)")
	f.StringVar(&o.inputFormat, "input-format", d.InputFormat, "auto (by the file's name), cmrc2017, pdcft, jsonl or text")
	f.StringVar(&o.encoding, "encoding", "", "encoding of the questions (default UTF-8)")
	f.StringVarP(&o.output, "output", "o", "-", "answers: a `file`, or - for the standard output")
	f.StringVar(&o.format, "format", d.Format, "contest (\"<qid_1> ||| word\") or jsonl (with probabilities)")
	f.IntVar(&o.top, "top", d.Top, "number of words in jsonl")
	o.model.AddFlags(cmd)
	cmd.MarkFlagFilename("input")
	cmd.MarkFlagFilename("output")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"contest", "jsonl"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("input-format", cobra.FixedCompletions([]string{"auto", "cmrc2017", "pdcft", "jsonl", "text"}, cobra.ShellCompDirectiveNoFileComp))
}

func newPredictCommand(a *app) *cobra.Command {
	var o predictOptions
	cmd := &cobra.Command{
		Use:   "predict",
		Short: "Answer questions with the trained network",
		Long: `Answers the questions of --input, or of predict.input in the configuration, with
the network that the workspace's lock names, or with --model that of a folder which
"pipeline export" wrote: then no workspace is needed, and a configuration is read only
where -c names one. Reads no source of text and trains nothing; where there is no
network yet, says so.

Questions may stand in these formats, which --input-format auto tells apart by the
file's name (.doc_query: cmrc2017; .jsonl, .ndjson, .json: jsonl; .txt, .md: text)
and for other names and the standard input by the first line:

  cmrc2017  lines "1 ||| words with XXXXX in one place", then "<qid_1> ||| query"
  pdcft     lines "1 ||| words", then "1 ||| query with XXXXX ||| answer"
  jsonl     {"id":"1","passage":"... XXXXX ..."}, segmented or not
  text      passages separated by empty lines, each with one XXXXX, segmented or not

Flags override the predict section of the configuration.`,
		Example: `  pipeline predict --input valid.doc_query --output predictions
  pipeline predict -i questions.jsonl --format jsonl --top 3
  pipeline predict --model exported -i questions.jsonl
  echo '从前有一只XXXXX住在山里。这只狐狸很聪明。' | pipeline predict -i - --input-format text`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			choice, err := o.model.choice(cmd)
			if err != nil {
				return err
			}
			return runPredict(cmd.Context(), a, o, choice, cmd.Flags().Changed)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runPredict(ctx context.Context, a *app, o predictOptions, choice pipeline.ModelChoice, given func(flag string) bool) error {
	// Only these sections are read: the sources that the others name need
	// not be there any more.
	var without []string
	if given("input") {
		without = []string{"predict.input"}
	}
	c, demonstration, err := a.modelConfig(o.model, without)
	if err != nil {
		return err
	}
	p := c.Predict.PredictParams
	if given("input") {
		if o.input == "" {
			return &usageError{err: fmt.Errorf("--input is empty, expected a file or -"), help: "pipeline predict"}
		}
		// The configuration's format and encoding describe its own input.
		p.Input, p.InputFormat, p.Encoding = config.NewPath(o.input, o.input), "auto", ""
		demonstration = false
	}
	for flag, set := range map[string]func(){
		"input-format": func() { p.InputFormat = o.inputFormat },
		"encoding":     func() { p.Encoding = o.encoding },
		"format":       func() { p.Format = o.format },
		"top":          func() { p.Top = o.top },
	} {
		if given(flag) {
			set()
		}
	}
	if err := p.Check(); err != nil {
		return &usageError{err: err, help: "pipeline predict"}
	}
	return pipeline.PredictWith(ctx, a.workspaceOptions(), pipeline.PredictOptions{
		Params: p, Config: c, Demonstration: demonstration,
		Stdin: a.in, Output: o.output, Model: choice,
	})
}

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wakong/internal/config"
	"wakong/internal/pipeline"
)

// averageOptions are the flags of "pipeline average".
type averageOptions struct {
	output, format string
	top            int
}

// AddFlags puts the flags into a command.
func (o *averageOptions) AddFlags(cmd *cobra.Command) {
	d := config.Default().Predict
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "-", "answers: a `file`, or - for the standard output")
	f.StringVar(&o.format, "format", d.Format, "contest (\"<qid_1> ||| word\") or jsonl (with probabilities)")
	f.IntVar(&o.top, "top", d.Top, "number of words in jsonl")
	cmd.MarkFlagFilename("output")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"contest", "jsonl"}, cobra.ShellCompDirectiveNoFileComp))
}

func newAverageCommand(a *app) *cobra.Command {
	var o averageOptions
	cmd := &cobra.Command{
		Use:   "average PREDICTIONS PREDICTIONS...",
		Short: "Answer with several trainings together",
		Long: `Averages what several networks have answered to the same questions: files of
"predict --format jsonl --top 10000", from trainings with other seeds, other
settings or another network. Each word gets the mean of its probabilities; a file
that does not name it gives it 0. The questions keep the first file's order.

An ensemble of k trainings costs k trainings and k predictions. Needs no
configuration and no workspace.`,
		Example: `  pipeline predict -w seed1 -i valid.doc_query --format jsonl --top 10000 -o 1.jsonl
  pipeline predict -w seed2 -i valid.doc_query --format jsonl --top 10000 -o 2.jsonl
  pipeline average 1.jsonl 2.jsonl --output predictions
  pipeline evaluate predictions valid.answer`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.format != "contest" && o.format != "jsonl" {
				return &usageError{err: fmt.Errorf("--format: found %q, expected contest or jsonl", o.format), help: cmd.CommandPath()}
			}
			if o.top < 1 {
				return &usageError{err: fmt.Errorf("--top: found %d, expected at least 1", o.top), help: cmd.CommandPath()}
			}
			return pipeline.Average(cmd.Context(), pipeline.AverageOptions{
				Files: args, Output: o.output, Format: o.format, Top: o.top, Reporter: a.reporter.Load(),
			})
		},
	}
	o.AddFlags(cmd)
	return cmd
}

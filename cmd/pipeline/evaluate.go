package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

// evaluateOptions are the flags of "pipeline evaluate".
type evaluateOptions struct{ json bool }

// AddFlags puts the flags into a command.
func (o *evaluateOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.json, "json", false, `an object {"questions","correct","accuracy"}`)
}

func newEvaluateCommand(a *app) *cobra.Command {
	var o evaluateOptions
	cmd := &cobra.Command{
		Use:   "evaluate PREDICTIONS ANSWERS",
		Short: "Compare predictions with the right answers",
		Long: `Compares two files of "<qid_1> ||| word" lines; PREDICTIONS may also be what
"predict --format jsonl" writes, of which the first word counts. Accuracy is the number of right
answers divided by the number of questions in ANSWERS, from 0 to 1. Words are
compared exactly after trimming. A missing or empty prediction is wrong; an id
that comes twice, or that ANSWERS does not have, is an error. Needs no
configuration and no workspace.`,
		Example: `  pipeline predict --input valid.doc_query --output predictions
  pipeline evaluate predictions valid.answer
  pipeline evaluate predictions valid.answer --json`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			return pipeline.Evaluate(args[0], args[1], o.json, a.reporter.Load())
		},
	}
	o.AddFlags(cmd)
	return cmd
}

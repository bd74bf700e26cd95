package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

// evaluateOptions are the flags of "pipeline evaluate".
type evaluateOptions struct {
	json      bool
	questions string
}

// AddFlags puts the flags into a command.
func (o *evaluateOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.json, "json", false, `an object {"questions","correct","accuracy"}, with --questions "breakdown" too`)
	cmd.Flags().StringVar(&o.questions, "questions", "", "file of the questions: print scores by what they are like")
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
that comes twice, or that ANSWERS does not have, is an error. With --questions
tables follow: accuracy by how often the answer stands in the passage, by its
length and part of speech, and by the passage's length. Needs no configuration
and no workspace.`,
		Example: `  pipeline predict --input valid.doc_query --output predictions
  pipeline evaluate predictions valid.answer
  pipeline evaluate predictions valid.answer --json
  pipeline evaluate predictions valid.answer --questions valid.doc_query`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return pipeline.Evaluate(cmd.Context(), pipeline.EvaluateOptions{
				Predictions: args[0], Answers: args[1], Questions: o.questions, JSON: o.json, Reporter: a.reporter.Load(),
			})
		},
	}
	o.AddFlags(cmd)
	return cmd
}

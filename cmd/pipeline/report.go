package main

import (
	"context"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newReportCommand(a *app) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "report [WORKSPACE...]",
		Short: "A page about the corpus, the vectors, the trainings and the answers",
		Long: `Writes one HTML file about the workspace: the stages with their state, sizes and
times; the corpus, and what cleaning removed; a map of the words and their
neighbours; loss, accuracy and speed of every training in the cache, one over the
other; how the validation questions were answered, with right and wrong passages
shaded by what the network chose. What the workspace does not hold is left out.

Further workspaces, named as arguments, have their trainings drawn beside. The file
loads nothing and runs no script; it follows the reader's dark or light screen. No
stage is run: only the network answers the validation questions once more. The same
workspace gives the same bytes.`,
		Example: `  pipeline report
  pipeline report -w work --output tales.html
  pipeline report -w new older/ oldest/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReport(cmd.Context(), a, pipeline.ReportOptions{Others: args, Output: output})
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "report.html", "page: a `file`, or - for the standard output")
	cmd.MarkFlagFilename("output", "html")
	return cmd
}

func runReport(ctx context.Context, a *app, o pipeline.ReportOptions) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	return p.Report(ctx, o)
}

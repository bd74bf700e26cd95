package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newCurveCommand(a *app) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "curve [METRICS...]",
		Short: "Draw the learning curve",
		Long: `Draws validation accuracy and loss over the words trained on, as SVG: of the
workspace's network, or of files that the stage train has written (metrics.jsonl),
one over the other. The same metrics give the same bytes.`,
		Example: `  pipeline curve --output curve.svg
  pipeline curve one/cache/train/*/metrics.jsonl other/cache/train/*/metrics.jsonl -o both.svg`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return pipeline.Curve(cmd.Context(), a.workspaceOptions(), args, output)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "curve.svg", "picture: a `file`, or - for the standard output")
	cmd.MarkFlagFilename("output", "svg")
	return cmd
}

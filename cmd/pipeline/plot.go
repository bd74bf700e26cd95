package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newPlotCommand(a *app) *cobra.Command {
	var o vectorOptions
	var words int
	var output string
	cmd := &cobra.Command{
		Use:   "plot",
		Short: "Draw the most frequent words in the plane",
		Long: `Draws the first words of the vectors, the most frequent ones, on the first two
principal components of their vectors, as SVG. Words are text in a font of whoever
looks at the picture, so that Chinese is legible wherever there is a Chinese font.
Where labels would cover each other, the more frequent word has its label and the
other's is moved or left out; its point stays. The same vectors give the same
bytes.

` + vectorsHelp,
		Example: `  pipeline plot --output words.svg
  pipeline plot --words 1000 --vectors published.bin --limit 1000 -o words.svg`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return pipeline.Plot(cmd.Context(), a.workspaceOptions(), o.VectorOptions, words, output)
		},
	}
	o.AddFlags(cmd, "")
	cmd.Flags().IntVar(&words, "words", 300, "number of words")
	cmd.Flags().StringVarP(&output, "output", "o", "words.svg", "picture: a `file`, or - for the standard output")
	cmd.MarkFlagFilename("output", "svg")
	return cmd
}

package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newNeighborsCommand(a *app) *cobra.Command {
	var o vectorOptions
	var top int
	cmd := &cobra.Command{
		Use:   "neighbors WORD...",
		Short: "The words nearest to a word",
		Long: `Prints, for each word, the words whose vectors have the largest cosine with its
own, nearest first. A word without a vector is an error that names words like it.

` + vectorsHelp,
		Example: `  pipeline neighbors 狐狸 --top 5
  pipeline neighbors 狐狸 灯笼 --json
  pipeline neighbors 狐狸 --vectors published.txt.gz --limit 200000`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return pipeline.Neighbors(cmd.Context(), a.workspaceOptions(), o.VectorOptions, args, top)
		},
	}
	o.AddFlags(cmd, `a list of {"word","neighbors":[{"word","similarity"}]}`)
	cmd.Flags().IntVar(&top, "top", 10, "number of neighbours")
	return cmd
}

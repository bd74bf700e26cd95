package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newSimilarityCommand(a *app) *cobra.Command {
	var o vectorOptions
	cmd := &cobra.Command{
		Use:   "similarity FILE",
		Short: "Compare cosines with people's judgements",
		Long: `Prints the rank correlation (Spearman, equal values sharing their mean rank) of
the cosines of pairs of words with people's judgements, and how many pairs are
covered: those both of whose words have vectors. Only they count.

FILE has a pair a line, two words and a number, separated by tabs or by spaces;
what follows is left out. So do wordsim-240, wordsim-297, COS960 and WordSim-353.

` + vectorsHelp,
		Example: `  pipeline similarity wordsim/240.txt
  pipeline similarity cos960/COS960_all.txt --json
  pipeline similarity wordsim/297.txt --vectors published.vec.zst --limit 300000`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return pipeline.Similarity(cmd.Context(), a.workspaceOptions(), o.VectorOptions, args[0])
		},
	}
	o.AddFlags(cmd, `an object {"pairs","covered","coverage","spearman"}`)
	return cmd
}

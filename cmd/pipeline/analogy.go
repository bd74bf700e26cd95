package main

import (
	"errors"
	"runtime"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newAnalogyCommand(a *app) *cobra.Command {
	var o vectorOptions
	var top int
	var file string
	cmd := &cobra.Command{
		Use:   "analogy A B C | --file FILE",
		Short: "What stands to C as B stands to A",
		Long: `Prints the words D for which "A is to B as C is to D" holds best: those whose
vectors have the largest cosine with B - A + C, each scaled to length 1 (3CosAdd).
A, B and C themselves are left out. A word without a vector is an error that names
words like it.

With --file, solves a set of analogies: four words a line, sections begin with
": NAME" (the layout of word2vec's questions-words.txt, CA-translated and CA8).
Questions with a word without a vector are not covered; accuracy is the share of
the covered ones whose best answer is the fourth word.

` + vectorsHelp,
		Example: `  pipeline analogy 男人 女人 国王
  pipeline analogy --file ca8/semantic.txt
  pipeline analogy --file ca8/semantic.txt --vectors published.bin --limit 100000 --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("file") {
				if len(args) > 0 || file == "" {
					return errors.New("--file FILE takes the place of the three words")
				}
				return nil
			}
			return cobra.ExactArgs(3)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if file != "" {
				return pipeline.AnalogyFile(cmd.Context(), a.workspaceOptions(), o.VectorOptions, file, runtime.GOMAXPROCS(0))
			}
			return pipeline.Analogy(cmd.Context(), a.workspaceOptions(), o.VectorOptions, args[0], args[1], args[2], top)
		},
	}
	o.AddFlags(cmd, `{"a","b","c","answers":[{"word","similarity"}]}; with --file a list of {"section","questions","covered","correct","accuracy"}`)
	cmd.Flags().IntVar(&top, "top", 5, "number of answers")
	cmd.Flags().StringVar(&file, "file", "", "solve the analogies of a `file`")
	cmd.MarkFlagFilename("file")
	return cmd
}

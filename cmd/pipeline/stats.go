package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wakong/corpus"
	"wakong/internal/pipeline"
)

var statsFrom = []string{"text", "jsonl", "documents", "warc", "cmrc2017", "pdcft", "parquet"}

func newStatsCommand(a *app) *cobra.Command {
	var o pipeline.StatsOptions
	cmd := &cobra.Command{
		Use:   "stats [FILE...]",
		Short: "A corpus at a glance: sizes, lengths, growth of the vocabulary, frequencies",
		Long: `Shows how many documents, sentences, words and characters a corpus has, how long
they are, how its vocabulary grows with the text (with Heaps' law fitted) and how
often words of each rank occur (with Zipf's): of the workspace's segmented text, or of
files, patterns and folders of any format that convert reads. What is not segmented
yet is cleaned and segmented for it; copies are counted.

--plots writes growth.svg, frequencies.svg and lengths.svg into a folder. The same
text gives the same bytes. No stage is run.`,
		Example: `  pipeline stats
  pipeline stats stories/ --plots pictures
  pipeline stats "crawls/*.jsonl.zst" --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Inputs = args
			if err := checkStats(o); err != nil {
				return &usageError{err: err, help: cmd.CommandPath()}
			}
			return pipeline.Stats(cmd.Context(), a.workspaceOptions(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "format of the files: "+strings.Join(statsFrom, ", "))
	f.StringVar(&o.Field, "field", "", `member of a JSON object that holds the text (default "text")`)
	f.StringVar(&o.Encoding, "encoding", "", "of the files (gb18030, big5, auto, ...); UTF-8 where not given")
	f.BoolVar(&o.JSON, "json", false, "one JSON object in place of tables")
	f.StringVar(&o.Plots, "plots", "", "`folder` that plots are written to")
	cmd.MarkFlagDirname("plots")
	cmd.RegisterFlagCompletionFunc("from", cobra.FixedCompletions(statsFrom, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func checkStats(o pipeline.StatsOptions) error {
	if o.From != "" && !slices.Contains(statsFrom, o.From) {
		return fmt.Errorf("--from: found %q, expected one of %s", o.From, strings.Join(statsFrom, ", "))
	}
	if err := corpus.CheckEncoding(o.Encoding); err != nil {
		return fmt.Errorf("--encoding: %w", err)
	}
	if len(o.Inputs) == 0 && (o.From != "" || o.Field != "" || o.Encoding != "") {
		return fmt.Errorf("--from, --field and --encoding are for files; none is named")
	}
	return nil
}

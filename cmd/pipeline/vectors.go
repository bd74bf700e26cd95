package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

// vectorOptions are the flags of the commands that look at word vectors.
type vectorOptions struct{ pipeline.VectorOptions }

// AddFlags puts the flags into a command.
func (o *vectorOptions) AddFlags(cmd *cobra.Command, json string) {
	f := cmd.Flags()
	f.StringVar(&o.File, "vectors", "", "`file` of vectors, its format by its extension (default: those of the workspace)")
	f.IntVar(&o.Limit, "limit", 0, "read the first `N` words only; 0: all")
	if json != "" {
		f.BoolVar(&o.JSON, "json", false, json)
	}
	cmd.MarkFlagFilename("vectors")
}

const vectorsHelp = `The vectors are those that the workspace's lock names, or a file: .bin is
word2vec's binary form, .npy a matrix with its words beside it in NAME.vocab.tsv,
everything else text (word2vec, fastText .vec, GloVe); .gz or .zst behind it says
that it is compressed. Of large files --limit reads the frequent words, which come
first, in time and memory that go by the limit.`

package main

import "github.com/spf13/cobra"

func newEmbedCommand(a *app) *cobra.Command {
	return stageCommand(a, "embed", "Train word vectors on the sentences",
		`Counts the words of the sentences and trains skip-gram vectors with negative
sampling. The stage's folder holds vocab.tsv (word, count), vectors.bin (word2vec
binary format), metrics.jsonl (the loss) and, with embed.text, vectors.txt. Runs the
stages before it where they are not up to date.

embed.engine chooses the trainer: skipgram is this project's own; wego is the
library of that name, with limits: negatives are drawn uniformly, frequent words
are hardly thinned out, sentence boundaries are ignored, and no two trainings give the
same vectors.

embed.init names vectors to begin with in place of random ones: those of an earlier
training, to go on with more text, or published ones (docs/vectors.md).

embed.deterministic: false lets the threads of skipgram train sentences of their own
and race for updates. It costs reproducibility: with more than one thread no two
trainings give the same vectors, report.json says "reproducible": false, and a
killed training goes on from its checkpoint, but not to the same bytes.`,
		`  pipeline embed
  pipeline embed -c tales.yaml --log-format json 2>events.jsonl`)
}

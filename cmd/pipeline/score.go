package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wakong/corpus"
	"wakong/internal/pipeline"
)

// scoreOptions are the flags of "pipeline score".
type scoreOptions struct{ pipeline.ScoreOptions }

// AddFlags puts the flags into a command.
func (o *scoreOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.Segmenter, "segmenter", "", "cut the text of GOLD with this segmenter: jieba, or a file segmenter.bin of the stage segment")
	f.BoolVar(&o.HMM, "hmm", false, "let jieba guess words that its dictionary lacks")
	f.StringVar(&o.UserDictionary, "user-dictionary", "", "file of further words for jieba")
	f.StringVar(&o.TrainingWords, "words", "", "file of the words of the training data, for the recall of all others")
	f.StringVar(&o.Encoding, "encoding", "", "of all files (gb18030, big5, auto, ...); UTF-8 where not given")
	f.BoolVar(&o.JSON, "json", false, `an object {"sentences","gold","found","right","precision","recall","f1"}`)
}

func newScoreCommand(a *app) *cobra.Command {
	var o scoreOptions
	cmd := &cobra.Command{
		Use:   "score GOLD [SEGMENTED]",
		Short: "Compare a segmentation with a gold standard",
		Long: `Compares segmented text with a gold standard, both in the format of the SIGHAN
bakeoffs: a sentence a line, words separated by white space. A word is right where
the gold standard has one from the same character to the same character. Prints
precision (right of those found), recall (right of the gold standard's) and their
harmonic mean F1, from 0 to 1; with --words also the share and the recall of the
words that the list lacks.

SEGMENTED must hold the sentences of GOLD in their order. Without it --segmenter
cuts them itself; with a file segmenter.bin, --hmm and --user-dictionary have to
be as its workspace has them. Needs no configuration and no workspace.`,
		Example: `  pipeline score pku_test_gold.utf8 --segmenter jieba
  pipeline score pku_test_gold.utf8 output.utf8 --words pku_training_words.utf8
  pipeline score gold.segmented --segmenter model/segmenter.bin
  pipeline score as_testing_gold.txt --segmenter jieba --hmm --encoding big5 --json`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Gold = args[0]
			if len(args) == 2 {
				o.Segmented = args[1]
			}
			if err := o.check(); err != nil {
				return &usageError{err: err, help: cmd.CommandPath()}
			}
			return pipeline.Score(cmd.Context(), o.ScoreOptions, a.reporter.Load())
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func (o *scoreOptions) check() error {
	switch {
	case o.Segmented == "" && o.Segmenter == "":
		return fmt.Errorf("found nothing to compare with the gold standard, expected SEGMENTED or --segmenter")
	case o.Segmented != "" && o.Segmenter != "":
		return fmt.Errorf("found SEGMENTED and --segmenter, expected one of them")
	case o.Segmenter == "" && (o.HMM || o.UserDictionary != ""):
		return fmt.Errorf("--hmm and --user-dictionary belong to --segmenter")
	}
	if err := corpus.CheckEncoding(o.Encoding); err != nil {
		return fmt.Errorf("--encoding: %w", err)
	}
	return nil
}

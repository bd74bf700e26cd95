// Vectorquality holds the vectors of package embed against gensim's, trained on
// the same text with the same parameters:
//
//	vectorquality -sentences FILE [-seeds N] [-trainers LIST] [FILE of judged pairs]...
//
// It trains each trainer with the seeds 1 to N and prints two tables. Overlap:
// the mean share of the ten nearest words that two trainings have in common, for
// the 1,000 most frequent nouns. Correlation: Spearman's, of cosines with
// people's judgements, over the pairs both of whose words have vectors. It fails
// (exit 1) where the first trainer has less in common with gensim than gensim
// with itself under other seeds, less 0.02, or correlates by more than 0.01 less
// than gensim, mean over the seeds. Python with gensim is needed; where there is
// none the exit code is 3.
//
// With -keep, a run that was stopped goes on where it was, and trainings that
// were finished are not done again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"wakong/embed"
)

// The margins by which ours may stay behind.
const (
	overlapMargin     = 0.02
	correlationMargin = 0.01
)

// errNoGensim is told apart by the exit code.
var errNoGensim = errors.New("no gensim")

// options are those of the command.
type options struct {
	sentences string
	judged    []string
	trainers  []string
	seeds     int
	nouns     int
	top       int
	threads   int
	epochs    int
	workers   int
	python    string
	keep      string
}

func main() {
	var o options
	flag.StringVar(&o.sentences, "sentences", "", "the text: a `file` of sentences of words, one a line")
	list := flag.String("trainers", "default,gensim", "what to train, the first one is judged: default, asynchronous, wego (of this project), gensim")
	flag.IntVar(&o.seeds, "seeds", 3, "trainings of each, at least 2")
	flag.IntVar(&o.nouns, "nouns", 1000, "the most frequent nouns whose neighbours are compared")
	flag.IntVar(&o.top, "top", 10, "neighbours of each noun")
	flag.IntVar(&o.threads, "threads", 2, "threads of this project's trainings")
	flag.IntVar(&o.epochs, "epochs", embed.DefaultParams().Epochs, "epochs of all trainings")
	flag.IntVar(&o.workers, "workers", 1, "gensim's worker threads: one reads the text in its order, as ours do, and is reproducible; several read parts of it side by side, which alone gives other neighbours")
	flag.StringVar(&o.python, "python", "/usr/bin/python3", "a Python that has gensim")
	flag.StringVar(&o.keep, "keep", "", "a `folder` for vectors and checkpoints; vectors that it has of the same text and parameters are not trained again")
	flag.Parse()
	o.judged, o.trainers = flag.Args(), strings.Split(*list, ",")
	if o.sentences == "" || o.seeds < 2 || o.nouns < 1 || o.top < 1 || o.epochs < 1 || o.threads < 1 || o.workers < 1 {
		fmt.Fprintln(os.Stderr, "vectorquality: -sentences must be given, -seeds must be 2 or more, and all other numbers 1 or more")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	behind, err := run(ctx, os.Stdout, os.Stderr, o)
	switch {
	case errors.Is(err, errNoGensim):
		fmt.Fprintln(os.Stderr, "vectorquality:", err)
		os.Exit(3)
	case err != nil:
		fmt.Fprintln(os.Stderr, "vectorquality:", err)
		os.Exit(1)
	case len(behind) > 0:
		fmt.Println("\nBehind gensim:\n  " + strings.Join(behind, "\n  "))
		os.Exit(1)
	case slices.Contains(o.trainers[1:], "gensim"):
		fmt.Println("\nNot behind gensim by more than the margins.")
	}
}

// run trains, prints, and tells where the first trainer stays behind gensim.
func run(ctx context.Context, w, log io.Writer, o options) (behind []string, err error) {
	judgements, err := readJudgements(o.judged)
	if err != nil {
		return nil, err
	}
	t, err := newTrainings(ctx, log, o)
	if err != nil {
		return nil, err
	}
	defer t.close()
	nouns, err := frequentNouns(t.vocabulary, o.nouns)
	if err != nil {
		return nil, err
	}
	if len(nouns) == 0 {
		return nil, fmt.Errorf("%s: none of the %d words is a noun in jieba's dictionary", o.sentences, t.vocabulary.Len()-1)
	}
	if err := cover(judgements, t.vocabulary); err != nil {
		return nil, err
	}
	var all []result
	for _, name := range o.trainers {
		r := result{trainer: name, spearman: make([][]float64, len(judgements))}
		for seed := 1; seed <= o.seeds; seed++ {
			if err := r.add(ctx, t, seed, nouns, judgements); err != nil {
				return nil, fmt.Errorf("%s, seed %d: %w", name, seed, err)
			}
		}
		all = append(all, r)
	}
	fmt.Fprintf(w, "%d words of the text that the vocabulary knows, %d in the vocabulary, %d nouns\n", t.vocabulary.Total(), t.vocabulary.Len()-1, len(nouns))
	printOverlaps(w, all)
	printCorrelations(w, all, judgements)
	return shortfalls(all, judgements), nil
}

// add trains with one more seed and keeps what is compared.
func (r *result) add(ctx context.Context, t *trainings, seed int, nouns []string, all []judgements) error {
	v, err := t.train(ctx, r.trainer, seed)
	if err != nil {
		return err
	}
	near, err := nearest(v, nouns, t.o.top)
	if err != nil {
		return err
	}
	r.near = append(r.near, near)
	for i, j := range all {
		r.spearman[i] = append(r.spearman[i], v.ScorePairs(j.pairs).Spearman)
	}
	return nil
}

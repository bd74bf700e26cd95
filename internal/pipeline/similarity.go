package pipeline

import (
	"context"
	"io"
	"math"

	"wakong/embed"
)

// Similarity prints how well cosines agree with the judgements of a file.
func Similarity(ctx context.Context, o WorkspaceOptions, vo VectorOptions, file string) error {
	pairs, err := readJudgements(ctx, file, embed.ReadPairs)
	if err != nil {
		return err
	}
	v, err := openVectors(ctx, o, vo)
	if err != nil {
		return err
	}
	s := v.ScorePairs(pairs)
	coverage := float64(s.Covered) / float64(s.Pairs)
	defined := !math.IsNaN(s.Spearman)
	if vo.JSON {
		out := struct {
			Pairs    int      `json:"pairs"`
			Covered  int      `json:"covered"`
			Coverage float64  `json:"coverage"`
			Spearman *float64 `json:"spearman"` // null where it is not defined
		}{s.Pairs, s.Covered, coverage, nil}
		if defined {
			out.Spearman = &s.Spearman
		}
		return o.printJSON(out)
	}
	if !defined {
		o.Reporter.Printf("Spearman not defined: %d of %d pairs covered (%.1f %%)\n", s.Covered, s.Pairs, 100*coverage)
		return nil
	}
	o.Reporter.Printf("Spearman %.4f over %d of %d pairs (%.1f %%)\n", s.Spearman, s.Covered, s.Pairs, 100*coverage)
	return nil
}

// readJudgements reads a file that a user has named.
func readJudgements[T any](ctx context.Context, file string, read func(io.Reader, string) (T, error)) (out T, err error) {
	err = openFile(ctx, file, func(in io.Reader) error {
		out, err = read(in, file)
		return err
	})
	return out, err
}

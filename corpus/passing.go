package corpus

import (
	"context"
	"iter"
)

// passOver hands on what a reader yields, counted in the report; faults that
// onError says to pass over are counted and listed instead. It is false when the
// iteration is over, by an error or because nothing more is wanted.
func passOver[T any](ctx context.Context, items iter.Seq2[T, error], onError string, report *SourceReport, yield func(T, error) bool) bool {
	var none T
	for item, err := range items {
		if err == nil {
			err = ctx.Err()
		}
		switch {
		case err == nil:
			report.Samples++
			report.Documents++
			if !yield(item, nil) {
				return false
			}
		case skippable(onError, err):
			report.skip(err)
		default:
			yield(none, err)
			return false
		}
	}
	return true
}

package pipeline

import (
	"bytes"
	"context"
	"fmt"

	"wakong/internal/wordplot"
)

// Bounds of the number of words in a plot: a plane needs three, and more than
// this nobody can look at.
const (
	leastPlotted = 3
	mostPlotted  = 20000
)

// Plot draws the words that come first in the vectors, the most frequent ones,
// in the plane of their first two principal components, as SVG.
func Plot(ctx context.Context, o WorkspaceOptions, vo VectorOptions, words int, output string) error {
	if words < leastPlotted || words > mostPlotted {
		return fmt.Errorf("%w: --words: found %d, expected %d to %d", ErrUsage, words, leastPlotted, mostPlotted)
	}
	v, err := openVectors(ctx, o, vo)
	if err != nil {
		return err
	}
	ids := make([]int32, min(words, v.Vocabulary.Len()-1))
	for i := range ids {
		ids[i] = int32(i + 1)
	}
	places, share, err := v.Project(ids)
	if err != nil {
		return err
	}
	points := make([]wordplot.Point, len(ids))
	for i, id := range ids {
		points[i] = wordplot.Point{Word: v.Vocabulary.Word(id), X: places[i][0], Y: places[i][1]}
	}
	var picture bytes.Buffer
	labeled, err := wordplot.Write(&picture, points, wordplot.Options{
		Title: fmt.Sprintf("%d words on two principal components (%.0f %% of the variance)", len(ids), 100*share),
		Width: 1200, Height: 900,
	})
	if err != nil {
		return err
	}
	if output == standardStream {
		_, err := o.Reporter.Out().Write(picture.Bytes())
		return err
	}
	if err := WriteFile(ctx, output, picture.Bytes()); err != nil {
		return err
	}
	o.Reporter.Info("", "wrote %s: %d words, %d with a label that has room", output, len(ids), labeled)
	return nil
}

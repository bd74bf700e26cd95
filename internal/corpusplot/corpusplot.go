// Package corpusplot draws what a corpus is like: how its vocabulary grows, how
// often words of each rank occur, and how long documents, sentences and words are.
package corpusplot

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"wakong/corpus"
)

const (
	width  = 16 * vg.Centimeter
	height = 11 * vg.Centimeter
)

var (
	measured = color.RGBA{R: 0x1F, G: 0x5F, B: 0xA8, A: 255}
	fitted   = color.RGBA{R: 0xC4, G: 0x4E, B: 0x1A, A: 255}
)

// Growth draws the vocabulary over the words of the corpus, with Heaps' law. The
// same summary gives the same bytes.
func Growth(w io.Writer, s corpus.StatisticsSummary) error {
	var points plotter.XYs
	for _, p := range s.Growth.Points {
		points = append(points, plotter.XY{X: float64(p.Words), Y: float64(p.Vocabulary)})
	}
	law := ""
	if s.Growth.K > 0 {
		law = fmt.Sprintf("%.3g n^%.3f", s.Growth.K, s.Growth.Beta)
	}
	return write(w, "words, n", "different words", points, law, func(n float64) float64 {
		return s.Growth.K * math.Pow(n, s.Growth.Beta)
	})
}

// Frequencies draws how often the word of each rank occurs, with Zipf's law.
func Frequencies(w io.Writer, s corpus.StatisticsSummary) error {
	var points plotter.XYs
	for _, p := range s.Frequency.Points {
		points = append(points, plotter.XY{X: float64(p.Rank), Y: float64(p.Count)})
	}
	law := ""
	if s.Frequency.C > 0 {
		law = fmt.Sprintf("%.3g r^-%.3f", s.Frequency.C, s.Frequency.Exponent)
	}
	return write(w, "rank, r", "occurrences", points, law, func(r float64) float64 {
		return s.Frequency.C * math.Pow(r, -s.Frequency.Exponent)
	})
}

// write draws points and a law, if it has a name, on logarithmic scales.
func write(w io.Writer, x, y string, points plotter.XYs, name string, law func(float64) float64) error {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	p.Add(plotter.NewGrid())
	// An axis from a value to itself has no scale.
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 1, 10, 1, 10
	if len(points) > 0 {
		dots, err := plotter.NewScatter(points)
		if err != nil {
			return fmt.Errorf("corpusplot: %w", err)
		}
		dots.GlyphStyle = draw.GlyphStyle{Color: measured, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}
		p.Add(dots)
		p.Legend.Add("measured", dots)
	}
	if name != "" {
		line, err := plotter.NewLine(plotter.XYs{
			{X: points[0].X, Y: law(points[0].X)},
			{X: points[len(points)-1].X, Y: law(points[len(points)-1].X)},
		})
		if err != nil {
			return fmt.Errorf("corpusplot: %w", err)
		}
		line.Color = fitted
		p.Add(line)
		p.Legend.Add(name, line)
	}
	p.Legend.Left, p.Legend.Top = true, y != "occurrences"
	p.Y.Min = min(p.Y.Min, 1)
	if p.Y.Min <= 0 || math.IsNaN(p.Y.Min) {
		p.Y.Min = 0.1
	}
	return save(w, [][]*plot.Plot{{p}}, height)
}

// Lengths draws the histograms of lengths below one another.
func Lengths(w io.Writer, s corpus.StatisticsSummary) error {
	var rows [][]*plot.Plot
	for _, l := range s.Lengths {
		p := plot.New()
		p.X.Label.Text = fmt.Sprintf("%s in a %s", l.Unit, l.Of[:len(l.Of)-1])
		p.Y.Label.Text = l.Of
		p.Add(plotter.NewGrid())
		p.Y.Min = 0
		if n := len(l.Groups); n > 0 {
			// The last hundredth is left out where it reaches far beyond the rest.
			shown := l.Groups
			if wide := shown[n-1]; n > 1 && wide.To-wide.From > shown[0].To-shown[0].From {
				shown = shown[:n-1]
			}
			bins := make([]plotter.HistogramBin, len(shown))
			for i, g := range shown {
				bins[i] = plotter.HistogramBin{Min: float64(g.From) - 0.5, Max: float64(g.To) + 0.5, Weight: float64(g.Count)}
			}
			h := &plotter.Histogram{Bins: bins, Width: bins[0].Max - bins[0].Min, FillColor: measured, LineStyle: draw.LineStyle{Color: color.White, Width: vg.Points(0.5)}}
			p.Add(h)
		}
		rows = append(rows, []*plot.Plot{p})
	}
	return save(w, rows, vg.Length(len(rows))*6*vg.Centimeter)
}

func save(w io.Writer, rows [][]*plot.Plot, height vg.Length) error {
	canvas := vgsvg.New(width, height)
	tiles := draw.Tiles{Rows: len(rows), Cols: 1, PadY: 4 * vg.Millimeter, PadTop: 3 * vg.Millimeter, PadRight: 6 * vg.Millimeter, PadBottom: 2 * vg.Millimeter, PadLeft: 2 * vg.Millimeter}
	for i, row := range plot.Align(rows, tiles, draw.New(canvas)) {
		rows[i][0].Draw(row[0])
	}
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("corpusplot: %w", err)
	}
	return nil
}

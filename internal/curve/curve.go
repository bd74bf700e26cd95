// Package curve draws how accuracy and loss change as a network is trained.
package curve

import (
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"wakong/model"
)

// A Run is the metrics of one training.
type Run struct {
	Name    string
	Metrics []model.Metric
}

const (
	width  = 18 * vg.Centimeter
	height = 16 * vg.Centimeter
)

// Write draws the runs over one another as SVG: validation accuracy above,
// loss below, over the words trained on; where the loss of the validation questions
// was measured, it stands there dashed. A run of which no accuracy is above 0, as without
// validation questions, has none; if that is all, the loss stands alone. The same runs
// give the same bytes.
func Write(w io.Writer, runs []Run) error {
	accuracy, err := lines(runs, "validation accuracy, %", Run.measured, func(m model.Metric) float64 { return 100 * m.Accuracy })
	if err != nil {
		return err
	}
	loss, err := lines(runs, "loss", func(Run) bool { return true }, func(m model.Metric) float64 { return m.Loss })
	if err != nil {
		return err
	}
	if err := validationLines(loss, runs); err != nil {
		return err
	}
	loss.X.Label.Text = "million words trained on"
	plots := []*plot.Plot{accuracy, loss}
	if !slices.ContainsFunc(runs, Run.measured) {
		plots = plots[1:]
	}
	canvas := vgsvg.New(width, height*vg.Length(len(plots))/2)
	tiles := draw.Tiles{Rows: len(plots), Cols: 1, PadY: vg.Millimeter * 4, PadTop: vg.Millimeter * 2, PadRight: vg.Millimeter * 4, PadBottom: vg.Millimeter * 2, PadLeft: vg.Millimeter * 2}
	page := draw.New(canvas)
	var rows [][]*plot.Plot
	for _, p := range plots {
		rows = append(rows, []*plot.Plot{p})
	}
	for row, tile := range plot.Align(rows, tiles, page) {
		plots[row].Draw(tile[0])
	}
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("curve: %w", err)
	}
	return nil
}

// measured tells whether any accuracy is above 0.
func (r Run) measured() bool {
	return slices.ContainsFunc(r.Metrics, func(m model.Metric) bool { return m.Accuracy > 0 })
}

// points are a value over the words trained on, where it is a number.
func (r Run) points(value func(model.Metric) float64) plotter.XYs {
	points := make(plotter.XYs, 0, len(r.Metrics))
	for _, m := range r.Metrics {
		if v := value(m); !math.IsNaN(v) && !math.IsInf(v, 0) {
			points = append(points, plotter.XY{X: float64(m.Words) / 1e6, Y: v})
		}
	}
	return points
}

// lines draws a value of the metrics of each run that has it.
func lines(runs []Run, label string, has func(Run) bool, value func(model.Metric) float64) (*plot.Plot, error) {
	p := plot.New()
	p.Y.Label.Text = label
	p.Add(plotter.NewGrid())
	for i, run := range runs {
		if !has(run) {
			continue
		}
		points := run.points(value)
		if len(points) == 0 {
			return nil, fmt.Errorf("curve: %s has no validations to draw", run.Name)
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, fmt.Errorf("curve: %s: %w", run.Name, err)
		}
		line.Color, dots.Color = plotutil.Color(i), plotutil.Color(i)
		dots.Radius = vg.Points(1.5)
		dots.Shape = draw.CircleGlyph{}
		p.Add(line, dots)
		if len(runs) > 1 {
			p.Legend.Add(run.Name, line)
		}
	}
	return p, nil
}

// validationLines adds the validation losses, dashed and in the runs' colours.
func validationLines(p *plot.Plot, runs []Run) error {
	for i, run := range runs {
		points := run.points(func(m model.Metric) float64 {
			if m.ValidationLoss == 0 {
				return math.NaN() // not measured
			}
			return m.ValidationLoss
		})
		if len(points) == 0 {
			continue
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return fmt.Errorf("curve: %s: %w", run.Name, err)
		}
		line.Color = plotutil.Color(i)
		line.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
		p.Add(line)
		name := "validation"
		if len(runs) > 1 {
			name = run.Name + ", validation"
		}
		p.Legend.Add(name, line)
		p.Legend.Top = true
	}
	return nil
}

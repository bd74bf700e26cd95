package report

import (
	"html/template"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"wakong/corpus"
)

// A curve is one line of a chart.
type curve struct {
	colour int
	points plotter.XYs
}

// lineChart draws curves over one another. Points that are no numbers are left
// out; without any point there is no chart.
func lineChart(about string, curves []curve) (template.HTML, error) {
	p := newChart()
	drawn := false
	for _, c := range curves {
		points := finite(c.points)
		if len(points) == 0 {
			continue
		}
		drawn = true
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return "", err
		}
		line.Color, line.Width = series(c.colour), vg.Points(1.8)
		dots.Color, dots.Radius, dots.Shape = series(c.colour), vg.Points(1.6), draw.CircleGlyph{}
		if len(points) == 1 {
			dots.Radius = vg.Points(3)
		}
		p.Add(line)
		if len(points) <= 60 {
			p.Add(dots)
		}
	}
	if !drawn {
		return "", nil
	}
	p.X.Min = 0
	widen(p)
	return svg(p, about)
}

// logChart draws a curve of positive values on two logarithmic axes.
func logChart(about string, points plotter.XYs) (template.HTML, error) {
	if len(points) < 2 {
		return "", nil
	}
	p := newChart()
	line, err := plotter.NewLine(points)
	if err != nil {
		return "", err
	}
	line.Color, line.Width = series(0), vg.Points(1.8)
	p.Add(line)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Scale, axis.Tick.Marker = plot.LogScale{}, powerTicks{}
	}
	if p.Y.Min == p.Y.Max {
		p.Y.Max *= 10
	}
	return svg(p, about)
}

// histogram draws counts of lengths. The last group, which may be wide, has a bar
// like the others.
func histogram(about string, groups []corpus.LengthGroup) (template.HTML, error) {
	if len(groups) == 0 {
		return "", nil
	}
	p := newChart()
	h := &plotter.Histogram{FillColor: series(0), LineStyle: draw.LineStyle{Color: series(0), Width: vg.Points(0.5)}}
	h.Width = float64(groups[0].To - groups[0].From + 1)
	shift := 0.0
	if h.Width == 1 {
		shift = 0.5 // the bar of 3 stands over the 3
	}
	for _, g := range groups {
		from := float64(g.From) - shift
		h.Bins = append(h.Bins, plotter.HistogramBin{Min: from, Max: from + h.Width, Weight: float64(g.Count)})
	}
	p.Add(h)
	p.Y.Min = 0
	p.X.Tick.Marker, p.Y.Tick.Marker = fewTicks{whole: true}, fewTicks{whole: true}
	return svg(p, about)
}

func finite(points plotter.XYs) (out plotter.XYs) {
	for _, xy := range points {
		if !math.IsNaN(xy.X+xy.Y) && !math.IsInf(xy.X, 0) && !math.IsInf(xy.Y, 0) {
			out = append(out, xy)
		}
	}
	return out
}

// widen gives axes without extent one.
func widen(p *plot.Plot) {
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		if axis.Max-axis.Min < 1e-9*math.Max(1, math.Abs(axis.Max)) {
			room := math.Max(0.1*math.Abs(axis.Max), 1e-3)
			axis.Min, axis.Max = axis.Min-room, axis.Max+room
		}
	}
}

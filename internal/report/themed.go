package report

import (
	"bytes"
	"fmt"
	"html/template"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The colours that charts are drawn with stand for variables of the page's style
// and are replaced by them: a picture cannot know whether the page is dark.
var (
	ink    = color.RGBA{R: 1, G: 2, B: 3, A: 255}
	grid   = color.RGBA{R: 4, G: 5, B: 6, A: 255}
	ground = color.RGBA{R: 7, G: 8, B: 9, A: 255}
)

// seriesColours is how many colours the style has for curves.
const seriesColours = 8

func series(i int) color.RGBA {
	return color.RGBA{R: 17, G: 18, B: uint8(32 + i%seriesColours), A: 255}
}

func themes() *strings.Replacer {
	hex := func(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
	pairs := []string{hex(ink), "var(--ink)", hex(grid), "var(--grid)", hex(ground), "none"}
	for i := range seriesColours {
		pairs = append(pairs, hex(series(i)), fmt.Sprintf("var(--series-%d)", i))
	}
	return strings.NewReplacer(pairs...)
}

const (
	chartWidth  = 360 * vg.Inch / 72
	chartHeight = 220 * vg.Inch / 72
)

// newChart is a plot in the page's colours.
func newChart() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = ground
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color, axis.Tick.Label.Color = ink, ink, ink
		axis.Tick.Label.Font = font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, 11)
		axis.Tick.Marker = fewTicks{}
		axis.Padding = 4
	}
	g := plotter.NewGrid()
	g.Vertical.Color, g.Horizontal.Color = grid, grid
	p.Add(g)
	return p
}

// svg draws a chart to stand within a page. about is what it shows, for those
// who do not see it.
func svg(p *plot.Plot, about string) (template.HTML, error) {
	canvas := vgsvg.New(chartWidth, chartHeight)
	p.Draw(draw.Crop(draw.New(canvas), 0, -12, 4, -8)) // room for the last tick's label
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return "", fmt.Errorf("report: drawing %s: %w", about, err)
	}
	text := out.String()
	start := strings.Index(text, "viewBox=")
	if start < 0 {
		return "", fmt.Errorf("report: drawing %s: the picture has no viewBox", about)
	}
	head := `<svg role="img" class="chart" aria-label="` + template.HTMLEscapeString(about) + `" `
	return template.HTML(head + themes().Replace(text[start:])), nil
}

// fewTicks are at most six round numbers, with whole set whole ones.
type fewTicks struct{ whole bool }

// Ticks implements plot.Ticker.
func (t fewTicks) Ticks(low, high float64) []plot.Tick {
	if !(high > low) {
		return []plot.Tick{{Value: low, Label: number(low)}}
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/5)))
	for _, f := range []float64{1, 2, 5, 10} {
		if (high-low)/(f*step) <= 6 {
			step *= f
			break
		}
	}
	if t.whole {
		step = max(1, step)
	}
	var ticks []plot.Tick
	for i := math.Ceil(low / step); i*step <= high*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: number(i * step)})
	}
	return ticks
}

// powerTicks are the powers of ten.
type powerTicks struct{}

// Ticks implements plot.Ticker.
func (powerTicks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for v := math.Pow(10, math.Floor(math.Log10(low))); v <= high*(1+1e-9); v *= 10 {
		if v >= low*(1-1e-9) {
			ticks = append(ticks, plot.Tick{Value: v, Label: number(v)})
		}
	}
	return ticks
}

// number is short and without an exponent.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1e9:
		return fmt.Sprintf("%.3gG", v/1e9)
	case a >= 1e6:
		return fmt.Sprintf("%.3gM", v/1e6)
	case a >= 1e4:
		return fmt.Sprintf("%.3gk", v/1e3)
	}
	return fmt.Sprintf("%.4g", v)
}

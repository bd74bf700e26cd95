// Package wordplot draws words at places in the plane as SVG. Labels are text,
// not outlines: they can be searched and copied, and whoever shows the picture
// has a font for them.
package wordplot

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
)

// A Point is a word and its place. Earlier points of a plot are more important:
// where two labels would cover each other, the later one is moved or left out.
type Point struct {
	Word string
	X, Y float64
}

// Options of a plot.
type Options struct {
	Title string
	// Width and Height of the picture in pixels.
	Width, Height float64
}

// fonts are asked for in this order: those of the systems that people have.
const fonts = `'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', 'Hiragino Sans GB', sans-serif`

const (
	margin   = 40.0
	fontSize = 13.0
	radius   = 2.2
)

// Write draws the plot. The same points give the same bytes.
func Write(w io.Writer, points []Point, o Options) (labeled int, err error) {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g" font-family="%s" font-size="%g">`+"\n",
		o.Width, o.Height, o.Width, o.Height, fonts, fontSize)
	fmt.Fprintf(out, `<rect width="%g" height="%g" fill="#ffffff"/>`+"\n", o.Width, o.Height)
	fmt.Fprintf(out, `<text x="%g" y="24" fill="#333333">%s</text>`+"\n", margin, escape(o.Title))
	places := fit(points, o)
	for _, p := range places {
		fmt.Fprintf(out, `<circle cx="%.1f" cy="%.1f" r="%g" fill="#3b6fb6" fill-opacity="0.55"/>`+"\n", p.X, p.Y, radius)
	}
	for _, l := range layout(places, o) {
		fmt.Fprintf(out, `<text x="%.1f" y="%.1f" fill="#1a1a1a">%s</text>`+"\n", l.left, l.bottom-0.25*fontSize, escape(l.word))
		labeled++
	}
	out.WriteString("</svg>\n")
	return labeled, out.Flush()
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

// fit brings the places into the picture, each axis stretched for itself: the
// plane has no scale that a reader could use. Outliers would press all others
// together, so that the middle 98 in a hundred fill the picture and what lies
// outside stands at its edge.
func fit(points []Point, o Options) []Point {
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		xs[i], ys[i] = p.X, -p.Y // upwards in the plane, downwards in the picture
	}
	scale(xs, margin, o.Width-2*margin)
	scale(ys, margin, o.Height-margin)
	fitted := make([]Point, len(points))
	for i, p := range points {
		// To the tenth of a pixel that is written: labels must not hang on less.
		fitted[i] = Point{p.Word, math.Round(xs[i]*10) / 10, math.Round(ys[i]*10) / 10}
	}
	return fitted
}

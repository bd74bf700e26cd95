package wordplot

import (
	"slices"
	"unicode/utf8"
)

// scale brings values into a range.
func scale(values []float64, low, high float64) {
	if len(values) == 0 {
		return
	}
	sorted := slices.Sorted(slices.Values(values))
	cut := len(sorted) / 100
	least, most := sorted[cut], sorted[len(sorted)-1-cut]
	for i, x := range values {
		if most == least {
			values[i] = (low + high) / 2
			continue
		}
		values[i] = min(max(low+(x-least)/(most-least)*(high-low), low), high)
	}
}

// A label is a word with the box that it fills.
type label struct {
	word                     string
	left, top, right, bottom float64
}

func (l label) covers(o label) bool {
	return l.left < o.right && o.left < l.right && l.top < o.bottom && o.top < l.bottom
}

// layout finds a place for each label that has one: right of its point, left,
// above or below, where it covers no label and no point of those before it.
func layout(points []Point, o Options) []label {
	var placed []label
	for i, p := range points {
		width, height := textWidth(p.Word), fontSize*1.15
		gap := radius + 2
		for _, at := range [][2]float64{
			{p.X + gap, p.Y - height/2},         // right
			{p.X - gap - width, p.Y - height/2}, // left
			{p.X - width/2, p.Y - gap - height}, // above
			{p.X - width/2, p.Y + gap},          // below
		} {
			l := label{p.Word, at[0], at[1], at[0] + width, at[1] + height}
			if l.left < 0 || l.top < 30 || l.right > o.Width || l.bottom > o.Height || !free(l, placed, points[:i]) {
				continue
			}
			placed = append(placed, l)
			break
		}
	}
	return placed
}

func free(l label, placed []label, points []Point) bool {
	if slices.ContainsFunc(placed, l.covers) {
		return false
	}
	return !slices.ContainsFunc(points, func(p Point) bool {
		return l.covers(label{"", p.X - radius, p.Y - radius, p.X + radius, p.Y + radius})
	})
}

// textWidth is about what a font takes: an em for a Chinese character, a little
// over half of one for a Latin letter.
func textWidth(s string) float64 {
	width := 0.0
	for _, r := range s {
		if utf8.RuneLen(r) >= 3 {
			width += fontSize
		} else {
			width += 0.62 * fontSize
		}
	}
	return width
}

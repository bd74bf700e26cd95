package report

import "slices"

// A graph places the stages below one another, with what goes from one to the
// next between them and what skips a stage in lanes at their right.
type graph struct {
	Width, Height int
	Boxes         []box
	Straight      []line
	Lanes         []lane
}

type box struct {
	Stage
	Y     int
	Bytes int64
}

type line struct{ X, From, To int }

type lane struct{ X, From, To int }

// The measures of the graph, in pixels; the template has those of a box.
const (
	boxHeight = 56
	boxWidth  = 270
	boxGap    = 26
	laneStart = 292
	laneStep  = 18
)

func newGraph(stages []Stage) graph {
	g := graph{Width: laneStart}
	at := func(i int) int { return 4 + i*(boxHeight+boxGap) }
	for i, s := range stages {
		b := box{Stage: s, Y: at(i)}
		for _, f := range s.Files {
			b.Bytes += f.Bytes
		}
		g.Boxes = append(g.Boxes, b)
		for _, need := range s.Needs {
			from := slices.IndexFunc(stages, func(o Stage) bool { return o.Name == need })
			switch {
			case from < 0 || from >= i:
			case from == i-1:
				g.Straight = append(g.Straight, line{boxWidth / 2, at(from) + boxHeight, at(i)})
			default:
				x := laneStart + laneStep*len(g.Lanes)
				// Arrows into one box do not meet at one point.
				g.Lanes = append(g.Lanes, lane{x, at(from) + boxHeight/2, at(i) + boxHeight/3 + 12*(len(g.Lanes)%2)})
				g.Width = x + laneStep
			}
		}
	}
	g.Height = at(len(stages)) - boxGap + 4
	return g
}

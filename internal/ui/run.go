package ui

import (
	"fmt"
	"strings"
	"time"
)

// RunTimes are how long the stages of a run took when they ran before. The zero
// value knows nothing and has no later stages.
type RunTimes struct {
	// Own is that of the stage itself, 0 where it is not known.
	Own time.Duration
	// Later are those of the stages after it, together.
	Later time.Duration
	// Unknown are the stages after it that never ran.
	Unknown []string
}

// over tells that no stage comes after this one.
func (r RunTimes) over() bool { return r.Later == 0 && len(r.Unknown) == 0 }

// runLeft is how long the run will take from now on, by what its stage will take,
// or took last time, and what the later ones took. least says that it may take
// longer: something of it never ran before.
func (t *Task) runLeft(now time.Time, left time.Duration) (all time.Duration, least bool) {
	if t.o.Of <= 1 {
		return 0, false
	}
	run := t.o.Run
	if left == 0 {
		left = max(0, run.Own-now.Sub(t.started))
	}
	return left + run.Later, len(run.Unknown) > 0 || left == 0 && run.Own == 0
}

// leftText says it in a line.
func (r RunTimes) leftText(left time.Duration, least bool) string {
	text := "about "
	if least {
		text = "at least "
	}
	text += left.Round(time.Second).String() + " left"
	if len(r.Unknown) > 0 {
		text += fmt.Sprintf(" (%s: never run)", strings.Join(r.Unknown, ", "))
	}
	return text
}

// shortly says it beside a bar.
func (r RunTimes) shortly(left time.Duration, least bool) string {
	if left == 0 || r.over() {
		return ""
	}
	text := "run " + left.Round(time.Second).String()
	if left > time.Hour {
		text = "run " + strings.TrimSuffix(left.Round(time.Minute).String(), "0s")
	}
	if least {
		text += "+"
	}
	return text
}

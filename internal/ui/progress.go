package ui

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Task is the progress of one stage, or of another work that takes long.
type Task struct {
	r       *Reporter
	stage   string
	o       TaskOptions
	began   time.Time // of the present phase
	started time.Time
	shown   time.Time // of the last line
	first   int64     // done at the first call of the phase: a resumed stage does not begin at 0
	last    int64
	total   int64
	loss    float64 // 0 for none
	note    string
	unit    string
	any     bool
	bar     *bar
}

// TaskOptions say more of a task.
type TaskOptions struct {
	// Number is the place of the stage among Of stages, from 1; 0 is none.
	Number, Of int
	// Resumed says that it goes on where an earlier run stopped.
	Resumed bool
	// Unit is what is counted, such as steps; only the JSON log names it.
	Unit string
	// Silent leaves the lines at the beginning and the end to the JSON log.
	Silent bool
	// Run is what is known of the run that the stage is part of.
	Run RunTimes
}

// Start begins to show the progress of a stage. End it with Done or Stop.
// The message says why it runs; it may be empty.
func (r *Reporter) Start(stage, format string, args ...any) *Task {
	return r.StartAs(TaskOptions{}, stage, format, args...)
}

// StartAs is Start with options.
func (r *Reporter) StartAs(o TaskOptions, stage, format string, args ...any) *Task {
	t := &Task{r: r, stage: stage, o: o, unit: o.Unit, began: r.o.Now()}
	t.shown, t.started = t.began, t.began
	if r.o.Quiet {
		return t
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	message := fmt.Sprintf(format, args...)
	if r.o.JSON {
		e := t.event("started", message)
		e.Resumed = o.Resumed
		r.json(e)
		return t
	}
	if o.Silent {
		return t
	}
	r.clear()
	if o.Of > 1 {
		line := fmt.Sprintf("stage %d of %d", o.Number, o.Of)
		if o.Number > 1 {
			line += ", " + rounded(t.began.Sub(r.began)).String() + " so far"
		}
		if left, least := t.runLeft(t.began, 0); left > 0 {
			line += ", " + o.Run.leftText(left, least)
		}
		fmt.Fprintln(r.o.Err, line)
	}
	if message != "" {
		message = ": " + message
	}
	if o.Resumed {
		message += "; going on where an earlier run stopped"
	}
	fmt.Fprintf(r.o.Err, "%s: started%s\n", stage, message)
	return t
}

// event is a line of the JSON log about the task.
func (t *Task) event(kind, message string) Event {
	return Event{Event: kind, Stage: t.stage, Number: t.o.Number, Of: t.o.Of, Message: message}
}

// Unit says what Progress counts from now on.
func (t *Task) Unit(unit string) {
	t.r.mu.Lock()
	defer t.r.mu.Unlock()
	t.unit = unit
}

// Took is the time since the task was started, rounded to be read.
func (t *Task) Took() time.Duration { return rounded(t.r.o.Now().Sub(t.started)) }

func rounded(d time.Duration) time.Duration {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond)
	case d < time.Minute:
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}

// Loss is shown beside the progress from now on.
func (t *Task) Loss(loss float64) {
	t.r.mu.Lock()
	defer t.r.mu.Unlock()
	t.loss = loss
}

// Note is shown beside the progress from now on; "" is nothing.
func (t *Task) Note(format string, args ...any) {
	t.r.mu.Lock()
	defer t.r.mu.Unlock()
	t.note = fmt.Sprintf(format, args...)
}

// Progress tells that done of total units are done; a total of 0 is unknown, and
// it may grow, as that of a crawl does. A smaller done than before, or a total
// after none, begins a new phase of the stage.
func (t *Task) Progress(done, total int64) {
	r := t.r
	if r.o.Quiet {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.o.Now()
	if !t.any || done < t.last || (total > 0) != (t.total > 0) {
		t.any, t.began, t.first, t.total = true, now, done, total
		if t.bar != nil {
			t.bar.finish()
			t.bar = nil
		}
	}
	t.last, t.total = done, total
	if r.o.Terminal && !r.o.JSON {
		if t.bar == nil {
			t.bar = newBar(r.o.Err, t.place(), total, t.note != "")
		}
		r.bar = t.bar
		rate, left := t.estimate(now)
		run, least := t.runLeft(now, left)
		t.bar.set(t.place(), done, total, t.beside(rate, left, t.o.Run.shortly(run, least)))
		return
	}
	if now.Sub(t.shown) < r.o.Every {
		return
	}
	t.shown = now
	rate, left := t.estimate(now)
	run, least := t.runLeft(now, left)
	if r.o.JSON {
		e := t.event("progress", t.note)
		e.Done, e.Total, e.Unit, e.Rate, e.Left, e.Loss = done, total, t.unit, rate, left.Seconds(), t.loss
		e.RunLeft, e.RunUnknown = run.Seconds(), t.o.Run.Unknown
		r.json(e)
		return
	}
	line := t.stage
	if t.o.Of > 1 {
		line += fmt.Sprintf(" (stage %d of %d)", t.o.Number, t.o.Of)
	}
	line += ": " + t.far()
	if text := t.speed(rate, left); text != "" {
		line += ", " + text
	}
	if run > 0 && !t.o.Run.over() {
		line += "; the run: " + t.o.Run.leftText(run, least)
	}
	fmt.Fprintln(r.o.Err, line)
}

// place is the stage with its number among the others.
func (t *Task) place() string {
	if t.o.Of > 1 {
		return fmt.Sprintf("%d/%d %s", t.o.Number, t.o.Of, t.stage)
	}
	return t.stage
}

// far says how much is done.
func (t *Task) far() string {
	if t.total <= 0 {
		return fmt.Sprint(t.last)
	}
	return fmt.Sprintf("%d of %d (%d %%)", t.last, t.total, 100*t.last/t.total)
}

// beside is what a bar has beside it. The room ends where the terminal does: what
// is wanted most stands first.
func (t *Task) beside(rate float64, left time.Duration, run string) string {
	var parts []string
	add := func(known bool, part string) {
		if known {
			parts = append(parts, part)
		}
	}
	add(left > 0, left.Round(time.Second).String()+" left")
	add(run != "", run)
	add(t.note != "", t.note)
	add(rate > 0, rateText(rate))
	add(rate > 0 && t.loss > 0, fmt.Sprintf("loss %.3f", t.loss))
	return strings.Join(parts, ", ")
}

// speed says how fast a task is, how good, and how long it will take, as far as
// known.
func (t *Task) speed(rate float64, left time.Duration) string {
	text := ""
	if rate > 0 {
		text = rateText(rate)
		if t.loss > 0 {
			text += fmt.Sprintf(", loss %.3f", t.loss)
		}
	}
	if left > 0 {
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	if t.note != "" {
		text = strings.TrimPrefix(text+", "+t.note, ", ")
	}
	return text
}

// estimate returns units a second and the time that is left, 0 where unknown.
func (t *Task) estimate(now time.Time) (rate float64, left time.Duration) {
	seconds := now.Sub(t.began).Seconds()
	if seconds <= 0 || t.last <= t.first {
		return 0, 0
	}
	rate = float64(t.last-t.first) / seconds
	if t.total > t.last {
		left = time.Duration(float64(t.total-t.last) / rate * float64(time.Second))
	}
	return rate, left
}

func rateText(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.1f/s", rate)
	}
	return fmt.Sprintf("%.0f/s", rate)
}

// Done ends the task with a line that sums it up.
func (t *Task) Done(format string, args ...any) {
	r := t.r
	if r.o.Quiet {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	t.removeBar()
	text := fmt.Sprintf(format, args...)
	switch {
	case r.o.JSON:
		e := t.event("finished", text)
		e.Seconds = r.o.Now().Sub(t.started).Seconds()
		r.json(e)
	case !t.o.Silent:
		fmt.Fprintf(r.o.Err, "%s: %s\n", t.stage, text)
	}
}

// Stop ends the task that failed, or was interrupted, with how far it had come.
// Its error follows as that of the command; the JSON log has it here too.
func (t *Task) Stop(err error) {
	r := t.r
	r.mu.Lock()
	defer r.mu.Unlock()
	t.removeBar()
	if r.o.Quiet {
		return
	}
	if r.o.JSON {
		e := t.event("failed", reason(err))
		e.Done, e.Total, e.Unit, e.Seconds = t.last, t.total, t.unit, r.o.Now().Sub(t.started).Seconds()
		r.json(e)
	} else if t.any {
		fmt.Fprintf(r.o.Err, "%s: stopped at %s\n", t.stage, t.far())
	}
}

// reason leaves out that a context was cancelled: what was interrupted, and where
// it goes on, stands before it.
func reason(err error) string {
	if text := strings.ReplaceAll(err.Error(), ": "+context.Canceled.Error(), ""); text != context.Canceled.Error() {
		return text
	}
	return "interrupted"
}

// removeBar takes the task's bar from the terminal.
func (t *Task) removeBar() {
	if t.bar != nil {
		t.bar.finish()
	}
	t.r.bar = nil
}

// bar is a progress bar, or a spinner where the total is unknown.
type bar struct {
	p     *progressbar.ProgressBar
	total int64
	over  bool
	room  int // for the text before the bar
}

// newBar makes a bar, short where there is a note to be read or little room.
func newBar(w io.Writer, stage string, total int64, noted bool) *bar {
	if total <= 0 {
		total = -1
	}
	// What is counted is shown in full beside the bar.
	counts := len(" || 100% (/) ") + 2*len(fmt.Sprint(max(total, 1000)))
	width := 30
	if noted || columns(w) < 120 {
		width = 10
	}
	// A line that is longer than the terminal is not drawn over, but repeated.
	room := max(20, columns(w)-width-counts)
	return &bar{total: total, room: room, p: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(describe(stage, "", room)),
		progressbar.OptionShowCount(),
		// Its own rate would count what an earlier run has done.
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetWidth(width),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		// Without a goroutine of its own, which would write between our lines.
		progressbar.OptionSetSpinnerChangeInterval(0),
	)}
}

// describe is the text before a bar, of a fixed width so that the bar stays in
// its place.
func describe(stage, speed string, room int) string {
	text := fmt.Sprintf("%-11s %-20s", stage, speed)
	return text[:min(len(text), room)]
}

// columns is the width of the terminal.
func columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

func (b *bar) set(stage string, done, total int64, speed string) {
	if b.over {
		return
	}
	if total > 0 && total != b.total {
		b.total = total
		b.p.ChangeMax64(total)
	}
	if total > 0 && done >= total {
		// A full bar ends itself, and more may follow: a total can grow.
		done = total - 1
	}
	b.p.Describe(describe(stage, speed, b.room))
	b.p.Set64(done)
}

func (b *bar) clear() {
	if !b.over {
		b.p.Clear()
	}
}

func (b *bar) finish() {
	if !b.over {
		b.over = true
		b.p.Clear()
		b.p.Exit()
	}
}

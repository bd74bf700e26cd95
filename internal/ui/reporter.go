package ui

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Options of a Reporter.
type Options struct {
	// Out takes results; nil discards them.
	Out io.Writer
	// Err takes messages, progress and errors; nil discards them.
	Err io.Writer
	// Quiet leaves only results and errors.
	Quiet bool
	// JSON writes one JSON object a line to Err.
	JSON bool
	// Terminal says that Err is one, on which bars can be drawn.
	Terminal bool
	// Every is the time between two progress lines without a terminal; 0 means
	// five seconds.
	Every time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Reporter writes messages and progress. Its methods may be called from several
// goroutines.
type Reporter struct {
	o   Options
	mu  sync.Mutex
	bar *bar // the bar on the terminal, if one is drawn

	began time.Time
}

// New makes a Reporter.
func New(o Options) *Reporter {
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Err == nil {
		o.Err = io.Discard
	}
	if o.Every == 0 {
		o.Every = 5 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Reporter{o: o, began: o.Now()}
}

// Event is one line of the JSON log, as docs/log.md describes it. Fields that do
// not apply are left out.
type Event struct {
	Time string `json:"time"`
	// Event is started, progress, finished, failed, skipped, fresh, cached, info,
	// warning or error.
	Event   string  `json:"event"`
	Stage   string  `json:"stage,omitempty"`
	Number  int     `json:"stage_number,omitempty"` // of the stage, from 1
	Of      int     `json:"stages,omitempty"`
	Message string  `json:"message,omitempty"`
	Resumed bool    `json:"resumed,omitempty"` // goes on from a checkpoint
	Done    int64   `json:"done,omitempty"`
	Total   int64   `json:"total,omitempty"`
	Unit    string  `json:"unit,omitempty"`         // of done, total and rate
	Rate    float64 `json:"rate,omitempty"`         // a second
	Left    float64 `json:"seconds_left,omitempty"` // estimated
	// RunLeft is what the stages of the run will take at least, with those of
	// RunUnknown to come that have no earlier time.
	RunLeft    float64  `json:"run_seconds_left,omitempty"`
	RunUnknown []string `json:"run_unknown,omitempty"`
	Loss       float64  `json:"loss,omitempty"`      // of a training
	Seconds    float64  `json:"seconds,omitempty"`   // that a task took
	Code       int      `json:"exit_code,omitempty"` // of the command, with an error
}

// Tell writes a line that only the JSON log has: what became of a stage that did
// not run.
func (r *Reporter) Tell(e Event) {
	if r.o.Quiet || !r.o.JSON {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.json(e)
}

// Info tells what happens. stage may be empty.
func (r *Reporter) Info(stage, format string, args ...any) {
	r.message("info", stage, fmt.Sprintf(format, args...))
}

// Bare is Info for a line that people and scripts know as it stands: only the
// JSON log names the stage.
func (r *Reporter) Bare(stage, format string, args ...any) {
	if !r.o.JSON {
		stage = ""
	}
	r.message("info", stage, fmt.Sprintf(format, args...))
}

// Text is Info for what the JSON log tells in another way.
func (r *Reporter) Text(stage, format string, args ...any) {
	if !r.o.JSON {
		r.message("info", stage, fmt.Sprintf(format, args...))
	}
}

// Debug tells what only a program that follows the JSON log wants to know.
func (r *Reporter) Debug(stage, format string, args ...any) {
	if r.o.JSON {
		r.message("info", stage, fmt.Sprintf(format, args...))
	}
}

// Warn tells what a person may want to look at although the work goes on.
func (r *Reporter) Warn(stage, format string, args ...any) {
	r.message("warning", stage, fmt.Sprintf(format, args...))
}

// Error tells why the command ends, and with which exit code; it is written even
// when quiet.
func (r *Reporter) Error(err error, code int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	if r.o.JSON {
		r.json(Event{Event: "error", Message: err.Error(), Code: code})
		return
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintln(r.o.Err, line)
	}
}

// Printf writes a result to the standard output.
func (r *Reporter) Printf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	fmt.Fprintf(r.o.Out, format, args...)
}

// Out writes results to the standard output, apart from a progress bar that may
// be drawn at the time.
func (r *Reporter) Out() io.Writer { return resultWriter{r} }

type resultWriter struct{ r *Reporter }

func (w resultWriter) Write(p []byte) (int, error) {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	w.r.clear()
	return w.r.o.Out.Write(p)
}

func (r *Reporter) message(kind, stage, text string) {
	if r.o.Quiet {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clear()
	if r.o.JSON {
		r.json(Event{Event: kind, Stage: stage, Message: text})
		return
	}
	if kind == "warning" {
		text = "warning: " + text
	}
	if stage != "" {
		text = stage + ": " + text
	}
	fmt.Fprintln(r.o.Err, text)
}

func (r *Reporter) json(e Event) {
	e.Time = r.o.Now().UTC().Format(time.RFC3339Nano)
	enc := json.NewEncoder(r.o.Err)
	enc.SetEscapeHTML(false)
	enc.Encode(e) // nobody is left to tell that the error stream is closed
}

// clear removes a bar before something else is written; the bar draws itself
// again with the next progress.
func (r *Reporter) clear() {
	if r.bar != nil {
		r.bar.clear()
	}
}

package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that a test turns.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) turn(d time.Duration) { c.now = c.now.Add(d) }

func TestLines(t *testing.T) {
	var out, err bytes.Buffer
	c := newClock()
	r := New(Options{Out: &out, Err: &err, Now: func() time.Time { return c.now }})
	r.Info("", "nothing changed")
	task := r.Start("train", "never run")
	for i := int64(0); i <= 100; i++ {
		if i == 60 {
			task.Loss(1.5)
		}
		task.Progress(i, 100)
		c.turn(200 * time.Millisecond)
	}
	r.Warn("train", "made with kernel %s", "avx2")
	task.Done("100 steps")
	spin := r.Start("crawl", "")
	c.turn(6 * time.Second)
	spin.Progress(3, 0)
	c.turn(6 * time.Second)
	spin.Progress(9, 0)
	spin.Stop(errors.New("offline"))
	r.Printf("accuracy %.2f\n", 0.5)
	r.Error(errors.New("a.txt:1: bad\nb.txt:2: bad"), 1)
	want := `nothing changed
train: started: never run
train: 25 of 100 (25 %), 5.0/s, 15s left
train: 50 of 100 (50 %), 5.0/s, 10s left
train: 75 of 100 (75 %), 5.0/s, loss 1.500, 5s left
train: 100 of 100 (100 %), 5.0/s, loss 1.500
train: warning: made with kernel avx2
train: 100 steps
crawl: started
crawl: 3
crawl: 9, 1.0/s
crawl: stopped at 9
a.txt:1: bad
b.txt:2: bad
`
	if err.String() != want {
		t.Errorf("got\n%s\nwant\n%s", err.String(), want)
	}
	if out.String() != "accuracy 0.50\n" {
		t.Errorf("results: %q", out.String())
	}
}

// A stage that goes on from a checkpoint does not begin at 0; what was done
// before must not count into the rate.
func TestResumedRate(t *testing.T) {
	var err bytes.Buffer
	c := newClock()
	r := New(Options{Err: &err, Now: func() time.Time { return c.now }})
	task := r.Start("train", "never run")
	task.Progress(900, 1000)
	c.turn(10 * time.Second)
	task.Progress(950, 1000)
	task.Note("%d failed", 2)
	c.turn(5 * time.Second)
	task.Progress(950, 1000)
	if want := "train: started: never run\ntrain: 950 of 1000 (95 %), 5.0/s, 10s left\ntrain: 950 of 1000 (95 %), 3.3/s, 15s left, 2 failed\n"; err.String() != want {
		t.Errorf("got %q, want %q", err.String(), want)
	}
}

func TestQuiet(t *testing.T) {
	var out, err bytes.Buffer
	r := New(Options{Out: &out, Err: &err, Quiet: true})
	r.Info("a", "b")
	r.Warn("a", "b")
	task := r.Start("a", "")
	task.Progress(1, 2)
	task.Done("c")
	r.Printf("result\n")
	r.Error(errors.New("wrong"), 1)
	if out.String() != "result\n" || err.String() != "wrong\n" {
		t.Errorf("out %q, err %q", out.String(), err.String())
	}
}

func TestJSON(t *testing.T) {
	var err bytes.Buffer
	c := newClock()
	r := New(Options{Err: &err, JSON: true, Terminal: true, Now: func() time.Time { return c.now }})
	r.Info("segment", "leaks removed: %d documents", 3)
	task := r.Start("train", "never run")
	task.Progress(0, 10)
	c.turn(5 * time.Second)
	task.Progress(5, 10)
	c.turn(time.Second)
	task.Done("done <ok>")
	task = r.StartAs(TaskOptions{Number: 6, Of: 6, Resumed: true, Unit: "questions"}, "predict", "never run")
	task.Progress(1, 3)
	task.Unit("passages")
	c.turn(2 * time.Second)
	task.Stop(errors.New("no room"))
	r.Tell(Event{Event: "skipped", Stage: "crawl", Message: "no input"})
	r.Text("crawl", "skipped")
	r.Error(errors.New("a\nb"), 130)
	want := []Event{
		{Event: "info", Stage: "segment", Message: "leaks removed: 3 documents"},
		{Event: "started", Stage: "train", Message: "never run"},
		{Event: "progress", Stage: "train", Done: 5, Total: 10, Rate: 1, Left: 5},
		{Event: "finished", Stage: "train", Message: "done <ok>", Seconds: 6},
		{Event: "started", Stage: "predict", Number: 6, Of: 6, Message: "never run", Resumed: true},
		{Event: "failed", Stage: "predict", Number: 6, Of: 6, Message: "no room", Done: 1, Total: 3, Unit: "passages", Seconds: 2},
		{Event: "skipped", Stage: "crawl", Message: "no input"},
		{Event: "error", Message: "a\nb", Code: 130},
	}
	lines := strings.Split(strings.TrimSpace(err.String()), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines: %s", len(lines), err.String())
	}
	for i, line := range lines {
		var got Event
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if _, err := time.Parse(time.RFC3339Nano, got.Time); err != nil {
			t.Error(err)
		}
		got.Time = ""
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("got %+v, want %+v", got, want[i])
		}
	}
}

// On a terminal a line must not be glued to a bar, and nothing of a bar stays
// behind.
func TestTerminal(t *testing.T) {
	var err bytes.Buffer
	r := New(Options{Err: &err, Terminal: true})
	var group sync.WaitGroup
	for _, stage := range []string{"embed"} {
		task := r.Start(stage, "")
		for i := range int64(20) {
			group.Go(func() { task.Progress(i, 20) })
		}
		group.Wait()
		task.Progress(20, 20)
		task.Progress(0, 0)
		r.Info("embed", "a line")
		task.Progress(25, 20)
		task.Done("finished")
	}
	text := err.String()
	for _, line := range []string{"\rembed: a line\n", "\rembed: finished\n"} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not in %q", line, text)
		}
	}
}

// The place among the stages stands at the start and in each line.
func TestOverall(t *testing.T) {
	var err bytes.Buffer
	c := newClock()
	r := New(Options{Err: &err, Now: func() time.Time { return c.now }})
	r.StartAs(TaskOptions{Number: 1, Of: 2}, "embed", "never run").Done("done")
	c.turn(90 * time.Second)
	task := r.StartAs(TaskOptions{Number: 2, Of: 2, Resumed: true}, "train", "never run")
	task.Progress(0, 10)
	c.turn(5 * time.Second)
	task.Progress(5, 10)
	task.Stop(errors.New("interrupted"))
	quiet := r.StartAs(TaskOptions{Silent: true}, "verify", "")
	quiet.Progress(0, 10)
	c.turn(5 * time.Second)
	quiet.Progress(1, 10)
	quiet.Done("done")
	want := `stage 1 of 2
embed: started: never run
embed: done
stage 2 of 2, 1m30s so far
train: started: never run; going on where an earlier run stopped
train (stage 2 of 2): 5 of 10 (50 %), 1.0/s, 5s left
train: stopped at 5 of 10 (50 %)
verify: 1 of 10 (10 %), 0.2/s, 45s left
`
	if err.String() != want {
		t.Errorf("got\n%s\nwant\n%s", err.String(), want)
	}
}

// TestRunLeft: a line has the time of the whole run beside that of the stage, as
// far as it is known.
func TestRunLeft(t *testing.T) {
	run := RunTimes{Own: 20 * time.Second, Later: 3 * time.Minute}
	unknown := RunTimes{Later: time.Minute, Unknown: []string{"train", "predict"}}
	for _, c := range []struct {
		o    TaskOptions
		want string
	}{
		{TaskOptions{Number: 2, Of: 4, Run: run}, `stage 2 of 4, 0s so far, about 3m20s left
embed: started
embed (stage 2 of 4): 0 of 100 (0 %); the run: about 3m15s left
embed (stage 2 of 4): 10 of 100 (10 %), 2.0/s, 45s left; the run: about 3m45s left
`},
		{TaskOptions{Number: 1, Of: 4, Run: unknown}, `stage 1 of 4, at least 1m0s left (train, predict: never run)
embed: started
embed (stage 1 of 4): 0 of 100 (0 %); the run: at least 1m0s left (train, predict: never run)
embed (stage 1 of 4): 10 of 100 (10 %), 2.0/s, 45s left; the run: at least 1m45s left (train, predict: never run)
`},
		{TaskOptions{Number: 4, Of: 4}, `stage 4 of 4, 0s so far
embed: started
embed (stage 4 of 4): 0 of 100 (0 %)
embed (stage 4 of 4): 10 of 100 (10 %), 2.0/s, 45s left
`},
	} {
		for _, json := range []bool{false, true} {
			var err bytes.Buffer
			clock := newClock()
			r := New(Options{Err: &err, JSON: json, Now: func() time.Time { return clock.now }})
			task := r.StartAs(c.o, "embed", "")
			clock.turn(5 * time.Second)
			task.Progress(0, 100)
			clock.turn(5 * time.Second)
			task.Progress(10, 100)
			if !json {
				if err.String() != c.want {
					t.Errorf("got\n%s\nwant\n%s", err.String(), c.want)
				}
				continue
			}
			want := fmt.Sprintf(`"run_seconds_left":%g`, 45+c.o.Run.Later.Seconds())
			if !strings.Contains(err.String(), want) || strings.Contains(err.String(), "run_unknown") != (c.o.Run.Unknown != nil) {
				t.Errorf("no %s in %s", want, err.String())
			}
		}
	}
}

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"wakong/internal/stage"
)

// process runs the command as a process of its own, and calls on with each event
// of its JSON log. It returns the exit code, -1 for a killed process, and the
// log.
func process(t *testing.T, args []string, on func(p *os.Process, event, stage, message string)) (int, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"--log-format", "json"}, args...)...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		log.WriteString(lines.Text() + "\n")
		var e struct{ Event, Stage, Message string }
		if json.Unmarshal(lines.Bytes(), &e) == nil && on != nil {
			on(cmd.Process, e.Event, e.Stage, e.Message)
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), log.String()
}

// Killed with SIGKILL after each of its events in turn, until one run comes
// through, a pipeline ends with the files of an undisturbed run.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts some twenty processes")
	}
	calm, calmFlags := project(t, smallConfig)
	code, log := process(t, append([]string{"run"}, calmFlags...), nil)
	if code != exitDone {
		t.Fatalf("code %d\n%s", code, log)
	}
	want := results(t, filepath.Join(calm, "work"))

	dir, flags := project(t, smallConfig)
	kills := 0
	for after := 0; ; after++ {
		seen := 0
		code, log = process(t, append([]string{"run"}, flags...), func(p *os.Process, _, _, _ string) {
			if seen == after {
				p.Kill()
			}
			seen++
		})
		if code == exitDone {
			break
		}
		if code != -1 {
			t.Fatalf("after %d kills: code %d\n%s", kills, code, log)
		}
		if kills++; kills > 200 {
			t.Fatal("does not come to an end")
		}
	}
	t.Logf("killed %d times", kills)
	if kills < 5 {
		t.Errorf("killed only %d times", kills)
	}
	sameResults(t, results(t, filepath.Join(dir, "work")), want)
	if left, _ := filepath.Glob(filepath.Join(dir, "work", "cache", "*", "*.partial")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// One Ctrl-C ends the work in good order and says where it goes on; the run
// after it ends with the files of an undisturbed one.
func TestInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	config := strings.Replace(smallConfig, "epochs: 3, validate_every", "epochs: 40, validate_every", 1)
	calm, calmFlags := project(t, config)
	expect(t, exitDone, "", append([]string{"run"}, calmFlags...)...)

	var dir, log string
	var flags []string
	code := exitDone
	// On a busy machine the signal may come too late.
	for try := 0; try < 10 && code == exitDone; try++ {
		dir, flags = project(t, config)
		sent := false
		code, log = process(t, append([]string{"run"}, flags...), func(p *os.Process, _, stage, message string) {
			if !sent && stage == "train" && strings.HasPrefix(message, "step ") {
				sent = true
				p.Signal(os.Interrupt)
			}
		})
	}
	if code != exitInterrupted {
		t.Fatalf("code %d\n%s", code, log)
	}
	for _, message := range []string{"interrupted by Ctrl-C: train was interrupted; the next run goes on from ", "stopping; once more to stop at once"} {
		if !strings.Contains(log, message) {
			t.Errorf("%q is not in\n%s", message, log)
		}
	}
	if strings.Contains(log, "context canceled") {
		t.Errorf("speaks of a context:\n%s", log)
	}
	if r := expect(t, exitDone, "", append([]string{"status"}, flags...)...); !strings.Contains(r.out, "a run was interrupted and will go on") {
		t.Errorf("status:\n%s", r.out)
	}
	expect(t, exitDone, "train: started: never run; going on where an earlier run stopped", append([]string{"run"}, flags...)...)
	sameResults(t, results(t, filepath.Join(dir, "work")), results(t, filepath.Join(calm, "work")))
}

// The second signal ends the process whatever it is at.
func TestInterruptedTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process")
	}
	const atOnce = `"stopped at once; run again to go on from the last checkpoint"`
	_, flags := project(t, strings.Replace(smallConfig, "epochs: 3, validate_every", "epochs: 100000, validate_every", 1))
	for _, signals := range [][]os.Signal{{os.Interrupt, os.Interrupt}, {syscall.SIGTERM, syscall.SIGTERM}, {syscall.SIGTERM, os.Interrupt}} {
		sent, code, log := 0, exitDone, ""
		// On a busy machine the run may have stopped in order before the second signal comes.
		for try := 0; try < 10 && !strings.Contains(log, atOnce); try++ {
			sent = 0
			code, log = process(t, append([]string{"run"}, flags...), func(p *os.Process, _, stage, message string) {
				if sent == 0 && stage == "train" {
					p.Signal(signals[0])
					sent++
				}
				if sent == 1 && strings.HasPrefix(message, "stopping") {
					p.Signal(signals[1])
					sent++
				}
			})
		}
		if code != exitInterrupted || sent != 2 || !strings.Contains(log, atOnce) {
			t.Errorf("%v: code %d, %d signals sent\n%s", signals, code, sent, log)
		}
	}
}

func TestHeldWorkspace(t *testing.T) {
	dir, flags := project(t, smallConfig)
	holder, err := stage.Open(t.Context(), filepath.Join(dir, "work"), stage.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, exitHeld, "is in use by process ", append([]string{"run", "--no-wait"}, flags...)...)
	expect(t, exitHeld, "is in use by process ", append([]string{"gc", "--no-wait"}, flags...)...)
	// Looking needs no turn.
	expect(t, exitDone, "", append([]string{"status", "--no-wait"}, flags...)...)
	expect(t, exitDone, "", append([]string{"run", "--dry-run", "--no-wait"}, flags...)...)

	// Without the flag the command waits, saying for whom, until it is let in.
	waiting := make(chan struct{})
	done := make(chan result)
	go func() {
		w := &watcher{on: "waiting for the workspace", seen: waiting}
		a := &app{in: strings.NewReader(""), out: w, err: w}
		code := a.run(context.Background(), append([]string{"segment"}, flags...))
		done <- result{code: code, err: w.text.String()}
	}()
	<-waiting
	if err := holder.Close(); err != nil {
		t.Fatal(err)
	}
	if r := <-done; r.code != exitDone || !strings.Contains(r.err, "held by process ") {
		t.Errorf("%+v", r)
	}
}

// watcher tells when a text has been written.
type watcher struct {
	text strings.Builder
	on   string
	seen chan struct{}
}

func (w *watcher) Write(p []byte) (int, error) {
	before := strings.Contains(w.text.String(), w.on)
	w.text.Write(p)
	if !before && strings.Contains(w.text.String(), w.on) {
		close(w.seen)
	}
	return len(p), nil
}

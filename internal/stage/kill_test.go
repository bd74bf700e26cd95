package stage

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The tests start themselves again as another process: to be killed, or to
// hold a workspace. These variables tell it what to be.
const (
	childRole = "WAKONG_STAGE_TEST_ROLE"
	childDir  = "WAKONG_STAGE_TEST_DIR"
)

func TestMain(m *testing.M) {
	role := os.Getenv(childRole)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := child(role, os.Getenv(childDir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child is what the other process does. Wherever a kill could matter it
// writes a line, and in the role "step" waits there until it gets one back.
func child(role, dir string) error {
	w, err := Open(context.Background(), dir, OpenOptions{})
	if err != nil {
		return err
	}
	stdin := bufio.NewReader(os.Stdin)
	w.point = func(name string) {
		fmt.Println(name)
		if role == "step" {
			if _, err := stdin.ReadString('\n'); err != nil {
				os.Exit(1) // whoever started this is gone
			}
		}
	}
	switch role {
	case "hold":
		w.point("held")
		_, err := io.Copy(io.Discard, stdin)
		return errors.Join(err, w.Close())
	case "step", "free":
		_, err := w.Execute(context.Background(), killStages(w.point), ExecOptions{})
		return errors.Join(err, w.Close())
	}
	return fmt.Errorf("no role %q", role)
}

// killStages are three stages, of which the second is long and checkpoints.
func killStages(point func(string)) []Stage {
	long := Stage{Name: "train", Needs: []Need{{Stage: "build", Files: []string{"out"}}}, Run: func(_ context.Context, r *Run) error {
		path, err := r.Need("build", "out")
		if err != nil {
			return err
		}
		seed, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return longWork(r, seed, point)
	}}
	return []Stage{
		fake("build", fakeParams{Size: 3}, nil),
		long,
		fake("predict", fakeParams{}, nil, Need{Stage: "train"}),
	}
}

// longWork is a chain of hashes, a stand-in for training steps.
func longWork(r *Run, seed []byte, point func(string)) error {
	const steps = 8
	checkpoint := filepath.Join(r.Scratch, "checkpoint")
	done := strings.Builder{}
	if data, err := os.ReadFile(checkpoint); err == nil {
		done.Write(data)
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for strings.Count(done.String(), "\n") < steps {
		sum := sha256.Sum256(append([]byte(done.String()), seed...))
		fmt.Fprintf(&done, "%x\n", sum)
		if err := os.WriteFile(checkpoint+".new", []byte(done.String()), 0o644); err != nil {
			return err
		}
		point("checkpoint written")
		if err := os.Rename(checkpoint+".new", checkpoint); err != nil {
			return err
		}
		point("checkpoint renamed")
		r.Timing(strings.Count(done.String(), "\n"))
	}
	if err := os.Mkdir(filepath.Join(r.Dir, "weights"), 0o755); err != nil {
		return err
	}
	return writeFiles(r.Dir, map[string]string{"out": done.String(), "weights/best": "best"})
}

// A victim is the other process, seen from here.
type victim struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startChild(t *testing.T, role, dir string) *victim {
	t.Helper()
	program, err := os.Executable()
	must(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childRole+"="+role, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })
	return &victim{cmd, in, bufio.NewScanner(out)}
}

// killAfter lets the process pass some points and kills it at the next one.
// It tells whether the process ended before that.
func (v *victim) killAfter(t *testing.T, points int, step bool) (ended bool) {
	t.Helper()
	for n := 0; v.lines.Scan(); n++ {
		if n == points {
			must(t, v.cmd.Process.Kill())
			v.cmd.Wait()
			return false
		}
		if step {
			if _, err := io.WriteString(v.in, "\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := v.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return true
}

// undisturbed runs the stages here and returns what they leave, and at which
// points they could have been killed.
func undisturbed(t *testing.T) (want map[string]string, points []string) {
	t.Helper()
	dir := t.TempDir()
	w := open(t, dir)
	w.point = func(name string) { points = append(points, name) }
	execute(t, w, killStages(w.point))
	must(t, w.Close())
	return snapshot(t, dir), points
}

// A process killed at any of the moments where something has just been
// written or renamed, or is about to be, leaves a workspace in which the next
// run gives what an undisturbed one gives.
func TestKilledAtEveryPoint(t *testing.T) {
	want, points := undisturbed(t)
	if len(points) < 40 {
		t.Fatalf("only %d points", len(points))
	}
	for n, name := range points {
		dir := t.TempDir()
		if startChild(t, "step", dir).killAfter(t, n, true) {
			t.Fatalf("point %d was never reached", n)
		}
		w := open(t, dir)
		ran, events := execute(t, w, killStages(func(string) {}))
		must(t, w.Close())
		got := snapshot(t, dir)
		sameSnapshot(t, got, want)
		if warnings := ofKind(events, EventWarning); len(warnings) > 0 {
			t.Errorf("warned %v", warnings)
		}
		if name == "checkpoint renamed" && !resumed(events, "train") {
			t.Errorf("train started from its beginning: %v", events)
		}
		if name == "after rename" && strings.Contains(ran, "train") && n > len(points)/2 {
			t.Errorf("work that was done was done again: %s", ran)
		}
		if t.Failed() {
			t.Fatalf("killed at point %d, %s", n, name)
		}
	}
}

func resumed(events []Event, stage string) bool {
	for _, e := range ofKind(events, EventStart) {
		if e.Stage == stage {
			return e.Resumed
		}
	}
	return false
}

// Killed at 20 moments that nobody has chosen: the process runs on while the
// kill is under way.
func TestKilledAnywhere(t *testing.T) {
	want, points := undisturbed(t)
	const kills = 20
	for n := range kills {
		dir := t.TempDir()
		startChild(t, "free", dir).killAfter(t, n*len(points)/kills, false)
		w := open(t, dir)
		execute(t, w, killStages(func(string) {}))
		must(t, w.Close())
		sameSnapshot(t, snapshot(t, dir), want)
		if t.Failed() {
			t.Fatalf("killed after %d of %d points", n*len(points)/kills, len(points))
		}
	}
}

// Killed over and over in one workspace, it still gets to the end.
func TestKilledAgainAndAgain(t *testing.T) {
	want, points := undisturbed(t)
	for _, stride := range []int{3, 4, 7} {
		dir := t.TempDir()
		kills := 0
		for !startChild(t, "step", dir).killAfter(t, stride, true) {
			if kills++; kills > len(points) {
				t.Fatalf("no end in sight with a kill every %d points", stride)
			}
		}
		got := snapshot(t, dir)
		sameSnapshot(t, got, want)
		if kills < 3 {
			t.Errorf("only %d kills", kills)
		}
	}
}

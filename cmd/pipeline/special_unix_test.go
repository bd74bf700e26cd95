//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pipe makes a named pipe.
func pipe(t *testing.T, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Skipf("cannot make a named pipe: %v", err)
	}
	return path
}

// What is no regular file is written to and not replaced; a link stays a link.
func TestOutputToSpecialFiles(t *testing.T) {
	dir, flags := project(t, smallConfig)
	with := func(args ...string) []string { return append(args, flags...) }
	expect(t, exitDone, "", with("run")...)
	questions := filepath.Join(dir, "q.doc_query")
	want := expect(t, exitDone, "", with("predict", "-i", questions)...).out
	lock := read(t, filepath.Join(dir, "work", "pipeline.lock"))

	fifo := pipe(t, dir, "fifo")
	through := func(args ...string) string {
		// Opened before, so that nobody waits for anybody; what is written fits
		// into the pipe.
		f, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		expect(t, exitDone, "", args...)
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if got := through(with("predict", "-i", questions, "-o", fifo)...); got != want {
		t.Errorf("through a named pipe: %q", got)
	}
	if got := through(with("lock", "--export", fifo)...); got != lock {
		t.Errorf("the lock through a named pipe: %q", got)
	}
	if got := through("init", "--force", "-c", fifo); !strings.HasPrefix(got, "# pipeline.yaml") {
		t.Errorf("a configuration through a named pipe: %q", got)
	}
	if info, err := os.Lstat(fifo); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the named pipe is now %v, %v", info, err)
	}

	target, link, loose := filepath.Join(dir, "target"), filepath.Join(dir, "link"), filepath.Join(dir, "loose")
	write(t, target, "old")
	if err := os.Chmod(target, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{link: "target", loose: "new"} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
		expect(t, exitDone, "", with("predict", "-i", questions, "-o", name)...)
		if got, err := os.Readlink(name); err != nil || got != to {
			t.Errorf("%s: the link leads to %q, %v", name, got, err)
		}
		if read(t, filepath.Join(dir, to)) != want {
			t.Errorf("%s: what it leads to has not changed", name)
		}
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is now %v, %v", info.Mode(), err)
	}
	expect(t, exitDone, "", with("predict", "-i", questions, "-o", os.DevNull)...)
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s is now %v, %v", os.DevNull, info, err)
	}
	if got := expect(t, exitDone, "", with("lock", "--export", "-")...).out; got != lock {
		t.Errorf("lock --export - wrote %q", got)
	}

	// Nobody's questions are overwritten by their answers.
	before := read(t, questions)
	for _, output := range []string{questions, filepath.Join(dir, "same")} {
		if output != questions {
			if err := os.Symlink(questions, output); err != nil {
				t.Fatal(err)
			}
		}
		expect(t, exitUsage, "is the input too", with("predict", "-i", questions, "-o", output)...)
	}
	if read(t, questions) != before {
		t.Error("the questions were overwritten")
	}

	// Nobody reads the pipe: the first Ctrl-C ends the waiting.
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	if r := commandWith(ctx, "", "init", "--force", "-c", fifo); r.code != exitInterrupted {
		t.Errorf("%+v", r)
	}
}

// A named pipe among the inputs is an error and not a wait for ever.
func TestPipeAsInput(t *testing.T) {
	for _, config := range []string{
		"segment: {sources: [{format: jsonl, path: fifo}]}\n",
		"segment: {sources: [{format: text, path: fifo}]}\n",
		"segment: {sources: [{format: cmrc2017, path: q.doc_query, answers: fifo}]}\n",
		"segment: {sources: [{format: text, path: stories}]}\nbuild: {train: [{format: jsonl, path: fifo}]}\n",
		"segment: {sources: [{format: text, path: stories}]}\nbuild: {train: [{format: generate}]}\npredict: {input: fifo}\n",
	} {
		dir, flags := project(t, config)
		fifo := pipe(t, dir, "fifo")
		r := expect(t, exitFailed, fifo+": found a named pipe", append([]string{"run"}, flags...)...)
		if strings.Contains(r.err, "started") {
			t.Errorf("a stage was started:\n%s", r.err)
		}
		r = expect(t, exitDone, "", append([]string{"status"}, flags...)...)
		if !strings.Contains(r.out, "missing") {
			t.Errorf("status:\n%s", r.out)
		}
	}
}

// What only looks at files waits for a pipe no longer than the first signal.
func TestPipesToLookAt(t *testing.T) {
	dir := t.TempDir()
	fifo := pipe(t, dir, "fifo")
	for _, args := range [][]string{
		{"evaluate", fifo, "answers"}, {"average", fifo, fifo}, {"score", fifo, fifo}, {"curve", fifo, "-o", filepath.Join(dir, "x.svg")},
		{"similarity", fifo}, {"analogy", "--file", fifo},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		done := make(chan result, 1)
		go func() { done <- commandWith(ctx, "", args...) }()
		cancel(errInterrupted)
		select {
		case r := <-done:
			if r.code != exitInterrupted {
				t.Errorf("%s: %+v", args, r)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s goes on waiting", args)
		}
	}
	expect(t, exitFailed, "found a folder", "evaluate", dir, dir)
}

// Answering questions from a pipe is what a shell's <(...) asks for.
func TestPredictFromPipe(t *testing.T) {
	dir, flags := project(t, smallConfig)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	fifo := pipe(t, dir, "fifo")
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out.WriteString("饕餮 XXXXX")
	out.Close()
	if r := expect(t, exitDone, "", append([]string{"predict", "-i", fmt.Sprintf("/dev/fd/%d", in.Fd())}, flags...)...); r.out != "<qid_0> ||| 饕餮\n" {
		t.Errorf("%+v", r)
	}

	// While nobody writes, the first signal ends it.
	for _, args := range [][]string{{"predict", "-i", "-"}, {"predict", "-i", fifo}} {
		cmd := exec.Command(os.Args[0], slices.Concat(args, []string{"--log-format", "json"}, flags)...)
		cmd.Env = append(os.Environ(), asCommand+"=1")
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		stderr := &watcher{on: "waiting for questions", seen: make(chan struct{})}
		cmd.Stderr = stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-stderr.seen
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		stdin.Close()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(stderr.text.String(), `"interrupted by Ctrl-C"`) {
			t.Errorf("%s: code %d\n%s", args, code, stderr.text.String())
		}
	}
}

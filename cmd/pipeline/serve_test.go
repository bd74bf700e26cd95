package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestServe answers as predict does, and ends well at the first signal.
func TestServe(t *testing.T) {
	_, flags := project(t, smallConfig)
	expect(t, exitFailed, "pipeline train", append([]string{"serve"}, flags...)...)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	const passage = "狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”"
	predicted := commandWith(t.Context(), `{"id":"1","passage":"`+passage+`"}`,
		append([]string{"predict", "-i", "-", "--format", "jsonl", "--top", "3"}, flags...)...)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		process := exec.CommandContext(t.Context(), os.Args[0], append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...)...)
		process.Env = append(os.Environ(), asCommand+"=1")
		messages, err := process.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(messages)
		address := ""
		for address == "" {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			address = regexp.MustCompile(`http://[0-9.:]+/`).FindString(line)
		}
		response, err := http.Post(address+"v1/cloze", "application/json", strings.NewReader(`{"passage":"`+passage+`","top":3}`))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("%s %s %v", response.Status, body, err)
		}
		if got, want := answersIn(t, body), answersIn(t, []byte(predicted.out)); got != want {
			t.Errorf("serve answers %s, predict %s", got, want)
		}
		if err := process.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, lines)
		if err := process.Wait(); err != nil {
			t.Errorf("after %v: %v", signal, err)
		}
	}
	expect(t, exitUsage, "--max-words", append([]string{"serve", "--max-words", "1"}, flags...)...)
	expect(t, exitFailed, "--addr names another", append([]string{"serve", "--addr", "127.0.0.1:99999"}, flags...)...)
}

func answersIn(t *testing.T, body []byte) string {
	t.Helper()
	var holder struct{ Answers json.RawMessage }
	if err := json.Unmarshal(bytes.TrimSpace(body), &holder); err != nil || len(holder.Answers) == 0 {
		t.Fatalf("%s: %v", body, err)
	}
	return string(holder.Answers)
}

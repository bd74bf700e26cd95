package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// demonstrated names, in the environment, a workspace of the demonstration. The
// tour then goes through a copy of it; without it through a project with smaller
// settings, as the demonstration itself would take most of a minute.
const demonstrated = "WAKONG_DEMONSTRATION"

// TestTour runs the commands of docs/tour.md in their order.
func TestTour(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a POSIX shell")
	}
	blocks := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(read(t, filepath.Join("..", "..", "docs", "tour.md")), -1)
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(bin, "pipeline"), fmt.Sprintf("#!/bin/sh\n%s=1 exec '%s' \"$@\"\n", asCommand, self))
	if err := os.Chmod(filepath.Join(bin, "pipeline"), 0o755); err != nil {
		t.Fatal(err)
	}

	var folder string
	if workspace := os.Getenv(demonstrated); workspace != "" {
		folder = t.TempDir()
		if err := os.CopyFS(filepath.Join(folder, "work"), os.DirFS(workspace)); err != nil {
			t.Fatal(err)
		}
	} else {
		folder, _ = project(t, smallConfig)
		if err := os.Rename(filepath.Join(folder, "my.yaml"), filepath.Join(folder, "pipeline.yaml")); err != nil {
			t.Fatal(err)
		}
	}
	top := folder
	var said strings.Builder
	at := filepath.Join(bin, "folder")
	for _, block := range blocks {
		if block[1] == "pipeline serve\n" { // it ends when it is told to
			t.Chdir(folder)
			address, process, end := served(t)
			response, err := http.Get(address + "healthz")
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("serve: %s", response.Status)
			}
			if err := process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := end(); err != nil {
				t.Errorf("serve: %v", err)
			}
			continue
		}
		// A block goes on in the folder where the one before it ended.
		cmd := exec.CommandContext(t.Context(), shell, "-eu", "-c", block[1]+"pwd > '"+at+"'\n")
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v in\n%s\n%s", err, block[1], out)
		}
		said.Write(out)
		folder = strings.TrimSpace(read(t, at))
	}
	for _, want := range []string{"nothing changed", "train.epochs 2 -> 3", "as they were written", `"id":"2"`} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("the tour never says %q:\n%s", want, said.String())
		}
	}
	for _, name := range []string{"report.html", "words.svg", "curve.svg", "pictures/growth.svg", "own/report.html", "own/pipeline.lock", "own/restored/card.md", "own/model/model.safetensors", "own/stories.parquet"} {
		if _, err := os.Stat(filepath.Join(top, name)); err != nil {
			t.Errorf("the tour does not make %s: %v", name, err)
		}
	}
}

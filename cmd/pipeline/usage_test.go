package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every help text, in one file to read.
func TestHelp(t *testing.T) {
	var b strings.Builder
	var walk func(c *cobra.Command, path []string)
	walk = func(c *cobra.Command, path []string) {
		r := command(t, append(path, "--help")...)
		if r.code != exitDone || r.err != "" {
			t.Errorf("%v --help: code %d, stderr %q", path, r.code, r.err)
		}
		for code := range strings.Lines(exitCodesHelp) {
			if !strings.Contains(r.out, code) {
				t.Errorf("%v --help: %q is missing", path, code)
			}
		}
		if c.Example == "" && len(path) > 0 {
			t.Errorf("%v has no example", path)
		}
		fmt.Fprintf(&b, "$ pipeline %s\n%s\n", strings.Join(append(path, "--help"), " "), r.out)
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && sub.Name() != "completion" {
				walk(sub, append(path[:len(path):len(path)], sub.Name()))
			}
		}
	}
	walk(newRootCommand(&app{}), nil)
	golden(t, "help.txt", b.String())
}

func TestUsage(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.yaml")
	write(t, empty, "train: {units: 3}\n")
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	write(t, wrong, "embed: {sise: 3}\ntrain: {epochs: 0}\n")
	work := filepath.Join(t.TempDir(), "work")
	for _, c := range []struct {
		name, message string
		args          []string
	}{
		{"unknown command", `unknown command "tran" for "pipeline"`, []string{"tran"}},
		{"suggestion", "Did you mean this?\n\ttrain", []string{"tran"}},
		{"unknown flag", "unknown flag: --fast\nRun 'pipeline run --help' for usage.", []string{"run", "--fast"}},
		{"flag without value", "flag needs an argument: --config", []string{"run", "--config"}},
		{"too many arguments", "accepts at most 1 arg(s), received 2", []string{"run", "embed", "train"}},
		{"unknown stage", `there is no stage "embd"; the stages are crawl, segment, embed, build, train, predict`, []string{"run", "embd"}},
		{"unknown shell", `there is no completion for "tcsh"; the shells are bash`, []string{"completion", "tcsh"}},
		{"usage as JSON", `"event":"error","message":"unknown flag: --fast`, []string{"run", "--log-format", "json", "--fast"}},
		{"usage as JSON, at the end", `"event":"error","message":"unknown command`, []string{"tran", "--log-format=json"}},
		{"argument where none is", `unknown command "x" for "pipeline status"`, []string{"status", "x"}},
		{"missing arguments", "accepts 2 arg(s), received 1", []string{"evaluate", "a"}},
		{"log format", `invalid argument "xml" for --log-format: expected text or json`, []string{"status", "--log-format", "xml"}},
		{"empty workspace", "--workspace is empty", []string{"status", "-w", ""}},
		{"no such configuration", "nowhere.yaml: no such file", []string{"run", "-c", "nowhere.yaml"}},
		{"configuration is a folder", "is a directory", []string{"run", "-c", t.TempDir()}},
		{"wrong configuration", wrong + `:1:9: embed.sise: unknown key; did you mean "size"?` + "\n" + wrong + ":2:17: train.epochs: found the number 0", []string{"run", "-c", wrong}},
		{"wrong configuration, status", `did you mean "size"?`, []string{"status", "-c", wrong}},
		{"wrong configuration, gc", `did you mean "size"?`, []string{"gc", "-c", wrong}},
		{"nothing to do", "there is nothing to do", []string{"run", "-c", empty}},
		{"nothing to do, dry", "there is nothing to do", []string{"run", "--dry-run", "-c", empty}},
		{"stage without input", "build has no input", []string{"build", "-c", empty}},
		{"nothing to answer", "no questions: give --input FILE", []string{"predict", "-c", empty}},
		{"empty input", "--input is empty", []string{"predict", "--input", ""}},
		{"bad format", "--format: found xml, expected contest or jsonl", []string{"predict", "--input", "a", "--format", "xml"}},
		{"bad top", "--top: found 0, expected a whole number from 1 to 10000", []string{"predict", "--input", "a", "--top", "0"}},
		{"lock without file", "--export FILE is missing", []string{"lock"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := c.args
			if !strings.Contains(strings.Join(args, " "), "-w") {
				args = append([]string{"-w", work}, args...)
			}
			if r := expect(t, exitUsage, c.message, args...); r.out != "" && c.name != "nothing to do, dry" {
				t.Errorf("stdout %q", r.out)
			}
		})
	}
}

func TestNoArgumentsShowsHelp(t *testing.T) {
	r := command(t)
	if r.code != exitDone || !strings.Contains(r.out, "Stages, in their order:") {
		t.Errorf("code %d, stdout %q", r.code, r.out)
	}
}

func TestVersion(t *testing.T) {
	if r := command(t, "version"); r.code != 0 || !strings.HasPrefix(r.out, "pipeline ") {
		t.Errorf("%+v", r)
	} else if flag := command(t, "--version"); flag != r {
		t.Errorf("--version is %+v, version is %+v", flag, r)
	}
}

func TestCompletion(t *testing.T) {
	if r := command(t, "completion", "bash"); r.code != 0 || !strings.Contains(r.out, "__start_pipeline") {
		t.Errorf("code %d", r.code)
	}
	if r := command(t, "__complete", "run", "e"); !strings.Contains(r.out, "embed") {
		t.Errorf("stages are not completed: %q", r.out)
	}
	for flag, want := range map[string]string{"convert --to": "parquet", "convert --from": "warc", "stats --from": "cmrc2017", "export --format": "onnx", "predict --input-format": "pdcft", "snapshot create --stage": "segment"} {
		if r := command(t, append(append([]string{"__complete"}, strings.Fields(flag)...), "")...); !strings.Contains(r.out, want+"\n") {
			t.Errorf("%s is not completed: %q", flag, r.out)
		}
	}
}

func TestInit(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.yaml")
	expect(t, exitDone, "wrote "+file, "init", "-c", file)
	expect(t, exitFailed, "exists already; --force overwrites it", "init", "-c", file)
	write(t, file, "broken")
	expect(t, exitDone, "wrote", "init", "--force", "-c", file)
	expect(t, exitUsage, "there is nothing to do", "run", "-c", file, "-w", filepath.Join(t.TempDir(), "work"))
	expect(t, exitFailed, "no such file", "init", "-c", filepath.Join(file+"x", "p.yaml"))
}

// A name mistyped is no workspace, and nothing is made of it.
func TestNoWorkspace(t *testing.T) {
	dir, flags := project(t, "train: {units: 3}\n")
	work := filepath.Join(dir, "work")
	for _, args := range [][]string{{"verify"}, {"verify", "--repair"}, {"gc"}, {"lock", "--export", "-"}} {
		expect(t, exitFailed, "there is no workspace "+work, append(args, flags...)...)
	}
	expect(t, exitUsage, "there is nothing to do: no stage has an input\n", append([]string{"run", "--dry-run"}, flags...)...)
	expect(t, exitUsage, "there is nothing to do: no stage has an input\n", append([]string{"run"}, flags...)...)
	expect(t, exitUsage, "build has no input", append([]string{"build"}, flags...)...)
	if _, err := os.Stat(work); err == nil {
		t.Error("a workspace was made")
	}
	if r := command(t, "lock"); r.code != exitUsage || strings.Count(r.err, "\n") != 1 {
		t.Errorf("lock without --export: %+v", r)
	}
}

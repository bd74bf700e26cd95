package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every command has a page, which has all of its help's words and is the same
// when written again.
func TestMan(t *testing.T) {
	dir, again := filepath.Join(t.TempDir(), "new", "man1"), t.TempDir()
	expect(t, exitDone, "", "man", dir)
	expect(t, exitDone, "", "man", again)
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			return
		}
		if other, err := os.ReadFile(filepath.Join(again, name)); err != nil || !bytes.Equal(page, other) {
			t.Errorf("%s: written again it is another, %v", name, err)
		}
		text := unescaped(string(page))
		for _, line := range strings.Split(c.Long+"\n"+c.Example, "\n") {
			if line = strings.TrimSpace(line); !strings.Contains(text, line) {
				t.Errorf("%s lacks %q", name, line)
			}
		}
		for _, c := range c.Commands() {
			walk(c)
		}
	}
	walk(newRootCommand(&app{}))
	predict, err := os.ReadFile(filepath.Join(dir, "pipeline-predict.1"))
	if err != nil || !strings.Contains(unescaped(string(predict)), `contest ("<qid_1> ||| word") or jsonl`) {
		t.Errorf("the flags' texts are not whole: %v", err)
	}
	root, err := os.ReadFile(filepath.Join(dir, "pipeline.1"))
	if err != nil || !strings.Contains(unescaped(string(root)), "130") {
		t.Errorf("no exit codes: %v", err)
	}
	file := filepath.Join(again, "pipeline.1")
	expect(t, exitFailed, "not a directory", "man", file)
	expect(t, exitUsage, "accepts 1 arg", "man")
}

// unescaped is a page's text without the escapes of roff.
func unescaped(page string) string {
	return strings.NewReplacer(`\-`, "-", `\&`, "", `\e`, `\`, `\\`, `\`, `\fB`, "", `\fI`, "", `\fR`, "", `\fP`, "").Replace(page)
}

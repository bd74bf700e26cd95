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
	for name, wants := range map[string][]string{
		"pipeline":          {"130  interrupted", "Stages, in their order:", "crawl       Fetch the pages", "Further commands:", "completion  Generate"},
		"pipeline-snapshot": {"130  interrupted", "Commands:", "restore     Make a workspace"},
		"pipeline-status":   {"130  interrupted"},
	} {
		page, err := os.ReadFile(filepath.Join(dir, name+".1"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(unescaped(string(page)), want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		if strings.Contains(string(page), "1970") {
			t.Errorf("%s has a date that is none", name)
		}
	}
	file := filepath.Join(again, "pipeline.1")
	expect(t, exitFailed, "not a directory", "man", file)
	expect(t, exitUsage, "accepts 1 arg", "man")
}

// unescaped is a page's text without the escapes of roff.
func unescaped(page string) string {
	return strings.NewReplacer(`\-`, "-", `\&`, "", `\e`, `\`, `\\`, `\`, `\fB`, "", `\fI`, "", `\fR`, "", `\fP`, "").Replace(page)
}

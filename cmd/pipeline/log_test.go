package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wakong/internal/ui"
)

// TestLogIsDocumented: docs/log.md names every field, and every event that a
// workspace's life brings about.
func TestLogIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "log.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := func(word string) bool { return bytes.Contains(page, []byte("`"+word+"`")) }
	for f := range reflect.TypeFor[ui.Event]().Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !named(name) {
			t.Errorf("docs/log.md does not name the field %s", name)
		}
	}
	dir, flags := project(t, smallConfig)
	snapshot := filepath.Join(dir, "s.snapshot")
	var seen []string
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitDone, []string{"run"}},
		{exitDone, []string{"run"}},
		{exitDone, []string{"verify"}},
		{exitDone, []string{"snapshot", "create", snapshot}},
		{exitDone, []string{"snapshot", "verify", snapshot}},
		{exitDone, []string{"report", "-o", filepath.Join(dir, "r.html")}},
		{exitDone, []string{"predict", "--input", filepath.Join(dir, "q.doc_query"), "--top", "2"}},
		{exitDone, []string{"convert", filepath.Join(dir, "stories"), "-o", filepath.Join(dir, "d.jsonl")}},
		{exitDone, []string{"export", "-o", filepath.Join(dir, "model")}},
		{exitDone, []string{"evaluate", filepath.Join(dir, "q.answer"), filepath.Join(dir, "q.answer")}},
		{exitDone, []string{"predict", "--format", "jsonl", "--input", filepath.Join(dir, "q.doc_query"), "-o", filepath.Join(dir, "a.jsonl")}},
		{exitDone, []string{"average", filepath.Join(dir, "a.jsonl"), filepath.Join(dir, "a.jsonl")}},
		{exitFailed, []string{"snapshot", "verify", filepath.Join(dir, "q.answer")}},
		{exitUsage, []string{"run", "nothing"}},
	} {
		r := expect(t, c.code, "", append(append(c.args, "--log-format", "json"), flags...)...)
		command := c.args[0]
		for line := range strings.Lines(r.err) {
			d := json.NewDecoder(strings.NewReader(line))
			d.DisallowUnknownFields()
			var e ui.Event
			if err := d.Decode(&e); err != nil {
				t.Fatalf("%s: %q: %v", command, line, err)
			}
			if !named(e.Event) || e.Stage != "" && !named(e.Stage) || e.Unit != "" && !named(e.Unit) {
				t.Errorf("%s: docs/log.md does not name all of %s", command, line)
			}
			if e.Event == "error" && e.Code != c.code {
				t.Errorf("%s: exit code %d in %s", command, c.code, line)
			}
			if e.Event == "started" && command == "run" && (e.Number == 0 || e.Of != 5) {
				t.Errorf("%s: no place among the stages in %s", command, line)
			}
			seen = append(seen, command+" "+e.Event)
		}
	}
	for _, want := range []string{
		"run skipped", "run started", "run finished", "run fresh", "run error", "verify started", "verify finished",
		"snapshot started", "snapshot finished", "snapshot failed", "snapshot error", "report started", "report finished",
		"predict started", "predict finished", "convert started", "convert finished",
		"export finished", "evaluate finished", "average finished",
	} {
		if !slices.Contains(seen, want) {
			t.Errorf("no %s among %v", want, seen)
		}
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The whole way, and what the workspace says of it afterwards.
func TestRun(t *testing.T) {
	dir, flags := project(t, smallConfig)
	with := func(args ...string) []string { return append(args, flags...) }

	r := expect(t, exitDone, "", with("status", "--json")...)
	if got := states(t, r.out); !slices.Equal(got, []string{"segment missing", "embed missing", "build missing", "train missing", "predict missing"}) {
		t.Errorf("status at the start: %v", got)
	}
	r = expect(t, exitDone, "", with("run", "--dry-run")...)
	if !strings.Contains(r.out, "crawl    skip: crawl.sites is not given") || !strings.Contains(r.out, "segment  run: never run") {
		t.Errorf("dry run:\n%s", r.out)
	}
	if _, err := os.Stat(filepath.Join(dir, "work")); err == nil {
		t.Error("a dry run made the workspace")
	}
	expect(t, exitFailed, "'pipeline train -w", with("predict", "--input", filepath.Join(dir, "q.doc_query"))...)

	r = expect(t, exitDone, "ran segment, embed, build, train, predict", with("run")...)
	for _, line := range []string{
		"crawl: skipped, no input: crawl.sites is not given\n",
		"\nleaks removed: 0 documents (0 samples)\n",
		"segment: 12 documents, ",
		"train: validation accuracy ",
	} {
		if !strings.Contains(r.err, line) {
			t.Errorf("%q is not in\n%s", line, r.err)
		}
	}
	r = expect(t, exitDone, "nothing changed", with("run")...)
	if strings.Contains(r.err, "started") {
		t.Errorf("the second run:\n%s", r.err)
	}
	r = expect(t, exitDone, "", with("status", "--json")...)
	if got := states(t, r.out); !slices.Equal(got, []string{"segment fresh", "embed fresh", "build fresh", "train fresh", "predict fresh"}) {
		t.Errorf("status at the end: %v", got)
	}
	expect(t, exitDone, "all results are as they were written", with("verify")...)
	models, _ := filepath.Glob(filepath.Join(dir, "work", "cache", "train", "*", "model.safetensors"))
	weights := []byte(read(t, models[0]))
	weights[len(weights)-1] ^= 1
	os.Chmod(models[0], 0o644)
	write(t, models[0], string(weights))
	r = expect(t, exitFailed, "1 problem in the workspace", with("verify")...)
	if !strings.Contains(r.out, "model.safetensors: found sha256") {
		t.Errorf("verify:\n%s", r.out)
	}
	expect(t, exitDone, "moved aside", with("verify", "--repair")...)
	expect(t, exitDone, "ran train", with("run")...)
	lock := filepath.Join(dir, "exported.lock")
	expect(t, exitDone, "wrote "+lock, with("lock", "--export", lock)...)
	expect(t, exitDone, "the results are those of", with("run", "--locked", lock)...)

	// Another parameter, and back again.
	write(t, filepath.Join(dir, "my.yaml"), strings.Replace(smallConfig, "units: 4", "units: 5", 1))
	r = expect(t, exitDone, "", with("status")...)
	if want := "train    stale    train.units 4 -> 5\npredict  stale    train is stale\n"; !strings.HasSuffix(r.out, want) {
		t.Errorf("status after a change:\n%s", r.out)
	}
	expect(t, exitFailed, "train: model.json: expected sha256", with("run", "--locked", lock)...)
	// Where the configuration was forgotten, its results are not taken for nobody's.
	for _, args := range [][]string{{"gc"}, {"run"}, {"train"}} {
		expect(t, exitUsage, "name it with -c", append(args, "-w", filepath.Join(dir, "work"))...)
	}
	expect(t, exitDone, "removed train/", with("gc")...)
	write(t, filepath.Join(dir, "my.yaml"), smallConfig)
	expect(t, exitDone, "ran train, predict", with("run")...)
	expect(t, exitDone, "the results are those of", with("run", "--locked", lock)...)
	// Threads and kernels are no reason to do anything.
	write(t, filepath.Join(dir, "my.yaml"), strings.Replace(smallConfig, "kernel: portable", "threads: 1", 1))
	expect(t, exitDone, "nothing changed", with("run")...)
	// Nothing of the folder's place is in the lock.
	if text := read(t, filepath.Join(dir, "work", "pipeline.lock")); strings.Contains(text, dir) {
		t.Error("the lock holds the project's path")
	}
}

// Stage by stage gives what run gives, and so does another folder.
func TestStagesOneByOne(t *testing.T) {
	dir, flags := project(t, smallConfig)
	for _, stage := range []string{"segment", "embed", "build", "train", "predict"} {
		r := expect(t, exitDone, stage+": done in", append([]string{stage}, flags...)...)
		if stage == "predict" && !strings.HasPrefix(r.out, "<qid_0> ||| ") {
			t.Errorf("predict wrote %q", r.out)
		}
	}
	expect(t, exitDone, "nothing changed", append([]string{"run"}, flags...)...)
	other, otherFlags := project(t, smallConfig)
	expect(t, exitDone, "ran segment, embed", append([]string{"run"}, otherFlags...)...)
	sameResults(t, results(t, filepath.Join(other, "work")), results(t, filepath.Join(dir, "work")))
}

func TestQuietAndJSON(t *testing.T) {
	_, flags := project(t, smallConfig)
	r := expect(t, exitDone, "", append([]string{"run", "--log-format", "json"}, flags...)...)
	events := map[string]int{}
	for line := range strings.Lines(r.err) {
		var event struct{ Event, Stage, Message string }
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		events[event.Event]++
		if strings.HasPrefix(event.Message, "leaks removed") && event.Stage != "segment" {
			t.Errorf("no stage in %q", line)
		}
	}
	if events["started"] != 5 || events["finished"] != 5 || events["skipped"] != 1 || events["error"] != 0 {
		t.Errorf("events %v", events)
	}
	if r := expect(t, exitDone, "", append([]string{"run", "--quiet"}, flags...)...); r.err != "" || r.out != "" {
		t.Errorf("quiet: %+v", r)
	}
}

func states(t *testing.T, text string) []string {
	t.Helper()
	var list []struct{ Stage, State, Reason, Fingerprint string }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var out []string
	for _, s := range list {
		if s.State == "fresh" && len(s.Fingerprint) != 64 {
			t.Errorf("%s is fresh with fingerprint %q", s.Stage, s.Fingerprint)
		}
		out = append(out, s.Stage+" "+s.State)
	}
	return out
}

func sameResults(t *testing.T, got, want map[string]string) {
	t.Helper()
	g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))
	if !slices.Equal(g, w) {
		t.Errorf("files\n%s\nwant\n%s", strings.Join(g, "\n"), strings.Join(w, "\n"))
	}
	for _, name := range w {
		if got[name] != want[name] {
			t.Errorf("%s differs", name)
		}
	}
}

// Vectors of an earlier run, to go on from, are an input of the stage.
func TestRunBeginsWithVectors(t *testing.T) {
	text := "segment: {sources: [{format: text, path: stories/}]}\nembed: {size: 8, epochs: 1, min_count: 1, kernel: portable, output: true%s}\n"
	dir, flags := project(t, fmt.Sprintf(text, ""))
	expect(t, exitDone, "ran segment, embed", append([]string{"run"}, flags...)...)
	for _, name := range []string{"vectors.bin", "output.bin"} {
		found, err := filepath.Glob(filepath.Join(dir, "work", "cache", "embed", "*", name))
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		copyFile(t, found[0], filepath.Join(dir, "old", name))
	}
	write(t, filepath.Join(dir, "my.yaml"), fmt.Sprintf(text, ", init: old/vectors.bin, init_output: old/output.bin, init_words: all"))
	write(t, filepath.Join(dir, "stories", "001.txt"), "狐狸提着磨光的新灯笼。")
	expect(t, exitDone, "words begin with the vectors of old/vectors.bin", append([]string{"run"}, flags...)...)
	// Words of the story that is gone are kept without a count.
	r := expect(t, exitDone, "", append([]string{"neighbors", "狐狸"}, flags...)...)
	if r.out == "" {
		t.Error("no neighbours")
	}
	write(t, filepath.Join(dir, "old", "output.bin"), read(t, filepath.Join(dir, "old", "vectors.bin")))
	if r := expect(t, exitDone, "", append([]string{"run", "--dry-run"}, flags...)...); !strings.Contains(r.out, "input old/output.bin changed") {
		t.Errorf("other output vectors leave the stage as it is:\n%s", r.out)
	}
}

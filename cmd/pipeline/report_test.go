package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wakong/internal/browsertest"
)

// sectionsOf lists the sections of a report.
func sectionsOf(page string) (ids []string) {
	for _, id := range []string{"stages", "corpus", "vectors", "training", "answers"} {
		if strings.Contains(page, `<section id="`+id+`">`) {
			ids = append(ids, id)
		}
	}
	return ids
}

// TestReport writes the page of a workspace as it grows.
func TestReport(t *testing.T) {
	dir, flags := project(t, smallConfig)
	with := func(args ...string) []string { return append(args, flags...) }
	expect(t, exitFailed, "there is no workspace", with("report")...)
	page := func(args ...string) string {
		t.Helper()
		return expect(t, exitDone, "", append(with("report", "-o", "-"), args...)...).out
	}
	for _, step := range []struct{ stage, sections string }{
		{"segment", "stages corpus"},
		{"embed", "stages corpus vectors"},
		{"build", "stages corpus vectors"},
		{"run", "stages corpus vectors training answers"},
	} {
		expect(t, exitDone, "", with(step.stage)...)
		text := page()
		if got := strings.Join(sectionsOf(text), " "); got != step.sections {
			t.Errorf("after %s: %s, want %s", step.stage, got, step.sections)
		}
		if strings.Contains(text, dir) {
			t.Errorf("after %s: the page holds the workspace's path", step.stage)
		}
	}
	first := page()
	if first != page() {
		t.Error("the same workspace gives other bytes")
	}
	write(t, filepath.Join(dir, "my.yaml"), strings.Replace(smallConfig, "{input: q.doc_query}", "{input: q.doc_query, threads: 1}", 1))
	if first != page() {
		t.Error("one thread gives other bytes")
	}
	for _, want := range []string{"最新</tspan>", ">12</dd>", "validation questions", `class="blank"`} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is missing", want)
		}
	}

	// A second training stays in the cache beside the first; the state follows
	// the configuration.
	write(t, filepath.Join(dir, "my.yaml"), strings.Replace(smallConfig, "units: 4", "units: 6", 1))
	if text := page(); !strings.Contains(text, "train.units 4 -&gt; 6") {
		t.Error("a stale training has no reason")
	}
	expect(t, exitDone, "", with("run")...)
	text := page()
	for _, want := range []string{"<code>train.units</code></th><td><code>6</code></td><td><code>4</code></td></tr>", "swatch s1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	// So does one of another workspace, in a file.
	other, otherFlags := project(t, strings.Replace(smallConfig, "units: 4", "units: 5", 1))
	expect(t, exitDone, "", append([]string{"train"}, otherFlags...)...)
	out := filepath.Join(dir, "r.html")
	expect(t, exitDone, "wrote "+out, with("report", "-o", out, filepath.Join(other, "work"))...)
	if text := read(t, out); !strings.Contains(text, "<td><code>5</code></td></tr>") || !strings.Contains(text, "swatch s2") {
		t.Error("the training of the other workspace is missing")
	}
	expect(t, exitUsage, "there is no workspace", with("report", "-o", out, filepath.Join(dir, "none"))...)

	// Without the configuration it is not said whether results are fresh.
	moved := expect(t, exitDone, "", "report", "-o", "-", "-w", filepath.Join(dir, "work")).out
	if !strings.Contains(moved, "Without a configuration") || strings.Contains(moved, `class="stale"`) {
		t.Error("judges without a configuration")
	}
	// A network that this program does not know has no answers, damaged figures no
	// curves; the rest of the page stands and says so.
	for name, path := range map[string]string{"stages corpus vectors training": "model.json", "stages corpus vectors answers": "metrics.jsonl"} {
		of, _ := filepath.Glob(filepath.Join(other, "work", "cache", "train", "*", path))
		before := read(t, of[0])
		if err := os.Chmod(of[0], 0o644); err != nil {
			t.Fatal(err)
		}
		write(t, of[0], strings.Replace(strings.Replace(before, `"format": 6`, `"format": 9`, 1), `{"step"`, `{"step `, 1))
		r := expect(t, exitDone, "is left out: ", append([]string{"report", "-o", "-"}, otherFlags...)...)
		if got := strings.Join(sectionsOf(r.out), " "); got != name || !strings.Contains(r.out, `class="left-out"`) || strings.Contains(r.out, other) {
			t.Errorf("with a damaged %s: sections %s", path, got)
		}
		write(t, of[0], before)
	}
	// A result that is damaged is left out.
	vectors, _ := filepath.Glob(filepath.Join(dir, "work", "cache", "embed", "*", "vectors.bin"))
	if err := os.Remove(vectors[0]); err != nil {
		t.Fatal(err)
	}
	if text := page(); strings.Contains(text, `<section id="vectors">`) || !strings.Contains(text, "vectors.bin is missing") || !strings.Contains(text, "left out:") {
		t.Error("a result without its file is shown")
	}
}

// TestReportReader: the page of the other network.
func TestReportReader(t *testing.T) {
	_, flags := project(t, smallReader)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	text := expect(t, exitDone, "", append([]string{"report", "-o", "-"}, flags...)...).out
	if got := strings.Join(sectionsOf(text), " "); got != "stages corpus vectors training answers" {
		t.Errorf("sections %s", got)
	}
	for _, want := range []string{"<td>reader</td>", "Loss of predicting words"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	b := browsertest.Start(t)
	path := filepath.Join(t.TempDir(), "r.html")
	write(t, path, text)
	p := b.Open("file://"+path, browsertest.Screen{Width: 360, Height: 740, Phone: true})
	if n := p.Overflow(); n > 0 {
		t.Errorf("%d pixels wider than a phone", n)
	}
	if problems := p.Problems("file://" + path); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	p.Screenshot("report-phone")
}

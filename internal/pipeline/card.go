package pipeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"wakong/internal/config"
	"wakong/internal/stage"
)

// card describes the results of some stages: what they are, where they come
// from, under which licences, how much of what, how they were made and how to
// make them again. It holds no time and no path of this machine.
func (p *Pipeline) card(stages []string) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Data card\n\nResults of the stages %s of the program `pipeline`.\n", strings.Join(stages, ", "))
	b.WriteString("`pipeline.lock` beside this file says the same for programs.\n")
	p.cardSources(&b)
	for _, name := range stages {
		dir, record, err := p.workspace.Result(name)
		if err != nil {
			return nil, err
		}
		if err := cardStage(&b, name, dir, record); err != nil {
			return nil, err
		}
	}
	b.WriteString(`
## How to rebuild

    pipeline snapshot verify FILE
    pipeline snapshot restore FILE --workspace work
    pipeline status --workspace work

With the same configuration and the inputs named above, every stage is fresh. To
make the results anew from the inputs and to compare them:

    tar --use-compress-program=zstd -xf FILE pipeline.lock
    pipeline run --locked pipeline.lock --workspace anew
`)
	return b.Bytes(), nil
}

// cardSources lists where the text and the questions come from.
func (p *Pipeline) cardSources(b *bytes.Buffer) {
	cardTable(b)
	row := func(what, format, origin, license string) { cardRow(b, what, format, origin, license) }
	for _, s := range p.config.Crawl.Sites {
		origin := s.Origin
		if origin == "" {
			origin = strings.Join(s.Start, ", ")
		}
		row("site "+s.Name, "web pages", origin, s.License)
	}
	for _, s := range p.config.Segment.Sources {
		row("text "+s.Path.Written(), s.Format, s.Origin, s.License)
	}
	for _, kind := range []struct {
		name string
		list []config.QuestionSource
	}{{"questions to train on", p.config.Build.Train}, {"questions to validate on", p.config.Build.Valid}} {
		for _, s := range kind.list {
			what := kind.name
			if !s.Path.IsZero() {
				what += " " + s.Path.Written()
			}
			row(what, s.Format, s.Origin, s.License)
		}
	}
}

// cardTable begins the table of sources.
func cardTable(b *bytes.Buffer) {
	b.WriteString("\n## Sources and licences\n\n| source | format | origin | licence |\n| --- | --- | --- | --- |\n")
}

// cardRow adds a source to it.
func cardRow(b *bytes.Buffer, what, format, origin, license string) {
	cells := []string{what, format, orElse(origin, "not stated"), orElse(license, "not stated")}
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(strings.Join(strings.Fields(c), " "), "|", `\|`)
	}
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// cardStage describes one result.
func cardStage(b *bytes.Buffer, name, dir string, r stage.Record) error {
	fmt.Fprintf(b, "\n## %s\n\nFingerprint `%s`, version %d of the stage's code.\n", name, r.Fingerprint, r.Version)
	for _, key := range slices.Sorted(maps.Keys(r.Environment)) {
		fmt.Fprintf(b, "Made with %s %s.\n", key, r.Environment[key])
	}
	if err := cardCounts(b, dir); err != nil {
		return err
	}
	var parameters bytes.Buffer
	if err := json.Indent(&parameters, r.Params, "    ", "  "); err != nil {
		return err
	}
	fmt.Fprintf(b, "\nParameters:\n\n    %s\n", parameters.String())
	if len(r.Inputs) > 0 {
		b.WriteString("\n| input | SHA-256 |\n| --- | --- |\n")
		for _, in := range slices.Sorted(maps.Keys(r.Inputs)) {
			fmt.Fprintf(b, "| `%s` | `%s` |\n", in, r.Inputs[in])
		}
	}
	for _, needed := range slices.Sorted(maps.Keys(r.Needs)) {
		fmt.Fprintf(b, "\nReads %s of %s.\n", strings.Join(slices.Sorted(maps.Keys(r.Needs[needed].Files)), ", "), needed)
	}
	b.WriteString("\n| file | bytes | SHA-256 |\n| --- | --- | --- |\n")
	for _, file := range slices.Sorted(maps.Keys(r.Files)) {
		fmt.Fprintf(b, "| `%s` | %d | `%s` |\n", file, r.Files[file].Size, r.Files[file].SHA256)
	}
	return nil
}

// cardCounts takes the numbers from the stage's report, where it writes one, those
// of its parts included.
func cardCounts(b *bytes.Buffer, dir string) error {
	if dir == "" {
		return nil
	}
	var report map[string]any
	if err := readJSON(filepath.Join(dir, reportFile), &report); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if counts := countsOf("", report); len(counts) > 0 {
		fmt.Fprintf(b, "\nCounts: %s. The stage's `%s` has more.\n", strings.Join(counts, ", "), reportFile)
	}
	return nil
}

// countsOf lists the numbers and texts of a report, and of the objects in it.
func countsOf(prefix string, report map[string]any) (counts []string) {
	for _, key := range slices.Sorted(maps.Keys(report)) {
		name := prefix + strings.ReplaceAll(key, "_", " ")
		switch value := report[key].(type) {
		case float64:
			counts = append(counts, fmt.Sprintf("%s %.12g", name, value))
		case string:
			counts = append(counts, fmt.Sprintf("%s %s", name, value))
		case map[string]any:
			if prefix == "" {
				counts = append(counts, countsOf(name+": ", value)...)
			}
		}
	}
	return counts
}

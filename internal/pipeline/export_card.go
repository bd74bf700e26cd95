package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"wakong/internal/modelfolder"
	"wakong/internal/stage"
	"wakong/model"
)

// whatIsExported says, for each format, what the folder is for.
var whatIsExported = map[string]string{
	ExportFolder: "A trained network with all that `pipeline predict --model` and `pipeline serve --model` need.",
	ExportSafetensors: "A trained network as safetensors, with its vocabulary: line n of `vocab.tsv` is the word with\n" +
		"id n, id 0 the unknown word and padding.",
	ExportONNX: "A trained network for ONNX engines, with its vocabulary: line n of `vocab.tsv` is the word with\n" +
		"id n, id 0 the unknown word and padding.",
	ExportTorch: "Questions, vocabulary and word vectors that the network is trained from, and a script that trains\n" +
		"it with PyTorch. There is no trained network in this folder: `pipeline predict --model` takes it with\n" +
		"`--weights FILE`, the weights that the script writes.",
}

// modelCard describes the folder for people: what it is, where it comes from, under
// which licences, how good the network is, and how to make all of it again. It holds
// no time and no path of this machine.
func (e *exporter) modelCard(ctx context.Context) ([]byte, error) {
	var b bytes.Buffer
	title := "Model card"
	if e.options.Format == ExportTorch {
		title = "Data card"
	}
	fmt.Fprintf(&b, "# %s\n\n%s\nWritten by `pipeline export --format %s`, version %s.\n",
		title, whatIsExported[e.options.Format], e.options.Format, e.options.Program)
	if err := e.cardNetwork(ctx, &b); err != nil {
		return nil, err
	}
	b.WriteString("\n## Files\n\n| file | bytes | SHA-256 |\n| --- | --- | --- |\n")
	for _, name := range slices.Sorted(slices.Values(e.written)) {
		sum, err := modelfolder.Sum(ctx, filepath.Join(e.folder, name))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "| `%s` | %d | `%s` |\n", name, sum.Size, sum.SHA256)
	}
	from := e.lineage()
	if err := e.lockedSources(&b, from); err != nil {
		return nil, err
	}
	for _, name := range StageNames() {
		switch earlier, used := from[name]; {
		case !used:
		case earlier != "":
			fmt.Fprintf(&b, "\n## %s\n\nWhat was read is an earlier result, fingerprint `%s`. The workspace holds a newer one,\nwhich is not described here, nor is what the earlier one was made from.\n", name, earlier)
		default:
			if err := e.cardResult(&b, name); err != nil {
				return nil, err
			}
		}
	}
	e.cardRebuild(&b)
	return b.Bytes(), nil
}

// cardRebuild says how the folder can be made again, where its lock is known.
func (e *exporter) cardRebuild(b *bytes.Buffer) {
	b.WriteString("\n## How to rebuild\n\n")
	if !slices.Contains(e.written, stage.LockFile) {
		b.WriteString("What was read are earlier results than the workspace's, and the lock that named them is not known:\nthe fingerprints above are what is left to compare with.\n")
		return
	}
	weights := ""
	if e.options.Weights != "" {
		weights = " --weights FILE"
		b.WriteString("The weights stay those of the file named above. All else comes from the configuration, the inputs named above,\nand `pipeline.lock` of this folder:\n")
	} else {
		b.WriteString("With the configuration and the inputs named above, and `pipeline.lock` of this folder:\n")
	}
	fmt.Fprintf(b, "\n    pipeline run --locked pipeline.lock --workspace anew\n    pipeline export --format %s%s --workspace anew --output NAME\n", e.options.Format, weights)
}

// cardNetwork describes the network and how good it is.
func (e *exporter) cardNetwork(ctx context.Context, b *bytes.Buffer) error {
	c := e.card
	b.WriteString(`
## The network

It reads a segmented Chinese passage with one blank and gives each word of the passage a
probability to be the one that belongs there. The answer is always a word of the passage.

`)
	fmt.Fprintf(b, "Network `%s`: %d layers of %d LSTM units a direction, word vectors of size %d, %d words.\n", c.Network, c.Layers, c.Units, c.VectorSize, c.Vocabulary-1)
	switch {
	case e.options.Format == ExportTorch:
	case e.options.Weights != "":
		sum, err := modelfolder.Sum(ctx, e.options.Weights)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "\nIts weights were trained elsewhere and come from a file with SHA-256 `%s`; nothing is known here\nof their accuracy. What stands below about the stage train is of the network whose place they take.\n", sum.SHA256)
	default:
		return e.cardAccuracy(b)
	}
	return nil
}

// cardAccuracy tells what the training measured.
func (e *exporter) cardAccuracy(b *bytes.Buffer) error {
	metrics, err := e.of(Train, metricsFile)
	if err != nil {
		return err
	}
	if e.card.Accuracy == nil {
		fmt.Fprintf(b, "\nTrained for %d steps without validation questions: its accuracy was not measured.\n", e.card.Steps)
		return nil
	}
	chosen := "chosen for their accuracy"
	if e.card.Network == readerNetwork {
		chosen = "the last within a standard error of the best accuracy"
	}
	fmt.Fprintf(b, "\nThe weights are those of step %d of %d, %s on the %d validation questions.\nAccuracy from 0 to 1, as measured in training:\n\n| step | loss | accuracy |\n| --- | --- | --- |\n", e.card.BestStep, e.card.Steps, chosen, e.card.Questions)
	return open(metrics.path, func(in io.Reader) error {
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			var m model.Metric
			if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
				return fmt.Errorf("%s: %w", metrics.path, err)
			}
			if m.Best || m.Step == e.card.Steps {
				fmt.Fprintf(b, "| %d | %.4f | %.4f |\n", m.Step, m.Loss, m.Accuracy)
			}
		}
		return lines.Err()
	})
}

// cardResult describes a stage's result as the export was made from it.
func (e *exporter) cardResult(b *bytes.Buffer, name string) error {
	dir, record, err := e.workspace.Result(name)
	if errors.Is(err, stage.ErrNotRun) {
		// What it was made from is known, what it counted is gone.
		dir, record = "", e.workspace.Lock().Stages[name]
	} else if err != nil {
		return err
	}
	return cardStage(b, name, dir, record)
}

// lineage lists the stages that the export was made from. For one of which another
// result was read than the lock names now it has the fingerprint of that result, and
// none of the stages behind it.
func (e *exporter) lineage() map[string]string {
	lock := e.workspace.Lock()
	from := map[string]string{e.root: ""}
	// From the last stage to the first: all that read a stage are known before it.
	for _, name := range slices.Backward(StageNames()) {
		if earlier, used := from[name]; !used || earlier != "" {
			continue
		}
		needs := lock.Stages[name].Needs
		for _, needed := range slices.Sorted(maps.Keys(needs)) {
			earlier := ""
			for file, sum := range needs[needed].Files {
				if lock.Stages[needed].Files[file].SHA256 != sum {
					earlier = needs[needed].Fingerprint
				}
			}
			if before, seen := from[needed]; !seen || before == "" {
				from[needed] = earlier
			}
		}
	}
	return from
}

// lockedSources lists where text and questions come from: the sources that the lock
// names, with origin and licence as the configuration states them.
func (e *exporter) lockedSources(b *bytes.Buffer, from map[string]string) error {
	type source struct{ Path, Format string }
	var crawl struct {
		Sites []struct {
			Name  string
			Start []string
		}
	}
	var segment struct{ Sources []source }
	var build struct{ Train, Valid []source }
	lock := e.workspace.Lock()
	for name, params := range map[string]any{Crawl: &crawl, Segment: &segment, Build: &build} {
		record, ok := lock.Stages[name]
		if earlier, used := from[name]; ok && used && earlier == "" {
			if err := json.Unmarshal(record.Params, params); err != nil {
				return fmt.Errorf("%s: parameters of %s: %w", stage.LockFile, name, err)
			}
		}
	}
	cardTable(b)
	for _, s := range crawl.Sites {
		origin, license := listed(s.Start), ""
		for _, c := range e.config.Crawl.Sites {
			if c.Name == s.Name {
				origin, license = orElse(c.Origin, origin), c.License
			}
		}
		cardRow(b, "site "+s.Name, "web pages", origin, license)
	}
	for _, s := range segment.Sources {
		origin, license := "", ""
		for _, c := range e.config.Segment.Sources {
			if c.Path.Written() == s.Path && c.Format == s.Format {
				origin, license = c.Origin, c.License
			}
		}
		cardRow(b, "text "+s.Path, s.Format, origin, license)
	}
	questions := append(slices.Clone(e.config.Build.Train), e.config.Build.Valid...)
	for _, kind := range []struct {
		name string
		list []source
	}{{"questions to train on", build.Train}, {"questions to validate on", build.Valid}} {
		for _, s := range kind.list {
			origin, license, what := "", "", kind.name
			for _, c := range questions {
				if c.Path.Written() == s.Path && c.Format == s.Format {
					origin, license = c.Origin, c.License
				}
			}
			if s.Path != "" {
				what += " " + s.Path
			} else {
				origin = orElse(origin, "made from the text above")
				license = orElse(license, "that of the text")
			}
			cardRow(b, what, s.Format, origin, license)
		}
	}
	return nil
}

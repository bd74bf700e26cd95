package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"

	"wakong/corpus"
	"wakong/internal/curve"
	"wakong/model"
)

// Curve draws the metrics of trainings, the workspace's where no files are
// named, to an SVG file.
func Curve(ctx context.Context, o WorkspaceOptions, files []string, output string) error {
	var runs []curve.Run
	if len(files) == 0 {
		w, err := openWorkspace(ctx, o, true)
		if err != nil {
			return err
		}
		path, err := w.File(Train, metricsFile)
		if err != nil {
			return noModel(o.Dir, err)
		}
		files = []string{path}
	}
	for _, name := range files {
		metrics, err := readMetrics(ctx, name)
		if err != nil {
			return err
		}
		runs = append(runs, curve.Run{Name: name, Metrics: metrics})
	}
	var picture bytes.Buffer
	if err := curve.Write(&picture, runs); err != nil {
		return err
	}
	if output == standardStream {
		_, err := o.Reporter.Out().Write(picture.Bytes())
		return err
	}
	if err := WriteFile(ctx, output, picture.Bytes()); err != nil {
		return err
	}
	o.Reporter.Info("", "wrote %s", output)
	return nil
}

// readMetrics reads metrics.jsonl.
func readMetrics(ctx context.Context, name string) (all []model.Metric, err error) {
	err = openFile(ctx, name, func(in io.Reader) error {
		lines := bufio.NewScanner(in)
		n := 0
		for lines.Scan() {
			n++
			var m model.Metric
			if err := json.Unmarshal(lines.Bytes(), &m); err != nil || m.Step < 1 {
				return &corpus.InputError{File: name, Line: n, Found: "no metric", Want: "a line of metrics.jsonl, as the stage train writes it", Err: err}
			}
			all = append(all, m)
		}
		if err := lines.Err(); err != nil {
			return &corpus.InputError{File: name, Line: n + 1, Err: err}
		}
		return nil
	})
	return all, err
}

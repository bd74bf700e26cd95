package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wakong/crawl"
	"wakong/internal/report"
	"wakong/internal/stage"
)

// ReportOptions say what Report writes.
type ReportOptions struct {
	// Others are further workspaces whose trainings are shown beside.
	Others []string
	// Output is a file, or "-" for the standard output.
	Output string
}

// Report writes a page about the workspace. What the workspace does not hold is
// left out, and so is what cannot be read, with a warning and a word on the page;
// nothing is run but the network, on the validation questions.
func (p *Pipeline) Report(ctx context.Context, o ReportOptions) error {
	if err := p.place.exists(); err != nil {
		return err
	}
	if err := p.open(ctx, true); err != nil {
		return err
	}
	var page report.Page
	for _, part := range []struct {
		name string
		show func(context.Context, *report.Page) error
	}{
		{"stages", p.reportStages}, {Crawl, p.reportCrawl}, {"corpus", p.reportCorpus}, {"vectors", p.reportVectors},
		{"training", func(ctx context.Context, page *report.Page) error { return p.reportRuns(ctx, page, o.Others) }},
		{"answers", p.reportAnswers},
	} {
		err := part.show(ctx, &page)
		if ctx.Err() != nil || errors.Is(err, ErrUsage) {
			return err
		}
		if err != nil {
			p.leaveOut(&page, part.name, err)
		}
	}
	var out bytes.Buffer
	if err := report.Write(&out, page); err != nil {
		return err
	}
	if o.Output == standardStream {
		_, err := p.ui.Out().Write(out.Bytes())
		return err
	}
	if err := WriteFile(ctx, o.Output, out.Bytes()); err != nil {
		return err
	}
	p.ui.Info("", "wrote %s", o.Output)
	return nil
}

// leaveOut says, here and on the page, why a part of it is not there. The page
// names no folder of this machine.
func (p *Pipeline) leaveOut(page *report.Page, part string, err error) {
	p.ui.Warn("report", "the part %s is left out: %v", part, err)
	reason := strings.ReplaceAll(err.Error(), p.place.Dir+string(filepath.Separator), "")
	page.LeftOut = append(page.LeftOut, report.LeftOut{Part: part, Reason: reason})
}

// reportStages tells the states of the stages and what the lock names.
func (p *Pipeline) reportStages(ctx context.Context, page *report.Page) error {
	lock := p.workspace.Lock()
	stages, err := p.stages()
	page.Judged = err == nil && (!p.demonstration || ofDemonstration(lock))
	if err != nil {
		p.leaveOut(page, "stages", err)
	}
	if !page.Judged {
		stages = recorded(lock)
	}
	status, err := p.workspace.Status(ctx, stages)
	if err != nil {
		return err
	}
	shown := map[string]report.Stage{}
	for _, s := range status {
		state := string(s.State)
		if !page.Judged && s.State == stage.Fresh {
			state = "kept"
		}
		shown[s.Stage] = report.Stage{Name: s.Stage, State: state, Reason: s.Reason}
	}
	for _, s := range stages {
		if of, ok := shown[s.Name]; ok {
			for _, n := range s.Needs {
				if _, ok := shown[n.Stage]; ok {
					of.Needs = append(of.Needs, n.Stage)
				}
			}
			shown[s.Name] = of
		}
	}
	for _, name := range StageNames() {
		s, ok := shown[name]
		if !ok {
			continue
		}
		if dir, record, err := p.workspace.Result(name); err == nil {
			s.Fingerprint, s.Params, s.Made = record.Fingerprint, record.Params, record.Environment
			for _, file := range slices.Sorted(maps.Keys(record.Files)) {
				s.Files = append(s.Files, report.File{Name: file, Bytes: record.Files[file].Size})
			}
			t, err := timing(dir)
			if err != nil {
				return err
			}
			s.Seconds, s.Attempts = t.Seconds, t.Attempts
		}
		page.Stages = append(page.Stages, s)
	}
	return nil
}

// ofDemonstration tells whether the results are those of the demonstration.
func ofDemonstration(l *stage.Lock) bool {
	_, ok := l.Stages[Crawl].Inputs[demonstrationSite]
	return ok || len(l.Stages) == 0
}

// timing reads a result's timing.jsonl, a log that may be missing.
func timing(dir string) (report.Timing, error) {
	data, err := os.ReadFile(filepath.Join(dir, timingFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return report.Timing{}, err
	}
	return report.ReadTiming(data), nil
}

func (p *Pipeline) reportCrawl(_ context.Context, page *report.Page) error {
	path, ok, err := p.resultFile(Crawl, reportFile)
	if !ok || err != nil {
		return err
	}
	var read crawl.Report
	if err := readJSON(path, &read); err != nil {
		return err
	}
	page.Crawl = &read
	return nil
}

// resultFile is a file of the result that the lock names, if there is one.
func (p *Pipeline) resultFile(stageName, file string) (path string, ok bool, err error) {
	path, err = p.workspace.File(stageName, file)
	if errors.Is(err, stage.ErrNotRun) {
		return "", false, nil
	}
	return path, err == nil, err
}

// reportRuns collects the trainings of the workspace, the one that the lock
// names first, and those of others.
func (p *Pipeline) reportRuns(ctx context.Context, page *report.Page, others []string) error {
	type training struct {
		stage.Cached
		name    string
		current bool
	}
	var all []training
	seen := map[string]bool{}
	add := func(w *stage.Workspace, place string) error {
		found, err := w.Cached(Train)
		if err != nil {
			return err
		}
		current := w.Lock().Stages[Train].Fingerprint
		slices.SortStableFunc(found, func(a, b stage.Cached) int {
			return order(a.Fingerprint != current, b.Fingerprint != current)
		})
		for _, c := range found {
			if seen[c.Fingerprint] {
				continue
			}
			seen[c.Fingerprint] = true
			all = append(all, training{c, place + c.Fingerprint[:8], place == "" && c.Fingerprint == current})
		}
		return nil
	}
	if err := add(p.workspace, ""); err != nil {
		return err
	}
	for _, dir := range others {
		o := WorkspaceOptions{Dir: dir, NoWait: p.place.NoWait, Reporter: p.ui}
		if err := o.exists(); err != nil {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
		w, err := openWorkspace(ctx, o, true)
		if err != nil {
			return err
		}
		if err := errors.Join(add(w, filepath.ToSlash(dir)+" "), w.Close()); err != nil {
			return err
		}
	}
	var params []json.RawMessage
	for _, t := range all {
		run, err := readRun(ctx, t.Cached)
		if err != nil {
			p.leaveOut(page, "training", err)
			continue
		}
		run.Name, run.Current = t.name, t.current
		page.Runs = append(page.Runs, run)
		made, err := madeOf(t.Cached)
		if err != nil {
			return err
		}
		params = append(params, made)
	}
	var err error
	page.Settings, err = report.Differences(params)
	return err
}

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// madeOf are a training's parameters and the beginnings of the hashes of what it
// read.
func madeOf(c stage.Cached) (json.RawMessage, error) {
	reads := map[string]string{}
	for name, files := range c.Needs {
		for file, sum := range files {
			reads[name+"/"+file] = sum[:min(8, len(sum))]
		}
	}
	return json.Marshal(map[string]any{"train": c.Params, "read": reads})
}

// readRun reads what a training left.
func readRun(ctx context.Context, c stage.Cached) (run report.Run, err error) {
	var card modelCard
	if err := readJSON(filepath.Join(c.Dir, modelFile), &card); err != nil {
		return run, err
	}
	t, err := timing(c.Dir)
	if err != nil {
		return run, err
	}
	run = report.Run{
		Network: card.Network, Steps: card.Steps, Best: card.BestStep, Accuracy: card.Accuracy, Questions: card.Questions,
		Speed: t.Speed, Seconds: t.Seconds, Kernel: c.Environment["kernel"],
	}
	run.Metrics, err = readMetrics(ctx, filepath.Join(c.Dir, metricsFile))
	return run, err
}

package pipeline

import (
	"context"
	"errors"
	"fmt"

	"wakong/internal/stage"
	"wakong/internal/ui"
)

// RunOptions say what Run does.
type RunOptions struct {
	// Stage is the stage to run after what it needs; empty means all.
	Stage string
	// DryRun says what would be done and does nothing.
	DryRun bool
	// Locked is the path of an exported lock that the results must agree with.
	Locked string
	// Offline crawls from the archives of earlier crawls, without the network.
	Offline bool
	// Refresh asks the sites of an ended crawl again for what changed.
	Refresh bool
}

// Run brings the workspace up to date.
func (p *Pipeline) Run(ctx context.Context, o RunOptions) error {
	p.offline = o.Offline
	stages, err := p.stages()
	if err != nil {
		return err
	}
	if o.DryRun {
		return p.dryRun(ctx, stages, o.Stage)
	}
	if o.Locked != "" {
		// Before hours of work: is it a lock at all?
		if _, err := stage.ReadLock(o.Locked); err != nil {
			return err
		}
	}
	if p.demonstration && o.Stage == "" {
		p.ui.Info("", "no configuration: running the built-in demonstration")
	}
	if err := stage.CheckWork(stages, o.Stage); err != nil {
		return err
	}
	if err := p.probe(ctx, needed(stages, o.Stage)); err != nil {
		return err
	}
	if err := p.open(ctx, false); err != nil {
		return err
	}
	if err := p.refuseOthers(); err != nil {
		return err
	}
	// Another process that held the workspace may have begun a refresh.
	if stages, err = p.stages(); err != nil {
		return err
	}
	if o.Refresh {
		if stages, err = p.refresh(ctx, stages); err != nil {
			return err
		}
	}
	if o.Offline && len(p.config.Crawl.Archives) == 0 {
		if p.archives, err = p.crawlArchives(); err != nil {
			return err
		}
	}
	p.findTimes(ctx, stages, o.Stage)
	_, err = p.workspace.Execute(ctx, stages, stage.ExecOptions{Target: o.Stage, OnEvent: p.event})
	// Where a stage behind it has failed, the crawl has ended all the same.
	if err := errors.Join(err, p.noteEnded()); err != nil {
		return err
	}
	if o.Locked != "" {
		var only []string
		if o.Stage != "" {
			for name := range needed(stages, o.Stage) {
				only = append(only, name)
			}
		}
		if err := p.workspace.CompareLocked(o.Locked, only...); err != nil {
			return err
		}
		p.ui.Info("", "the results are those of %s", o.Locked)
	}
	if p.demonstration && (o.Stage == "" || o.Stage == Predict) {
		return p.showDemonstration(ctx)
	}
	return nil
}

// refuseOthers keeps the demonstration out of a workspace with results of a
// configuration: where one was meant and not named, its records would be replaced, and
// what an interrupted stage has left be taken for nobody's.
func (p *Pipeline) refuseOthers() error {
	if !p.demonstration || p.workspace.LockDamage() == nil && ofDemonstration(p.workspace.Lock()) {
		return nil
	}
	return fmt.Errorf("%w: the workspace %s holds results of a configuration, or its lock is damaged, and no configuration was found: name it with -c, or for the demonstration another workspace with -w", ErrUsage, p.place.Dir)
}

// needed are the names of a stage and all stages before it that have input, or
// of all stages.
func needed(stages []stage.Stage, target string) map[string]bool {
	out := map[string]bool{}
	byName := map[string]stage.Stage{}
	for _, s := range stages {
		byName[s.Name] = s
	}
	var visit func(name string)
	visit = func(name string) {
		s := byName[name]
		if out[name] || s.Skip != "" {
			return
		}
		out[name] = true
		for _, n := range s.Needs {
			visit(n.Stage)
		}
	}
	for _, s := range stages {
		if target == "" || s.Name == target {
			visit(s.Name)
		}
	}
	return out
}

func (p *Pipeline) dryRun(ctx context.Context, stages []stage.Stage, target string) error {
	if err := p.open(ctx, true); err != nil {
		return err
	}
	plans, err := p.workspace.DryRun(ctx, stages, target)
	if err != nil {
		return err
	}
	words := map[stage.Action]string{
		stage.ActionSkip: "skip", stage.ActionFresh: "nothing to do", stage.ActionCached: "use an earlier result",
		stage.ActionRun: "run", stage.ActionMaybe: "run where what it needs changes",
	}
	for _, plan := range plans {
		line := fmt.Sprintf("%-8s %s", plan.Stage, words[plan.Action])
		if plan.Reason != "" {
			line += ": " + plan.Reason
		}
		p.ui.Printf("%s\n", line)
	}
	return stage.CheckWork(stages, target)
}

// units are what the stages' progress counts, until they say otherwise.
var units = map[string]string{Crawl: "addresses", Segment: "documents", Embed: "words", Build: "questions", Train: "steps", Predict: "questions"}

// event shows what the cache does.
func (p *Pipeline) event(e stage.Event) {
	told := func(kind, message string) {
		p.ui.Tell(ui.Event{Event: kind, Stage: e.Stage, Number: e.Number, Of: e.Of, Message: message})
	}
	start := func() {
		p.task = p.ui.StartAs(ui.TaskOptions{Number: e.Number, Of: e.Of, Resumed: e.Resumed, Unit: units[e.Stage], Run: p.runTimes(e.Stage)}, e.Stage, "%s", e.Message)
	}
	switch e.Kind {
	case stage.EventSkip:
		told("skipped", e.Message)
		p.ui.Text(e.Stage, "skipped, %s", e.Message)
	case stage.EventFresh:
		told("fresh", "up to date")
	case stage.EventCached:
		told("cached", "an earlier result is used again")
		p.ui.Text(e.Stage, "an earlier result is used again")
	case stage.EventStart:
		start()
	case stage.EventDone:
		if p.task == nil {
			// The rename was all that an interrupted run had left to do.
			e.Message = ""
			start()
		}
		p.task.Done("done in %s", p.task.Took())
		p.task = nil
	case stage.EventFailed:
		if p.task != nil {
			p.task.Stop(e.Err)
			p.task = nil
		}
	case stage.EventNotice:
		p.ui.Info(e.Stage, "%s", e.Message)
	case stage.EventWarning:
		p.ui.Warn(e.Stage, "%s", e.Message)
	case stage.EventFinished:
		p.ui.Info("", "%s", e.Message)
	}
}

package pipeline

import (
	"context"
	"time"

	"wakong/internal/stage"
	"wakong/internal/ui"
)

// stageTime is how long a stage that will run took when it ran before, with
// whatever settings; 0 where it never did.
type stageTime struct {
	stage string
	took  time.Duration
}

// findTimes looks for the times of the stages that a run will have to do. What
// stops it will stop the run, and is told there.
func (p *Pipeline) findTimes(ctx context.Context, stages []stage.Stage, target string) {
	p.times = nil
	plans, err := p.workspace.DryRun(ctx, stages, target)
	if err != nil {
		return
	}
	for _, plan := range plans {
		if plan.Action == stage.ActionRun || plan.Action == stage.ActionMaybe {
			p.times = append(p.times, stageTime{plan.Stage, p.lastTime(plan.Stage)})
		}
	}
}

// lastTime is how long the attempts at the stage's last result took together, of
// the result that the lock names, or else of any: 0 where there is none.
func (p *Pipeline) lastTime(name string) time.Duration {
	var dirs []string
	if dir, _, err := p.workspace.Result(name); err == nil {
		dirs = append(dirs, dir)
	}
	if cached, err := p.workspace.Cached(name); err == nil {
		for _, c := range cached {
			dirs = append(dirs, c.Dir)
		}
	}
	for _, dir := range dirs {
		if t, err := timing(dir); err == nil && t.Seconds > 0 {
			return time.Duration(t.Seconds * float64(time.Second))
		}
	}
	return 0
}

// runTimes are the times of a stage and of those that will run after it.
func (p *Pipeline) runTimes(name string) (r ui.RunTimes) {
	later := false
	for _, t := range p.times {
		switch {
		case t.stage == name:
			later, r.Own = true, t.took
		case later && t.took == 0:
			r.Unknown = append(r.Unknown, t.stage)
		case later:
			r.Later += t.took
		}
	}
	return r
}

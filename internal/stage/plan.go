package stage

import "context"

// An Action is what Execute would do with a stage.
type Action string

const (
	ActionSkip   Action = "skip"   // it has no input
	ActionFresh  Action = "fresh"  // nothing
	ActionCached Action = "cached" // use a result made earlier
	ActionRun    Action = "run"    // run it
	ActionMaybe  Action = "maybe"  // run it where a stage before it gives something new
)

// A Plan is what Execute would do with one stage, and why.
type Plan struct {
	Stage  string `json:"stage"`
	Action Action `json:"action"`
	Reason string `json:"reason"`
}

// DryRun tells what Execute would do, and does nothing. An empty target means
// all stages.
func (w *Workspace) DryRun(ctx context.Context, stages []Stage, target string) ([]Plan, error) {
	all, err := w.resolveAll(ctx, stages, target)
	if err != nil {
		return nil, err
	}
	plans := []Plan{}
	for _, r := range all {
		p := Plan{Stage: r.stage.Name, Action: ActionRun}
		if r.stage.Skip != "" {
			p.Action, p.Reason = ActionSkip, r.stage.Skip
			plans = append(plans, p)
			continue
		}
		var state State
		state, p.Reason = w.state(r)
		switch {
		case state == Fresh:
			p.Action = ActionFresh
		case r.entry != nil:
			p.Action = ActionCached
		case r.maybe && state == Stale && len(changes(r, w.lock.Stages[r.stage.Name])) == 0:
			p.Action = ActionMaybe
		}
		plans = append(plans, p)
	}
	return plans, nil
}

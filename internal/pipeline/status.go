package pipeline

import (
	"context"
	"encoding/json"
)

// Status tells for each stage that has input whether its result is fresh.
func (p *Pipeline) Status(ctx context.Context, asJSON bool) error {
	stages, err := p.stages()
	if err != nil {
		return err
	}
	if err := p.open(ctx, true); err != nil {
		return err
	}
	list, err := p.workspace.Status(ctx, stages)
	if err != nil {
		return err
	}
	if asJSON {
		e := json.NewEncoder(p.ui.Out())
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(list)
	}
	if len(list) == 0 {
		p.ui.Info("", "no stage has an input")
	}
	for _, s := range list {
		switch {
		case s.Reason != "":
			p.ui.Printf("%-8s %-8s %s\n", s.Stage, s.State, s.Reason)
		case s.Notice != "":
			p.ui.Printf("%-8s %-8s (%s)\n", s.Stage, s.State, s.Notice)
		default:
			p.ui.Printf("%-8s %s\n", s.Stage, s.State)
		}
	}
	return nil
}

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wakong/internal/snapshot"
	"wakong/internal/stage"
)

// CreateSnapshot packs the fresh results, or those of one stage and of what it
// was made from, into a file.
func (p *Pipeline) CreateSnapshot(ctx context.Context, file, only string) error {
	if only != "" && !slices.Contains(StageNames(), only) {
		return fmt.Errorf("%w: there is no stage %q; the stages are %s", ErrUsage, only, strings.Join(StageNames(), ", "))
	}
	if err := p.place.exists(); err != nil {
		return err
	}
	if _, err := p.stages(); err != nil {
		return err
	}
	// Held, so that nothing is removed while it is packed.
	if err := p.open(ctx, false); err != nil {
		return err
	}
	stages, err := p.stages() // as they are now
	if err != nil {
		return err
	}
	status, err := p.workspace.Status(ctx, stages)
	if err != nil {
		return err
	}
	packed, err := p.packed(status, only)
	if err != nil {
		return err
	}
	card, err := p.card(packed)
	if err != nil {
		return err
	}
	if err := work(p.ui, "snapshot", "bytes", func(progress func(done, total int64)) error {
		return snapshot.Create(ctx, file, p.workspace, packed, card, progress)
	}); err != nil {
		return err
	}
	p.ui.Info("", "wrote %s: %s", file, strings.Join(packed, ", "))
	return nil
}

// packed are the names of the stages that go into a snapshot.
func (p *Pipeline) packed(status []stage.Status, only string) ([]string, error) {
	wanted := map[string]bool{}
	if only != "" {
		wanted = p.madeFrom(only)
	}
	var names []string
	for _, s := range status {
		switch {
		case only != "" && !wanted[s.Stage]:
		case s.State == stage.Fresh:
			names = append(names, s.Stage)
		case only != "":
			return nil, fmt.Errorf("%s is %s: %s; 'pipeline run %s' makes it fresh", s.Stage, s.State, s.Reason, only)
		default:
			p.ui.Info("", "left out: %s is %s: %s", s.Stage, s.State, s.Reason)
		}
	}
	if len(names) == 0 || only != "" && !slices.Contains(names, only) {
		return nil, errors.New("no stage is fresh, there is nothing to pack; 'pipeline run' makes results")
	}
	return names, nil
}

// madeFrom is a stage with all those that its result was made from.
func (p *Pipeline) madeFrom(name string) map[string]bool {
	found := map[string]bool{}
	next := []string{name}
	for len(next) > 0 {
		name, next = next[0], next[1:]
		if found[name] {
			continue
		}
		found[name] = true
		for needed := range p.workspace.Lock().Stages[name].Needs {
			next = append(next, needed)
		}
	}
	return found
}

// VerifySnapshot reads a whole snapshot and compares all in it with its hashes.
func VerifySnapshot(ctx context.Context, o WorkspaceOptions, file string, limit int64) error {
	var c *snapshot.Contents
	if err := work(o.Reporter, "snapshot", "bytes", func(progress func(done, total int64)) (err error) {
		c, err = snapshot.Verify(ctx, file, limit, progress)
		return err
	}); err != nil {
		return err
	}
	o.Reporter.Info("", "%s is whole and unaltered: %s, %.1f MB", file, strings.Join(snapshotStages(c), ", "), float64(c.Size)/1e6)
	return nil
}

// RestoreSnapshot makes the workspace of a snapshot.
func RestoreSnapshot(ctx context.Context, o WorkspaceOptions, file string, limit int64) error {
	var c *snapshot.Contents
	if err := work(o.Reporter, "snapshot", "bytes", func(progress func(done, total int64)) (err error) {
		c, err = snapshot.Restore(ctx, file, o.Dir, limit, progress)
		return err
	}); err != nil {
		return err
	}
	o.Reporter.Info("", "restored %s: %s", o.Dir, strings.Join(snapshotStages(c), ", "))
	return nil
}

// snapshotStages lists the stages of a snapshot in their order.
func snapshotStages(c *snapshot.Contents) (names []string) {
	for _, name := range StageNames() {
		if _, ok := c.Lock.Stages[name]; ok {
			names = append(names, name)
		}
	}
	return names
}

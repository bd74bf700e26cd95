package pipeline

import (
	"context"
	"fmt"

	"wakong/internal/stage"
	"wakong/internal/ui"
)

// WorkspaceOptions are for what needs the workspace and no configuration.
type WorkspaceOptions struct {
	Dir      string
	NoWait   bool
	Reporter *ui.Reporter
}

func openWorkspace(ctx context.Context, o WorkspaceOptions, readOnly bool) (*stage.Workspace, error) {
	return stage.Open(ctx, o.Dir, stage.OpenOptions{
		Wait:     !o.NoWait,
		ReadOnly: readOnly,
		OnWait: func(holder string) {
			o.Reporter.Info("", "waiting for the workspace %s, held by %s", o.Dir, holder)
		},
	})
}

// Verify hashes all results again and lists what is wrong. A problem is an
// error, unless repair moves the broken results aside.
func Verify(ctx context.Context, o WorkspaceOptions, repair bool) error {
	w, err := openWorkspace(ctx, o, !repair)
	if err != nil {
		return err
	}
	defer w.Close()
	problems, err := w.Verify(ctx)
	if err != nil {
		return err
	}
	for _, problem := range problems {
		o.Reporter.Printf("%s\n", problem)
	}
	switch {
	case len(problems) == 0:
		o.Reporter.Info("", "all results are as they were written")
		return nil
	case repair:
		if err := w.Repair(problems); err != nil {
			return err
		}
		o.Reporter.Info("", "what is broken was moved aside; the next run makes it anew")
		return nil
	}
	return fmt.Errorf("%d problems in the workspace %s; 'pipeline verify --repair' moves what is broken aside, the next run makes it anew", len(problems), o.Dir)
}

// ExportLock writes a copy of the lock to a file.
func ExportLock(ctx context.Context, o WorkspaceOptions, file string) error {
	w, err := openWorkspace(ctx, o, true)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.ExportLock(file); err != nil {
		return err
	}
	o.Reporter.Info("", "wrote %s", file)
	return nil
}

// GC removes results that the lock does not name.
func (p *Pipeline) GC(ctx context.Context) error {
	stages, err := p.stages()
	if err != nil {
		return err
	}
	removed, bytes, err := p.workspace.GC(ctx, stages)
	for _, folder := range removed {
		p.ui.Info("", "removed %s", folder)
	}
	if err != nil {
		return err
	}
	p.ui.Info("", "%d folders with %.1f MB removed", len(removed), float64(bytes)/1e6)
	return nil
}

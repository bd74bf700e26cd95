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

// exists says that there is no workspace where there is none: a name mistyped
// must not look like a workspace in which all is well.
func (o WorkspaceOptions) exists() error {
	if !stage.Exists(o.Dir) {
		return fmt.Errorf("there is no workspace %s; --workspace names the folder of the results", o.Dir)
	}
	return nil
}

// Verify hashes all results again and lists what is wrong. A problem is an
// error, unless repair moves the broken results aside.
func Verify(ctx context.Context, o WorkspaceOptions, repair bool) error {
	if err := o.exists(); err != nil {
		return err
	}
	w, err := openWorkspace(ctx, o, !repair)
	if err != nil {
		return err
	}
	defer w.Close()
	var problems []stage.Problem
	if err := work(o.Reporter, "verify", "bytes", func(progress func(done, total int64)) error {
		problems, err = w.Verify(ctx, progress)
		return err
	}); err != nil {
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
	return fmt.Errorf("%s in the workspace %s; 'pipeline verify --repair' moves what is broken aside, the next run makes it anew", counted(len(problems), "problem"), o.Dir)
}

// ExportLock writes a copy of the lock to a file, or to the standard output for
// "-".
func ExportLock(ctx context.Context, o WorkspaceOptions, file string) error {
	if err := o.exists(); err != nil {
		return err
	}
	w, err := openWorkspace(ctx, o, true)
	if err != nil {
		return err
	}
	defer w.Close()
	data, err := w.EncodeLock()
	if err != nil {
		return err
	}
	if file == standardStream {
		_, err := o.Reporter.Out().Write(data)
		return err
	}
	if err := WriteFile(ctx, file, data); err != nil {
		return err
	}
	o.Reporter.Info("", "wrote %s", file)
	return nil
}

// GC removes results that the lock does not name.
func (p *Pipeline) GC(ctx context.Context) error {
	if err := p.place.exists(); err != nil {
		return err
	}
	if _, err := p.stages(); err != nil {
		return err
	}
	if err := p.open(ctx, false); err != nil {
		return err
	}
	if err := p.refuseOthers(); err != nil {
		return err
	}
	// What was added while another process held the workspace is in its results.
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
	p.ui.Info("", "%s with %.1f MB removed", counted(len(removed), "folder"), float64(bytes)/1e6)
	return nil
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

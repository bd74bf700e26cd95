package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

// runOptions are the flags of "pipeline run".
type runOptions struct {
	stage   string
	dryRun  bool
	locked  string
	offline bool // of a crawl, as is refresh
	refresh bool
	// archives are those from which to crawl, in place of crawl.archives.
	archives []string
}

// AddFlags puts the flags into a command.
func (o *runOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would run, and why, and do nothing")
	cmd.Flags().StringVar(&o.locked, "locked", "", "fail where a result differs from this lock `file`, see 'pipeline lock --export'")
	cmd.MarkFlagFilename("locked")
}

func newRunCommand(a *app) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [STAGE]",
		Short: "Run all stages that are not up to date",
		Long: `Runs every stage whose result is missing or was made with other inputs,
parameters or code, in their order. With STAGE, runs what that stage needs, then
the stage. Stages without input are skipped.

All inputs are opened and their first samples parsed before any stage runs.`,
		Example: `  pipeline run
  pipeline run --dry-run
  pipeline run embed
  pipeline run --locked pipeline.lock`,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), aStage),
		ValidArgs: pipeline.StageNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.stage = args[0]
			}
			return runRun(cmd.Context(), a, o)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

// aStage refuses an argument that is no stage, and says which there are.
func aStage(_ *cobra.Command, args []string) error {
	for _, arg := range args {
		if !slices.Contains(pipeline.StageNames(), arg) {
			return fmt.Errorf("there is no stage %q; the stages are %s", arg, strings.Join(pipeline.StageNames(), ", "))
		}
	}
	return nil
}

func runRun(ctx context.Context, a *app, o runOptions) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.UseArchives(o.archives); err != nil {
		return err
	}
	return p.Run(ctx, pipeline.RunOptions{Stage: o.stage, DryRun: o.dryRun, Locked: o.locked, Offline: o.offline, Refresh: o.refresh})
}

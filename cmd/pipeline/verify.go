package main

import (
	"context"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

func newVerifyCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Hash all results again and compare",
		Long: `Reads every file of every result that the workspace's lock names, and says which
of them are missing or are not what was written. Needs no configuration.`,
		Example: `  pipeline verify
  pipeline verify -w /data/tales`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runVerify(cmd.Context(), a)
		},
	}
}

func runVerify(ctx context.Context, a *app) error {
	return pipeline.Verify(ctx, a.workspaceOptions())
}

// workspaceOptions are for commands that need the workspace and no
// configuration.
func (a *app) workspaceOptions() pipeline.WorkspaceOptions {
	return pipeline.WorkspaceOptions{Dir: a.workspace, NoWait: a.noWait, Reporter: a.reporter.Load()}
}

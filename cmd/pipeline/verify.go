package main

import (
	"context"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

// verifyOptions are the flags of "pipeline verify".
type verifyOptions struct{ repair bool }

// AddFlags puts the flags into a command.
func (o *verifyOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.repair, "repair", false, "move broken results aside, so that the next run makes them anew")
}

func newVerifyCommand(a *app) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Hash all results again and compare",
		Long: `Reads every file of every result in the workspace, and says which of them are
missing or are not what was written. Needs no configuration.`,
		Example: `  pipeline verify
  pipeline verify --repair && pipeline run`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runVerify(cmd.Context(), a, o)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runVerify(ctx context.Context, a *app, o verifyOptions) error {
	return pipeline.Verify(ctx, a.workspaceOptions(), o.repair)
}

// workspaceOptions are for commands that need the workspace and no
// configuration.
func (a *app) workspaceOptions() pipeline.WorkspaceOptions {
	return pipeline.WorkspaceOptions{Dir: a.workspace, NoWait: a.noWait, Reporter: a.reporter.Load()}
}

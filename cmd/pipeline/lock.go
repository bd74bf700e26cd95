package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
)

// lockOptions are the flags of "pipeline lock".
type lockOptions struct{ export string }

// AddFlags puts the flags into a command.
func (o *lockOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.export, "export", "", "write a copy of the lock to this `file`, or to the standard output for -")
}

func newLockCommand(a *app) *cobra.Command {
	var o lockOptions
	cmd := &cobra.Command{
		Use:   "lock --export FILE",
		Short: "Write a copy of the workspace's lock",
		Long: `Writes a copy of the workspace's lock, which names for each stage the fingerprint,
the parameters, the inputs and the hash of every output file. Committed with a
project, it lets others check that they get the same: 'pipeline run --locked FILE'.`,
		Example: `  pipeline lock --export pipeline.lock
  pipeline run --locked pipeline.lock`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.export == "" {
				return &usageError{err: errors.New("--export FILE is missing; see 'pipeline lock --help'")}
			}
			return runLock(cmd.Context(), a, o)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runLock(ctx context.Context, a *app, o lockOptions) error {
	return pipeline.ExportLock(ctx, a.workspaceOptions(), o.export)
}

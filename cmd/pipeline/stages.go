package main

import (
	"context"

	"github.com/spf13/cobra"
)

// runStage is what the commands of the stages but predict do.
func runStage(ctx context.Context, a *app, name string) error {
	return runRun(ctx, a, runOptions{stage: name})
}

// stageCommand is the common shape of these commands.
func stageCommand(a *app, name, short, long, example string) *cobra.Command {
	return &cobra.Command{
		Use:     name,
		Short:   short,
		Long:    long,
		Example: example,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runStage(cmd.Context(), a, name)
		},
	}
}

package main

import (
	"context"

	"github.com/spf13/cobra"
)

func newGCCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "gc",
		Short: "Remove results that the lock does not name",
		Long: `Removes from the workspace the results of earlier parameters and inputs. Going
back to those will mean to compute them again. What a killed stage has left stays
where the configuration would go on with it, and goes otherwise.`,
		Example: `  pipeline gc`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runGC(cmd.Context(), a)
		},
	}
}

func runGC(ctx context.Context, a *app) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	return p.GC(ctx)
}

package main

import (
	"context"

	"github.com/spf13/cobra"
)

// statusOptions are the flags of "pipeline status".
type statusOptions struct{ json bool }

// AddFlags puts the flags into a command.
func (o *statusOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.json, "json", false, `a list of {"stage","state","reason","fingerprint"}`)
}

func newStatusCommand(a *app) *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell which stages are fresh, stale or missing, and why",
		Long: `Tells for every stage that has input whether its result is fresh, stale or
missing, and the reason in words. Changes nothing and waits for nobody.`,
		Example: `  pipeline status
  pipeline status --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runStatus(cmd.Context(), a, o)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runStatus(ctx context.Context, a *app, o statusOptions) error {
	p, err := a.open()
	if err != nil {
		return err
	}
	defer p.Close()
	return p.Status(ctx, o.json)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"wakong/internal/config"
	"wakong/internal/pipeline"
)

// initOptions are the flags of "pipeline init".
type initOptions struct{ force bool }

// AddFlags puts the flags into a command.
func (o *initOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite a file that is there")
}

func newInitCommand(a *app) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented configuration to start from",
		Long: `Writes a configuration file in which every setting stands at its default with a
comment, and every input is commented out. The file is the one that --config
names.`,
		Example: `  pipeline init
  pipeline init -c tales.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), a, o) },
	}
	o.AddFlags(cmd)
	return cmd
}

func runInit(ctx context.Context, a *app, o initOptions) error {
	if !o.force {
		_, err := os.Lstat(a.config)
		if err == nil {
			return fmt.Errorf("%s exists already; --force overwrites it", a.config)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := pipeline.WriteFile(ctx, a.config, []byte(config.Template())); err != nil {
		return err
	}
	a.reporter.Load().Info("", "wrote %s; name your inputs in it, then 'pipeline run'", a.config)
	return nil
}

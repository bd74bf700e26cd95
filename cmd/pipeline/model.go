package main

import (
	"errors"

	"github.com/spf13/cobra"

	"wakong/internal/config"
	"wakong/internal/pipeline"
)

// modelOptions are the flags that choose the network that answers.
type modelOptions struct{ folder, weights string }

// AddFlags puts the flags into a command.
func (o *modelOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.folder, "model", "", "`folder` that \"pipeline export\" wrote, in place of the workspace")
	f.StringVar(&o.weights, "weights", "", "safetensors `file` with weights in place of the network's own")
	cmd.MarkFlagDirname("model")
	cmd.MarkFlagFilename("weights", "safetensors")
}

// choice is what the flags have chosen.
func (o modelOptions) choice(cmd *cobra.Command) (pipeline.ModelChoice, error) {
	changed := cmd.Flags().Changed
	for _, flag := range []struct{ name, value string }{{"model", o.folder}, {"weights", o.weights}} {
		if changed(flag.name) && flag.value == "" {
			return pipeline.ModelChoice{}, &usageError{err: errors.New("--" + flag.name + " is empty, expected a path"), help: cmd.CommandPath()}
		}
	}
	if changed("model") && changed("workspace") {
		return pipeline.ModelChoice{}, &usageError{err: errors.New("--model and --workspace exclude each other: a folder that was exported needs no workspace"), help: cmd.CommandPath()}
	}
	return pipeline.ModelChoice{Folder: o.folder, Weights: o.weights}, nil
}

// modelSections are the parts of a configuration that a trained network needs.
func modelSections() []string { return []string{"predict", "train", "segment.user_dictionary"} }

// modelConfig reads them. With a folder, which brings its own settings along, a
// configuration is read only where a flag names one.
func (a *app) modelConfig(o modelOptions, without []string) (*config.Config, bool, error) {
	if o.folder != "" && !a.configGiven {
		return config.Default(), false, nil
	}
	c, demonstration, err := a.orDemonstration(config.LoadSections(a.config, modelSections(), without))
	if err == nil && c == nil {
		c = config.Default()
	}
	return c, demonstration, err
}

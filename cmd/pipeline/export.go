package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"wakong/internal/config"
	"wakong/internal/pipeline"
)

// exportOptions are the flags of "pipeline export".
type exportOptions struct{ format, output, weights string }

// AddFlags puts the flags into a command.
func (o *exportOptions) AddFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.format, "format", pipeline.ExportFolder, strings.Join(pipeline.ExportFormats(), ", "))
	f.StringVarP(&o.output, "output", "o", "", "`folder` that is made; must not exist or be empty")
	f.StringVar(&o.weights, "weights", "", "take the weights from a safetensors `file` in place of the workspace's")
	cmd.MarkFlagDirname("output")
	cmd.MarkFlagFilename("weights", "safetensors")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(pipeline.ExportFormats(), cobra.ShellCompDirectiveNoFileComp))
}

func newExportCommand(a *app) *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export -o FOLDER",
		Short: "Take the network along, or train it elsewhere",
		Long: `Writes the network that the workspace's lock names into a folder of its own, in one
of these formats:

  folder       all that "predict --model" and "serve --model" need on another machine
  safetensors  the weights for other programs, with the vocabulary
  onnx         the network for ONNX engines, with the vocabulary; of the network reader
               also a script for Node.js that makes its inputs and answers
  torch        questions, vocabulary and vectors, and a script that trains the network
               pointer with PyTorch; "predict --model FOLDER --weights FILE" then takes
               what it has trained

Each folder has a card, which tells sources with their licences, parameters, accuracy
and hashes, and a manifest with the hash of every file. It appears whole or not at
all. Reads no source of text and trains nothing. Origin and licence of the sources
come from the configuration.`,
		Example: `  pipeline export -o model
  pipeline predict --model model --input questions.jsonl --format jsonl
  pipeline serve --model model
  pipeline export --format onnx -o model-onnx
  pipeline export --format torch -o batches`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runExport(cmd.Context(), a, o)
		},
	}
	o.AddFlags(cmd)
	return cmd
}

func runExport(ctx context.Context, a *app, o exportOptions) error {
	if o.output == "" {
		return &usageError{err: errors.New("found no output, expected -o FOLDER"), help: "pipeline export"}
	}
	c, demonstration, err := a.loadConfig()
	if err != nil && config.Invalid(err) {
		// The sources that the configuration names may have gone with their
		// environment variables; only their licences are of use here.
		some, _, sectionsErr := a.orDemonstration(config.LoadSections(a.config, modelSections(), []string{"predict.input"}))
		if sectionsErr != nil {
			return err
		}
		a.reporter.Load().Warn("", "the card states no licences: %v", err)
		c, err = some, nil
	}
	if err != nil {
		return err
	}
	if c == nil {
		c = config.Default()
	}
	return pipeline.Export(ctx, a.workspaceOptions(), pipeline.ExportOptions{
		Format: o.format, Output: o.output, Weights: o.weights,
		Config: c, Demonstration: demonstration, Program: versionAlone(),
	})
}

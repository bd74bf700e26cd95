package main

import "github.com/spf13/cobra"

func newTrainCommand(a *app) *cobra.Command {
	return stageCommand(a, "train", "Train the network on the questions",
		`Trains the network, validates it every train.validate_every steps and keeps the
best weights. The stage's folder holds model.safetensors, model.json and
metrics.jsonl (step, loss, accuracy). A training that was stopped goes on from its
last checkpoint. Runs the stages before it where they are not up to date.`,
		`  pipeline train
  tail -f work/cache/train/*.partial/run.log     # while it runs`)
}

package main

import "github.com/spf13/cobra"

func newBuildCommand(a *app) *cobra.Command {
	return stageCommand(a, "build", "Turn questions into sequences of word ids",
		`Reads the questions under build.train and build.valid, generates questions from
the documents where build.train says so (a noun that occurs at least twice, one
occurrence blanked), and replaces words by ids. The stage's folder holds
train.bin, valid.bin and report.json, which says how many questions were dropped
and why. For the network reader, which learns from whole documents (train.network:
reader, and format: passages under build.train), passages.bin is what is
trained on. Runs the stages before it where they are not up to date.`,
		`  pipeline build`)
}

package main

import (
	"github.com/spf13/cobra"

	"wakong/internal/pipeline"
	"wakong/internal/snapshot"
)

func newSnapshotCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Pack results into one file, check it, and unpack it",
		Long: `A snapshot is one file with the results of stages, the lock that names them, and a
card that says what they are, where they come from and how to make them again. It
is a tar archive compressed with zstd; the same results give the same bytes. One
that was cut off or altered anywhere is refused.`,
		Example: `  pipeline snapshot create corpus.tar.zst --stage segment
  pipeline snapshot verify corpus.tar.zst
  pipeline snapshot restore corpus.tar.zst -w fresh`,
	}
	cmd.AddCommand(newSnapshotCreateCommand(a), newSnapshotVerifyCommand(a), newSnapshotRestoreCommand(a))
	return cmd
}

func newSnapshotCreateCommand(a *app) *cobra.Command {
	var only string
	cmd := &cobra.Command{
		Use:   "create FILE",
		Short: "Pack the fresh results of the workspace",
		Long: `Writes the results of all stages that are fresh, or of one stage with those that
it was made from, to FILE, usually named NAME.tar.zst. Sources' licences and
origins, the keys license and origin in the configuration, go into the card.`,
		Example: `  pipeline snapshot create all.tar.zst
  pipeline snapshot create vectors.tar.zst --stage embed`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			defer p.Close()
			return p.CreateSnapshot(cmd.Context(), args[0], only)
		},
	}
	cmd.Flags().StringVar(&only, "stage", "", "the `stage` to pack, with those that it was made from (default: all that are fresh)")
	cmd.RegisterFlagCompletionFunc("stage", cobra.FixedCompletions(pipeline.StageNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// addLimitFlag is for the commands that unpack.
func addLimitFlag(cmd *cobra.Command) *int64 {
	return cmd.Flags().Int64("max-bytes", snapshot.DefaultLimit, "refuse a snapshot whose files have more `bytes` together")
}

func newSnapshotVerifyCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: "Check a snapshot from its first byte to its last",
		Long: `Reads the whole file and compares it with the hash at its end, and all that is in
it with the hashes of its lock. Needs no configuration and no workspace.`,
		Example: `  pipeline snapshot verify corpus.tar.zst`,
		Args:    cobra.ExactArgs(1),
	}
	limit := addLimitFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return pipeline.VerifySnapshot(cmd.Context(), a.workspaceOptions(), args[0], *limit)
	}
	return cmd
}

func newSnapshotRestoreCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a workspace of a snapshot",
		Long: `Checks the snapshot as "snapshot verify" does and unpacks it into the folder that
--workspace names, which must not exist or be empty. The folder appears whole or
not at all. With the configuration and the inputs that the results were made from,
"status" then shows them as fresh. Needs no configuration itself.`,
		Example: `  pipeline snapshot restore corpus.tar.zst -w fresh
  pipeline status -w fresh`,
		Args: cobra.ExactArgs(1),
	}
	limit := addLimitFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return pipeline.RestoreSnapshot(cmd.Context(), a.workspaceOptions(), args[0], *limit)
	}
	return cmd
}

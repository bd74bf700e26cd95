package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"wakong/internal/config"
	"wakong/internal/pipeline"
	"wakong/internal/ui"
)

// app is what all commands share: the streams, the global flags, and what
// becomes of them.
type app struct {
	in       io.Reader
	out, err io.Writer
	terminal bool // whether err is one

	config    string
	workspace string
	quiet     bool
	logFormat string
	noWait    bool

	configGiven bool
	started     bool // whether a command's own code was reached
	reporter    atomic.Pointer[ui.Reporter]
}

const (
	logText = "text"
	logJSON = "json"
)

// run executes one command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := newRootCommand(a)
	// What is wrong with a command line is told in the format that it asks for.
	if wantsJSON(args) {
		a.logFormat = logJSON
	}
	a.setReporter()
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	checkShell(root)
	command, err := root.ExecuteContextC(ctx)
	if err != nil && !a.started {
		// Everything that cobra itself finds wrong is wrong usage.
		var usage *usageError
		if !errors.As(err, &usage) {
			err = &usageError{err: err, help: command.CommandPath()}
		}
	}
	code := exitCode(ctx, err)
	if err != nil {
		a.report(ctx, err, code)
	}
	return code
}

// wantsJSON looks for the flag in a command line that may not be understood as a
// whole.
func wantsJSON(args []string) bool {
	wanted := false
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--log-format=")
		switch {
		case arg == "--":
			return wanted
		case arg == "--log-format" && i+1 < len(args):
			wanted = args[i+1] == logJSON
		case ok:
			wanted = value == logJSON
		}
	}
	return wanted
}

// report says why a command ends.
func (a *app) report(ctx context.Context, err error, code int) {
	if code == exitInterrupted {
		// The stage's own error says where it will go on; that its context was
		// canceled says nothing more.
		words := strings.TrimPrefix(strings.ReplaceAll(err.Error(), ": "+context.Canceled.Error(), ""), context.Canceled.Error())
		if words == "" {
			err = context.Cause(ctx)
		} else {
			err = fmt.Errorf("%w: %s", context.Cause(ctx), words)
		}
	}
	a.reporter.Load().Error(err, code)
}

// tell is for messages from outside the commands, such as signals.
func (a *app) tell(message string) {
	if r := a.reporter.Load(); r != nil {
		r.Info("", "%s", message)
	}
}

func (a *app) setReporter() {
	a.reporter.Store(ui.New(ui.Options{
		Out: a.out, Err: a.err, Quiet: a.quiet, JSON: a.logFormat == logJSON, Terminal: a.terminal,
	}))
}

func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "pipeline",
		Short: "From web pages to answered blanks",
		Long: `pipeline crawls tales, segments them, trains word vectors and a network, and
answers cloze questions: passages in which a word is replaced by XXXXX.

Each step is a stage with a command of its own; "run" does all that is not up to
date. Results lie in the workspace, each under the fingerprint of what went into
it: what has not changed is not done again, and what was killed goes on where it
was.

Without a configuration file a demonstration runs: tales that are built into the
program, served on a loopback port, crawled, segmented, embedded, built into
batches; a small network is trained on them and answers questions. "serve" and
"report" then show what it did.`,
		Example: `  pipeline run                          # the demonstration
  pipeline serve                        # its network, to try in a browser
  pipeline init                         # writes pipeline.yaml; name your text in it
  pipeline run                          # then runs what it says
  pipeline predict --input questions.jsonl --format jsonl --top 3`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if a.logFormat != logText && a.logFormat != logJSON {
				err := fmt.Errorf("invalid argument %q for --log-format: expected %s or %s", a.logFormat, logText, logJSON)
				a.logFormat = logText
				return &usageError{err: err, help: cmd.CommandPath()}
			}
			if a.workspace == "" {
				return &usageError{err: errors.New("--workspace is empty, expected a folder"), help: cmd.CommandPath()}
			}
			a.configGiven = cmd.Flags().Changed("config")
			a.started = true
			a.setReporter()
			return nil
		},
	}
	flags := root.PersistentFlags()
	flags.StringVarP(&a.config, "config", "c", "pipeline.yaml", "configuration `file`; where there is none, the built-in demonstration")
	flags.StringVarP(&a.workspace, "workspace", "w", "work", "`folder` of the results")
	flags.BoolVar(&a.quiet, "quiet", false, "only errors and results")
	flags.StringVar(&a.logFormat, "log-format", logText, "text or json: a JSON object a line on the standard error stream")
	flags.BoolVar(&a.noWait, "no-wait", false, "do not wait for another process that holds the workspace")
	root.SetVersionTemplate("pipeline {{.Version}}\n")
	root.SetHelpTemplate(root.HelpTemplate() + "\n" + exitCodesHelp)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err: err, help: cmd.CommandPath()}
	})
	root.RegisterFlagCompletionFunc("log-format", cobra.FixedCompletions([]string{logText, logJSON}, cobra.ShellCompDirectiveNoFileComp))
	root.MarkPersistentFlagFilename("config", "yaml", "yml")
	root.MarkPersistentFlagDirname("workspace")

	root.AddGroup(
		&cobra.Group{ID: "stages", Title: "Stages, in their order:"},
		&cobra.Group{ID: "vectors", Title: "To look at word vectors:"},
		&cobra.Group{ID: "workspace", Title: "The whole and the workspace:"},
		&cobra.Group{ID: "look", Title: "To look at a corpus, trainings and answers:"},
		&cobra.Group{ID: "use", Title: "To use the network and take things along:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	cobra.EnableCommandSorting = false
	add("stages", newCrawlCommand(a), newSegmentCommand(a), newEmbedCommand(a), newBuildCommand(a), newTrainCommand(a), newPredictCommand(a))
	add("vectors", newNeighborsCommand(a), newAnalogyCommand(a), newSimilarityCommand(a), newPlotCommand(a))
	add("workspace", newInitCommand(a), newRunCommand(a), newStatusCommand(a), newVerifyCommand(a), newGCCommand(a), newLockCommand(a), newSnapshotCommand(a))
	add("look", newStatsCommand(a), newReportCommand(a), newEvaluateCommand(a), newCurveCommand(a), newAverageCommand(a), newScoreCommand(a))
	add("use", newServeCommand(a), newExportCommand(a), newConvertCommand(a))
	root.AddCommand(newManCommand(a), newVersionCommand(a))
	return root
}

// checkShell makes an unknown shell an error: cobra's own command shows its help.
// The command writes to what the root writes to when this is called.
func checkShell(root *cobra.Command) {
	root.InitDefaultCompletionCmd("completion")
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			// Without code of its own it would show its help for any shell.
			c.Args = cobra.MatchAll(cobra.MaximumNArgs(1), aShell)
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}

// aShell refuses a shell that completion knows nothing of.
func aShell(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var shells []string
	for _, c := range cmd.Commands() {
		shells = append(shells, c.Name())
	}
	return fmt.Errorf("there is no completion for %q; the shells are %s", args[0], strings.Join(shells, ", "))
}

// loadConfig reads the configuration, or takes the demonstration where no file
// was named and the default one does not exist.
func (a *app) loadConfig() (*config.Config, bool, error) {
	c, err := config.Load(a.config)
	return a.orDemonstration(c, err)
}

// orDemonstration is the common end of loading a configuration.
func (a *app) orDemonstration(c *config.Config, err error) (*config.Config, bool, error) {
	switch {
	case err == nil:
		return c, false, nil
	case errors.Is(err, os.ErrNotExist) && !a.configGiven:
		return nil, true, nil
	case config.Invalid(err):
		return nil, false, err
	}
	return nil, false, &usageError{err: err}
}

// open makes the pipeline of the configuration. The caller closes it.
func (a *app) open() (*pipeline.Pipeline, error) {
	c, demonstration, err := a.loadConfig()
	if err != nil {
		return nil, err
	}
	return pipeline.Open(pipeline.Options{
		Config: c, Demonstration: demonstration, Workspace: a.workspace,
		NoWait: a.noWait, Reporter: a.reporter.Load(),
	})
}

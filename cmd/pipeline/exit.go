package main

import (
	"context"
	"errors"

	"wakong/internal/config"
	"wakong/internal/pipeline"
	"wakong/internal/stage"
)

// The exit codes; exitCodesHelp stands in every help text.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitHeld        = 3
	exitInterrupted = 130
)

const exitCodesHelp = `Exit codes:
  0    done
  1    failed
  2    wrong usage or configuration
  3    another process holds the workspace (only with --no-wait)
  130  interrupted
`

var errInterrupted = errors.New("interrupted")

// usageError is a command line that cannot be understood.
type usageError struct {
	err  error
	help string // the command whose --help tells more, may be empty
}

func (e *usageError) Error() string {
	if e.help == "" {
		return e.err.Error()
	}
	return e.err.Error() + "\nRun '" + e.help + " --help' for usage."
}

func (e *usageError) Unwrap() error { return e.err }

// exitCode tells what to end with after err.
func exitCode(ctx context.Context, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage), config.Invalid(err), errors.Is(err, pipeline.ErrUsage), errors.Is(err, stage.ErrNothingToDo):
		return exitUsage
	case errors.Is(err, stage.ErrHeld):
		return exitHeld
	case interrupted(ctx):
		return exitInterrupted
	}
	return exitFailed
}

func interrupted(ctx context.Context) bool {
	return errors.Is(context.Cause(ctx), errInterrupted)
}

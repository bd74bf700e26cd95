package stage

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

var (
	// ErrHeld means that another process is writing to the workspace.
	ErrHeld = errors.New("stage: the workspace is held")

	// ErrReadOnly means that a workspace opened for reading was asked to
	// change something.
	ErrReadOnly = errors.New("stage: the workspace is open for reading only")

	// ErrNothingToDo means that every stage is without input.
	ErrNothingToDo = errors.New("stage: no stage has an input")

	// ErrNotRun means that the lock names no result of a stage.
	ErrNotRun = errors.New("stage: not run yet")

	// ErrDiffers means that a result is not the one an exported lock names.
	ErrDiffers = errors.New("stage: the result differs from the locked one")

	// ErrNewerFormat means that a lock was written by a newer program.
	ErrNewerFormat = errors.New("stage: written by a newer version of this program")
)

// A UserError is one whose cause lies with the machine or with what the user
// asked for, not with the program: a full disk, a path that is a file. Its
// text is meant for the user as it stands.
type UserError struct {
	Message string
	Err     error // the cause, which follows the message, or nil
	Kind    error // the sentinel that errors.Is finds and the text leaves out, or nil
}

func (e *UserError) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

func (e *UserError) Unwrap() error { return e.Err }

// Is lets errors.Is find the kind of the error.
func (e *UserError) Is(target error) bool { return e.Kind != nil && e.Kind == target }

func userErrorf(format string, a ...any) error {
	return &UserError{Message: fmt.Sprintf(format, a...)}
}

// machineErrors are the causes that a user can do something about, and what
// to say of them.
var machineErrors = []struct {
	cause error
	words string
}{
	{syscall.ENOSPC, "the disk is full; free some space and run again"},
	{syscall.EDQUOT, "the disk quota is used up; free some space and run again"},
	{syscall.EROFS, "the file system is read-only"},
	{fs.ErrPermission, ""}, // "permission denied" says it,
	{syscall.ENOTDIR, "a part of the path is a file, not a folder"},
}

// explain says what was being done when err happened, and where the cause is
// one that the user can mend, says so in words.
func explain(err error, format string, a ...any) error {
	if err == nil {
		return nil
	}
	doing := fmt.Sprintf(format, a...)
	for _, m := range machineErrors {
		if errors.Is(err, m.cause) {
			var already *UserError
			if errors.As(err, &already) {
				break
			}
			if m.words != "" {
				doing += ": " + m.words
			}
			return &UserError{Message: doing, Err: err}
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}

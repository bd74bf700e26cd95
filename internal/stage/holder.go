package stage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	// holdFile is what the operating system locks. It is empty and stays.
	holdFile = ".lock"

	// holderFile says who holds the workspace. It is a file of its own since
	// some systems forbid reading a locked one. Only the lock counts: this
	// text can be left over from a killed process.
	holderFile = ".lock.holder"

	// holdPoll is how often a waiting process tries again. The system's own
	// waiting call cannot be given up when a context is done.
	holdPoll = 50 * time.Millisecond
)

// A holder names a process that holds a workspace.
type holder struct {
	Process int    `json:"process"`
	Command string `json:"command"`
	Host    string `json:"host"`
}

func (h holder) String() string {
	return fmt.Sprintf("process %d on %s (%s)", h.Process, h.Host, h.Command)
}

// thisProcess describes the running program.
func thisProcess() holder {
	host, err := os.Hostname()
	if err != nil {
		host = "this host"
	}
	command := append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...)
	text := []rune(strings.ToValidUTF8(strings.Join(command, " "), "?"))
	if len(text) > 120 {
		text = append(text[:117], []rune("...")...)
	}
	return holder{os.Getpid(), string(text), host}
}

// readHolder says in words who holds the workspace, as far as it can be
// known: the text may be missing, damaged, or that of a process now dead.
func readHolder(dir string) string {
	const unknown = "another process"
	data, err := os.ReadFile(filepath.Join(dir, holderFile))
	if err != nil {
		return unknown
	}
	return holderText(data, thisProcess().Host, alive, unknown)
}

func holderText(data []byte, host string, alive func(int) bool, unknown string) string {
	var h holder
	if json.Unmarshal(data, &h) != nil || h.Process <= 0 {
		return unknown
	}
	if h.Host == host && !alive(h.Process) {
		return unknown
	}
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, s)
	}
	h.Command, h.Host = clean(h.Command), clean(h.Host)
	return h.String()
}

// hold takes the workspace for writing.
func hold(ctx context.Context, dir string, o OpenOptions) (*flock.Flock, error) {
	path := filepath.Join(dir, holdFile)
	f := flock.New(path, flock.SetPermissions(0o644))
	told := ""
	for {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("waiting for the workspace %s: %w", dir, err)
		}
		got, err := f.TryLock()
		if err != nil {
			return nil, explain(err, "locking the workspace %s", dir)
		}
		if got && !stillThere(f, path) {
			// Someone removed the file between opening and locking it: the
			// lock held is one that nobody else will see.
			if err := f.Unlock(); err != nil {
				return nil, explain(err, "locking the workspace %s", dir)
			}
			continue
		}
		if got {
			writeHolder(dir)
			return f, nil
		}
		who := readHolder(dir)
		if !o.Wait {
			return nil, &UserError{Message: fmt.Sprintf("the workspace %s is in use by %s", dir, who), Kind: ErrHeld}
		}
		if o.OnWait != nil && who != told {
			o.OnWait(who)
			told = who
		}
		timer := time.NewTimer(holdPoll)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

func stillThere(f *flock.Flock, path string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	now, err := os.Stat(path)
	return err == nil && os.SameFile(held, now)
}

// writeHolder leaves word for those who will wait. Whoever reads half of it
// knows that it is half; it need not survive a crash. A full disk is no reason
// to fail here, but the word of the holder before must not stay.
func writeHolder(dir string) {
	path := filepath.Join(dir, holderFile)
	data, err := json.Marshal(thisProcess())
	if err == nil {
		err = os.WriteFile(path, append(data, '\n'), 0o644)
	}
	if err != nil {
		os.Remove(path)
	}
}

// release gives the workspace back.
func release(dir string, f *flock.Flock) error {
	err := os.Remove(filepath.Join(dir, holderFile))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, f.Unlock())
}

package stage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A Run is what a running stage is given.
type Run struct {
	// Dir is where the output goes. It is empty at the start apart from what
	// belongs to this package: the names manifest.json, run.log, timing.jsonl,
	// scratch and .partial.json are taken.
	Dir string

	// Scratch is a folder for checkpoints. What lies in it survives a killed
	// or failed run, and is gone once the stage has ended well. Write there
	// so that a kill at any moment leaves something usable.
	Scratch string

	// Resumed says that Scratch holds something from an earlier attempt of
	// exactly this stage: same fingerprint, same environment.
	Resumed bool

	// Needs are the files that Need gives, sorted, by stage. Optional needs
	// that fell away are not among them; needs without files are all files.
	Needs map[string][]string

	// Log goes to run.log, the place for times, rates and everything else
	// that differs from run to run. A failing write is not reported: a full
	// disk will be noticed where it matters.
	Log io.Writer

	need   func(stage, file string) (string, error)
	timing *appendFile
	now    func() time.Time
}

// Need returns the path of a file of another stage. The stage and the file
// must be among the stage's Needs, for else the fingerprint would not know of
// it. The file must not be changed.
func (r *Run) Need(stage, file string) (string, error) { return r.need(stage, file) }

// Timing adds an event, anything that encoding/json can write, as a line to
// timing.jsonl. It can be called by several goroutines.
func (r *Run) Timing(event any) {
	data, err := json.Marshal(event)
	if err != nil {
		fmt.Fprintf(r.Log, "timing event left out: %v\n", err)
		return
	}
	r.timing.Write(append(data, '\n'))
}

// An appendFile is a log that never fails its writer.
type appendFile struct {
	mu     sync.Mutex
	f      *os.File
	failed bool
}

// openAppend opens a log for more lines. A last line that a kill has cut off
// is ended, or dropped where lines must be whole.
func openAppend(path string, whole bool) (*appendFile, error) {
	if err := os.Chmod(path, 0o644); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err // a commit that was cut off has made it read-only
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	end, cut, err := lastLine(f)
	if err == nil && cut && whole {
		err = f.Truncate(end)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekEnd)
	}
	if err == nil && cut && !whole {
		_, err = f.Write([]byte("\n"))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &appendFile{f: f}, nil
}

// lastLine finds where the last whole line ends, and whether something comes
// after it.
func lastLine(f *os.File) (end int64, cut bool, err error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, false, err
	}
	block := make([]byte, 4096)
	for at := size; at > 0; {
		n := min(at, int64(len(block)))
		at -= n
		if _, err := f.ReadAt(block[:n], at); err != nil {
			return 0, false, err
		}
		for i := n - 1; i >= 0; i-- {
			if block[i] == '\n' {
				return at + i + 1, at+i+1 < size, nil
			}
		}
	}
	return 0, size > 0, nil
}

func (a *appendFile) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.failed {
		if _, err := a.f.Write(p); err != nil {
			a.failed = true // the rest of a torn line would only confuse
		}
	}
	return len(p), nil
}

func (a *appendFile) Close() error { return a.f.Close() }

// timingEvent is this package's own line in timing.jsonl.
type timingEvent struct {
	Event   string  `json:"event"` // "started", "finished", "failed"
	Stage   string  `json:"stage"`
	Time    string  `json:"time"` // RFC 3339, with fractions of a second
	Resumed bool    `json:"resumed"`
	Seconds float64 `json:"seconds,omitempty"` // of this attempt
}

// newRun opens a stage's logs in its partial folder.
func newRun(r *resolved, dir string, resumed bool, need func(stage, file string) (string, error)) (*Run, func() error, error) {
	log, err := openAppend(filepath.Join(dir, runLog), false)
	if err != nil {
		return nil, nil, err
	}
	timing, err := openAppend(filepath.Join(dir, timingLog), true)
	if err != nil {
		return nil, nil, errors.Join(err, log.Close())
	}
	needs := map[string][]string{}
	for stage, n := range r.needs {
		needs[stage] = sortedKeys(n.Files)
	}
	run := &Run{
		Needs: needs, Dir: dir, Scratch: filepath.Join(dir, scratchDir), Resumed: resumed,
		Log: log, need: need, timing: timing, now: time.Now,
	}
	return run, func() error { return errors.Join(log.Close(), timing.Close()) }, nil
}

// timed calls f and notes its beginning and end in the logs.
func (r *Run) timed(stage string, f func() error) error {
	start := r.now()
	stamp := func(event string, t time.Time, seconds float64) {
		r.Timing(timingEvent{event, stage, t.Format(time.RFC3339Nano), r.Resumed, seconds})
		fmt.Fprintf(r.Log, "%s %s %s (resumed: %v)\n", t.Format(time.RFC3339), stage, event, r.Resumed)
	}
	stamp("started", start, 0)
	err := f()
	end := r.now()
	if err != nil {
		fmt.Fprintf(r.Log, "%v\n", err)
		stamp("failed", end, end.Sub(start).Seconds())
		return err
	}
	stamp("finished", end, end.Sub(start).Seconds())
	return nil
}

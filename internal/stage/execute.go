package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An EventKind says what an Event is about.
type EventKind string

const (
	EventSkip     EventKind = "skip"     // a stage has no input
	EventFresh    EventKind = "fresh"    // a stage's result is what the lock names
	EventCached   EventKind = "cached"   // a result made earlier is used again
	EventStart    EventKind = "start"    // a stage starts; the message is why
	EventDone     EventKind = "done"     // a stage has ended well
	EventFailed   EventKind = "failed"   // a stage has failed or was interrupted
	EventNotice   EventKind = "notice"   // something worth knowing
	EventWarning  EventKind = "warning"  // something is damaged and was worked round
	EventFinished EventKind = "finished" // everything is done; the message sums up
)

// An Event tells what Execute does. Its text is for users as it stands.
type Event struct {
	Kind        EventKind `json:"kind"`
	Stage       string    `json:"stage,omitempty"`
	Message     string    `json:"message,omitempty"`
	Fingerprint string    `json:"fingerprint,omitempty"`
	Resumed     bool      `json:"resumed,omitempty"` // with EventStart: goes on from a checkpoint
	// Number is the place of the stage among the Of stages with input, from 1.
	// Both are 0 in events of no stage and of skipped ones.
	Number int   `json:"number,omitempty"`
	Of     int   `json:"of,omitempty"`
	Err    error `json:"-"` // with EventFailed
}

// ExecOptions say what to execute.
type ExecOptions struct {
	// Target is the stage to run after what it needs. Empty runs all.
	Target string

	// OnEvent, where not nil, is told what happens, from the goroutine that
	// called Execute.
	OnEvent func(Event)
}

// Execute makes all stages fresh, or the target and what it needs: it runs
// those that have no result in the cache, each after those it needs, and
// brings the lock up to date after each. It returns the names of the stages
// that ran. After an error everything done before it stands, and the next
// Execute goes on there.
//
// Without a target the lock is made to name just the stages that have input.
func (w *Workspace) Execute(ctx context.Context, stages []Stage, o ExecOptions) (ran []string, err error) {
	if w.readOnly {
		return nil, ErrReadOnly
	}
	emit := o.OnEvent
	if emit == nil {
		emit = func(Event) {}
	}
	ordered, err := order(stages, o.Target)
	if err != nil {
		return nil, err
	}
	if err := w.checkWork(ctx, ordered, o.Target, emit); err != nil {
		return nil, err
	}
	defer w.saveMemo()
	before := map[string]*resolved{}
	var reused []string
	number, of := 0, 0
	for _, s := range ordered {
		if s.Skip == "" {
			of++
		}
	}
	tell := emit
	emit = func(e Event) {
		if e.Kind == EventCached {
			reused = append(reused, e.Stage)
		}
		if e.Stage != "" {
			e.Number, e.Of = number, of
		}
		tell(e)
	}
	for _, s := range ordered {
		if s.Skip != "" {
			continue
		}
		number++
		r, did, err := w.makeFresh(ctx, s, before, emit)
		if did {
			ran = append(ran, s.Name)
		}
		if err != nil {
			return ran, err
		}
		before[s.Name] = r
	}
	if o.Target == "" {
		if err := w.forgetOthers(before); err != nil {
			return ran, err
		}
	}
	summary := "nothing changed"
	switch {
	case len(ran) > 0:
		summary = "ran " + strings.Join(ran, ", ")
	case len(reused) > 0:
		summary = "nothing had to run; taken from the cache: " + strings.Join(reused, ", ")
	}
	emit(Event{Kind: EventFinished, Message: summary})
	return ran, nil
}

// CheckWork tells, without a workspace, whether Execute would find anything to
// do for the target, or for any stage where it is empty. An error that is
// ErrNothingToDo says why not.
func CheckWork(stages []Stage, target string) error {
	ordered, err := order(stages, target)
	if err != nil {
		return err
	}
	return hasWork(ordered, target)
}

func hasWork(ordered []Stage, target string) error {
	work := false
	for _, s := range ordered {
		if s.Skip != "" && s.Name == target {
			return &UserError{Message: fmt.Sprintf("%s has no input: %s", s.Name, s.Skip), Kind: ErrNothingToDo}
		}
		work = work || s.Skip == ""
	}
	if !work {
		return &UserError{Message: "there is nothing to do: no stage has an input", Kind: ErrNothingToDo}
	}
	return nil
}

// checkWork looks, before anything runs, for what would stop a later stage:
// nothing to do, or an input that cannot be read.
func (w *Workspace) checkWork(ctx context.Context, ordered []Stage, target string, emit func(Event)) error {
	if w.damage != nil {
		emit(Event{Kind: EventWarning, Message: fmt.Sprintf("%v; it is taken for empty and written anew", w.damage)})
	}
	if err := hasWork(ordered, target); err != nil {
		return err
	}
	for _, s := range ordered {
		if s.Skip != "" {
			emit(Event{Kind: EventSkip, Stage: s.Name, Message: "no input: " + s.Skip})
		}
	}
	var unreadable error
	for _, s := range ordered {
		if s.Skip != "" {
			continue
		}
		for _, in := range s.Inputs {
			if _, err := w.inputHash(ctx, in); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				unreadable = errors.Join(unreadable, explain(err, "reading input %s of %s", in.Name, s.Name))
			}
		}
	}
	if unreadable != nil {
		return &UserError{Message: "nothing was run", Err: unreadable}
	}
	return nil
}

// makeFresh sees to it that one stage has its result and its record.
func (w *Workspace) makeFresh(ctx context.Context, s Stage, before map[string]*resolved, emit func(Event)) (r *resolved, ran bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, fmt.Errorf("before %s: %w", s.Name, err)
	}
	if s.List != nil {
		s.Inputs = s.List()
	}
	if r, err = w.resolve(ctx, s, before); err != nil {
		return nil, false, err
	}
	if r.inputErr != nil {
		return nil, false, r.inputErr
	}
	state, reason := w.state(r)
	if r.broken != nil {
		to, err := w.moveAway(s.Name, r.fingerprint)
		if err != nil {
			return nil, false, explain(err, "moving the broken result of %s away", s.Name)
		}
		emit(Event{Kind: EventWarning, Stage: s.Name, Fingerprint: r.fingerprint,
			Message: fmt.Sprintf("the cached result is broken: %v; moved to %s", r.broken, to)})
	}
	kind := EventFresh
	switch {
	case r.entry != nil && state != Fresh:
		kind = EventCached
	case r.entry == nil:
		kind = EventDone
		if ran, err = w.make(ctx, r, reason, emit); err != nil {
			emit(Event{Kind: EventFailed, Stage: s.Name, Message: err.Error(), Fingerprint: r.fingerprint, Err: err})
			return nil, false, err
		}
		w.compareWithRecord(r, emit)
	}
	if err := w.setRecord(s.Name, r.record()); err != nil {
		return nil, ran, err
	}
	emit(Event{Kind: kind, Stage: s.Name, Message: reason, Fingerprint: r.fingerprint})
	if n := r.notice(); n != "" {
		emit(Event{Kind: EventNotice, Stage: s.Name, Message: n, Fingerprint: r.fingerprint})
	}
	return r, ran, nil
}

// make produces a stage's result.
func (w *Workspace) make(ctx context.Context, r *resolved, reason string, emit func(Event)) (ran bool, err error) {
	name := r.stage.Name
	done, err := w.finishPending(ctx, r)
	if err != nil {
		return false, explain(err, "finishing the result of %s", name)
	}
	if done {
		return true, nil
	}
	dir, resumed, err := w.prepare(r)
	if err != nil {
		return false, explain(err, "preparing a folder for %s", name)
	}
	emit(Event{Kind: EventStart, Stage: name, Message: reason, Fingerprint: r.fingerprint, Resumed: resumed})
	w.point("before run")
	if err := w.runStage(ctx, r, dir, resumed); err != nil {
		return false, w.failure(ctx, r, err)
	}
	w.point("after run")
	if err := w.inputsUnchanged(ctx, r); err != nil {
		return false, err
	}
	if err := w.commit(ctx, r, dir); err != nil {
		return false, w.failure(ctx, r, explain(err, "storing the result of %s", name))
	}
	return true, nil
}

func (w *Workspace) runStage(ctx context.Context, r *resolved, dir string, resumed bool) (err error) {
	need := func(stage, file string) (string, error) { return w.needPath(r, stage, file) }
	run, done, err := newRun(r, dir, resumed, need)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	if r.stage.Run == nil {
		return errors.New("the stage has nothing to run")
	}
	return run.timed(r.stage.Name, func() error {
		if err := r.stage.Run(ctx, run); err != nil {
			return err
		}
		// A stage that was told to stop and ended without an error may have
		// written only a part.
		return ctx.Err()
	})
}

// failure says what happened and where the next run will go on.
func (w *Workspace) failure(ctx context.Context, r *resolved, err error) error {
	next := "the next run starts it from its beginning"
	if w.whole(r) {
		next = "its result is whole, and the next run takes it up"
	} else if w.resumable(r) {
		next = fmt.Sprintf("the next run goes on from %s", filepath.Join(w.partial(r.stage.Name, r.fingerprint), scratchDir))
	}
	if cause := ctx.Err(); cause != nil {
		switch {
		case onlySays(err, cause):
			err = cause // where the work stood when it was stopped helps nobody
		case !errors.Is(err, cause):
			err = errors.Join(cause, err)
		}
		return explain(err, "%s was interrupted; %s", r.stage.Name, next)
	}
	return explain(err, "%s failed; %s", r.stage.Name, next)
}

// onlySays tells whether an error is nothing but a cause with words around it.
func onlySays(err, cause error) bool {
	for err != nil && err != cause {
		if several, ok := err.(interface{ Unwrap() []error }); ok {
			if all := several.Unwrap(); len(all) == 1 {
				err = all[0]
				continue
			}
			return false
		}
		err = errors.Unwrap(err)
	}
	return err == cause
}

// whole tells whether a stage has a result already, if only under its
// partial name.
func (w *Workspace) whole(r *resolved) bool {
	for _, dir := range []string{w.partial(r.stage.Name, r.fingerprint), w.entry(r.stage.Name, r.fingerprint)} {
		if _, err := readEntry(dir, r.stage.Name, r.fingerprint); err == nil {
			return true
		}
	}
	return false
}

// inputsUnchanged hashes outside inputs again where they may have changed
// while the stage read them, and lists them again.
func (w *Workspace) inputsUnchanged(ctx context.Context, r *resolved) error {
	// What was made then belongs to no fingerprint, its checkpoints neither.
	changed := func(format string, a ...any) error {
		return errors.Join(userErrorf(format, a...), os.RemoveAll(w.partial(r.stage.Name, r.fingerprint)))
	}
	for _, in := range r.stage.Inputs {
		sum, err := w.inputHash(ctx, in)
		if err != nil {
			return w.failure(ctx, r, explain(err, "reading input %s again", in.Name))
		}
		if sum != r.key.inputs[in.Name] {
			return changed("input %s changed while %s read it; run again", in.Name, r.stage.Name)
		}
	}
	if r.stage.List == nil {
		return nil
	}
	// One that went away could not be read above.
	for _, in := range r.stage.List() {
		if !slices.Contains(r.stage.Inputs, in) {
			if _, err := w.inputHash(ctx, in); err != nil {
				return w.failure(ctx, r, explain(err, "listing the inputs of %s again", r.stage.Name))
			}
			return changed("input %s was added while %s read the others; run again", in.Name, r.stage.Name)
		}
	}
	return nil
}

// compareWithRecord tells where a stage that was run again gave other bytes
// than the lock has for the same fingerprint.
func (w *Workspace) compareWithRecord(r *resolved, emit func(Event)) {
	old, ok := w.lock.Stages[r.stage.Name]
	if !ok || old.Fingerprint != r.fingerprint {
		return
	}
	for _, d := range differences(old.Files, r.entry.Files) {
		emit(Event{Kind: EventNotice, Stage: r.stage.Name, Fingerprint: r.fingerprint,
			Message: "not what the same stage gave before: " + d})
	}
}

// forgetOthers drops the records of stages that are no more, or have no input
// any more: the lock is to be the same whatever was run before.
func (w *Workspace) forgetOthers(now map[string]*resolved) error {
	l := w.lock.clone()
	for name := range l.Stages {
		if now[name] == nil {
			delete(l.Stages, name)
		}
	}
	return w.writeLock(l)
}

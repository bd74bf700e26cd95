package stage

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A State is how a stage's result stands to what would be made now.
type State string

const (
	// Fresh means that the lock names the result that would be made now.
	Fresh State = "fresh"

	// Stale means that something has changed since the result was made.
	Stale State = "stale"

	// Missing means that there is no result: the stage was never run, or its
	// folder is gone.
	Missing State = "missing"
)

// A Status is the state of one stage.
type Status struct {
	Stage       string `json:"stage"`
	State       State  `json:"state"`
	Reason      string `json:"reason"`           // in words; "" where fresh
	Fingerprint string `json:"fingerprint"`      // "" where a needed stage must run first
	Notice      string `json:"notice,omitempty"` // what is worth knowing of a fresh result
}

// Status tells for each stage that has input whether its result is fresh, in
// the order in which they would run.
func (w *Workspace) Status(ctx context.Context, stages []Stage) ([]Status, error) {
	all, err := w.resolveAll(ctx, stages, "")
	if err != nil {
		return nil, err
	}
	list := []Status{}
	for _, r := range all {
		if r.stage.Skip != "" {
			continue
		}
		state, reason := w.state(r)
		s := Status{Stage: r.stage.Name, State: state, Reason: reason, Fingerprint: r.fingerprint}
		if state == Fresh {
			s.Notice = r.notice()
		} else if w.resumable(r) {
			s.Reason += "; a run was interrupted and will go on"
		}
		list = append(list, s)
	}
	return list, nil
}

// resolveAll resolves what target needs, in order, skipped stages included.
func (w *Workspace) resolveAll(ctx context.Context, stages []Stage, target string) ([]*resolved, error) {
	ordered, err := order(stages, target)
	if err != nil {
		return nil, err
	}
	defer w.saveMemo()
	before := map[string]*resolved{}
	var all []*resolved
	for _, s := range ordered {
		r := &resolved{stage: s}
		if s.Skip == "" {
			if r, err = w.resolve(ctx, s, before); err != nil {
				return nil, err
			}
		}
		before[s.Name] = r
		all = append(all, r)
	}
	return all, nil
}

// state compares a stage with its record. The reason is "" where fresh.
func (w *Workspace) state(r *resolved) (State, string) {
	old, recorded := w.lock.Stages[r.stage.Name]
	cached := ""
	if r.entry != nil {
		cached = " (in the cache)"
	}
	if !recorded {
		switch {
		case r.entry != nil:
			return Stale, LockFile + " does not name it" + cached
		case r.inputErr != nil:
			return Missing, strings.Join(append([]string{"never run"}, r.unknown...), "; ")
		case w.damage != nil:
			return Missing, LockFile + " is damaged"
		}
		return Missing, "never run"
	}
	if r.fingerprint != "" && r.fingerprint == old.Fingerprint {
		switch {
		case r.entry != nil:
			return Fresh, ""
		case r.broken != nil:
			return Missing, "cache folder is broken: " + r.broken.Error()
		}
		return Missing, "cache folder is gone"
	}
	reasons := append(changes(r, old), r.unknown...)
	if len(reasons) == 0 {
		if r.fingerprint == "" {
			reasons = r.unknown
		} else {
			reasons = []string{"the way of making fingerprints changed"}
		}
	}
	const most = 5
	if extra := len(reasons) - most; extra > 0 {
		reasons = append(reasons[:most], fmt.Sprintf("and %d more", extra))
	}
	return Stale, strings.Join(reasons, "; ") + cached
}

// changes says in words how a stage differs from its record, as far as its
// needs are known.
func changes(r *resolved, old Record) []string {
	var out []string
	name := r.stage.Name
	if r.key.version != old.Version {
		out = append(out, fmt.Sprintf("%s code version %d -> %d", name, old.Version, r.key.version))
	}
	if !bytes.Equal(r.key.params, old.Params) {
		out = append(out, diffParams(name, old.Params, r.key.params)...)
	}
	declared := map[string]bool{}
	for _, in := range r.stage.Inputs {
		declared[in.Name] = true
	}
	for _, in := range sortedKeys(declared) {
		now, known := r.key.inputs[in]
		before, had := old.Inputs[in]
		switch {
		case !had:
			out = append(out, "input "+in+" added")
		case known && now != before:
			out = append(out, "input "+in+" changed")
		}
	}
	for _, in := range sortedKeys(old.Inputs) {
		if !declared[in] {
			out = append(out, "input "+in+" removed")
		}
	}
	needed := map[string]bool{}
	for _, n := range r.stage.Needs {
		needed[n.Stage] = true
	}
	for _, s := range sortedKeys(needed) {
		now, known := r.key.needs[s]
		before, had := old.Needs[s]
		switch {
		case !had:
			out = append(out, s+" is now used")
		case known && !sameMap(now, before.Files):
			out = append(out, s+" output changed")
		}
	}
	for _, s := range sortedKeys(old.Needs) {
		if !needed[s] {
			out = append(out, s+" is no longer used")
		}
	}
	return out
}

func sameMap(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || w != v {
			return false
		}
	}
	return true
}

// notice says where a fresh result was made in another environment.
func (r *resolved) notice() string {
	if r.entry == nil {
		return ""
	}
	return environmentNotice(r.entry.Environment, r.stage.Environment)
}

func environmentNotice(made, now map[string]string) string {
	var out []string
	for _, k := range sortedKeys(now) {
		if was, ok := made[k]; ok && was != now[k] {
			out = append(out, fmt.Sprintf("made with %s %s, now %s", k, was, now[k]))
		}
	}
	return strings.Join(out, "; ")
}

// resumable tells whether a run of exactly this was interrupted and left a
// checkpoint.
func (w *Workspace) resumable(r *resolved) bool {
	if r.fingerprint == "" {
		return false
	}
	entries, err := os.ReadDir(filepath.Join(w.partial(r.stage.Name, r.fingerprint), scratchDir))
	return err == nil && len(entries) > 0
}

func (w *Workspace) saveMemo() {
	if !w.readOnly {
		w.memo.save(w.fs.writeFile)
	}
}

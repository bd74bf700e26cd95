package stage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// A resolved is a stage together with what the workspace knows of it now.
type resolved struct {
	stage       Stage
	key         key
	fingerprint string    // "" where it cannot be known yet
	unknown     []string  // why not, in words: "segment is stale"
	inputErr    error     // an input that cannot be read
	entry       *manifest // the result, where it is complete
	broken      error     // what is wrong with a result that is not
	needs       map[string]NeedRecord
	maybe       bool // unknown only because a needed stage will run first
}

// resolve finds a stage's fingerprint and result. The stages it needs must
// be in before. The error is for failures of the machine; what the user can
// see in a status is in the answer.
func (w *Workspace) resolve(ctx context.Context, s Stage, before map[string]*resolved) (*resolved, error) {
	r := &resolved{stage: s, needs: map[string]NeedRecord{}}
	r.key = key{stage: s.Name, version: s.Version, inputs: map[string]string{}, needs: map[string]map[string]string{}}
	params, err := Canonical(s.Params)
	if err != nil {
		return nil, fmt.Errorf("stage: parameters of %s: %w", s.Name, err)
	}
	r.key.params = params
	for _, in := range s.Inputs {
		sum, err := w.inputHash(ctx, in)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			r.inputErr = errors.Join(r.inputErr, explain(err, "reading input %s of %s", in.Name, s.Name))
			r.unknown = append(r.unknown, fmt.Sprintf("input %s cannot be read", in.Name))
			continue
		}
		r.key.inputs[in.Name] = sum
	}
	for _, n := range s.Needs {
		if err := r.need(n, before[n.Stage], w); err != nil {
			return nil, err
		}
	}
	if len(r.unknown) > 0 {
		return r, nil
	}
	if r.fingerprint, err = r.key.fingerprint(); err != nil {
		return nil, err
	}
	r.entry, err = readEntry(w.entry(s.Name, r.fingerprint), s.Name, r.fingerprint)
	var broken *entryError
	switch {
	case errors.As(err, &broken):
		r.broken = err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, explain(err, "reading the result of %s in %s", s.Name, w.entry(s.Name, r.fingerprint))
	}
	return r, nil
}

// need takes the hashes of the files that a stage reads of another.
func (r *resolved) need(n Need, from *resolved, w *Workspace) error {
	if from.entry == nil {
		state, _ := w.state(from)
		r.unknown = append(r.unknown, fmt.Sprintf("%s is %s", n.Stage, state))
		r.maybe = true
		return nil
	}
	files := map[string]string{}
	for _, path := range n.Files {
		f, ok := from.entry.Files[path]
		if !ok {
			return fmt.Errorf("stage: %s needs the file %s of %s, which wrote none of that name", r.stage.Name, path, n.Stage)
		}
		files[path] = f.SHA256
	}
	if len(n.Files) == 0 {
		for path, f := range from.entry.Files {
			files[path] = f.SHA256
		}
	}
	r.key.needs[n.Stage] = files
	r.needs[n.Stage] = NeedRecord{Fingerprint: from.fingerprint, Files: files}
	return nil
}

func (w *Workspace) inputHash(ctx context.Context, in Input) (string, error) {
	if in.SHA256 != "" {
		return in.SHA256, nil
	}
	return w.memo.hash(ctx, in.Path)
}

// record is what the lock will say of a stage that has a result.
func (r *resolved) record() Record {
	return Record{
		Fingerprint: r.fingerprint,
		Version:     r.key.version,
		Params:      r.key.params,
		Inputs:      orEmpty(r.key.inputs),
		Needs:       r.needs,
		Environment: r.entry.Environment,
		Files:       r.entry.Files,
		Logs:        r.entry.Logs,
	}
}

// needPath returns the path of a file that the stage has declared.
func (w *Workspace) needPath(r *resolved, stage, file string) (string, error) {
	n, ok := r.needs[stage]
	if !ok {
		return "", fmt.Errorf("stage: %s reads %s, which is not among its needs", r.stage.Name, stage)
	}
	if _, ok := n.Files[file]; !ok {
		return "", fmt.Errorf("stage: %s reads the file %s of %s, which is not among its needs", r.stage.Name, file, stage)
	}
	return filepath.Join(w.entry(stage, n.Fingerprint), filepath.FromSlash(file)), nil
}

package stage

import (
	"errors"
	"fmt"
)

// ExportLock writes a copy of the lock, for instance to commit it beside a
// configuration.
func (w *Workspace) ExportLock(path string) error {
	data, err := w.EncodeLock()
	if err != nil {
		return err
	}
	return explain(w.fs.writeFile(path, data), "writing the lock %s", path)
}

// EncodeLock gives the bytes that ExportLock writes. A lock without any result is
// an error that is ErrNotRun.
func (w *Workspace) EncodeLock() ([]byte, error) {
	if len(w.lock.Stages) == 0 {
		if w.damage != nil {
			return nil, w.damage
		}
		return nil, &UserError{Message: fmt.Sprintf("the workspace %s holds no results to export", w.dir), Kind: ErrNotRun}
	}
	data, err := w.lock.encode()
	if err != nil {
		return nil, fmt.Errorf("stage: encoding the lock: %w", err)
	}
	return data, nil
}

// CompareLocked compares the workspace's results with those of an exported
// lock, or only those of the stages named. An error that is ErrDiffers names
// each file with the hash expected and the hash found. Only results count: a
// changed parameter that gives the same files is no difference, and neither
// is a stage that the exported lock does not know.
func (w *Workspace) CompareLocked(path string, stages ...string) error {
	want, err := ReadLock(path)
	if err != nil {
		return err
	}
	if len(stages) == 0 {
		stages = sortedKeys(want.Stages)
	}
	var all []error
	for _, s := range stages {
		expected, ok := want.Stages[s]
		if !ok {
			continue
		}
		found, ok := w.lock.Stages[s]
		if !ok {
			all = append(all, fmt.Errorf("%s: no result, expected %s", s, expected.Fingerprint))
			continue
		}
		d := differences(expected.Files, found.Files)
		for _, line := range d {
			all = append(all, fmt.Errorf("%s: %s", s, line))
		}
		if len(d) > 0 {
			all = append(all, whyDifferent(s, expected, found)...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &UserError{
		Message: "the results differ from those in " + path,
		Err:     errors.Join(all...),
		Kind:    ErrDiffers,
	}
}

// whyDifferent adds what went into the two results and is not the same.
func whyDifferent(stage string, expected, found Record) []error {
	var out []error
	r := &resolved{stage: Stage{Name: stage}, key: key{
		version: found.Version, params: found.Params, inputs: found.Inputs,
		needs: map[string]map[string]string{},
	}}
	for name := range found.Inputs {
		r.stage.Inputs = append(r.stage.Inputs, Input{Name: name})
	}
	for name, n := range found.Needs {
		r.stage.Needs = append(r.stage.Needs, Need{Stage: name})
		r.key.needs[name] = n.Files
	}
	for _, c := range changes(r, expected) {
		out = append(out, fmt.Errorf("%s: since then: %s", stage, c))
	}
	if n := environmentNotice(expected.Environment, found.Environment); n != "" {
		out = append(out, fmt.Errorf("%s: expected result %s", stage, n))
	}
	return out
}

// differences says file by file how two results differ.
func differences(expected, found map[string]File) []string {
	union := map[string]bool{}
	for path := range expected {
		union[path] = true
	}
	for path := range found {
		union[path] = true
	}
	var out []string
	for _, path := range sortedKeys(union) {
		e, inE := expected[path]
		f, inF := found[path]
		switch {
		case !inF:
			out = append(out, fmt.Sprintf("%s: expected sha256 %s, found no such file", path, e.SHA256))
		case !inE:
			out = append(out, fmt.Sprintf("%s: expected no such file, found sha256 %s", path, f.SHA256))
		case e.SHA256 != f.SHA256:
			out = append(out, fmt.Sprintf("%s: expected sha256 %s, found %s", path, e.SHA256, f.SHA256))
		}
	}
	return out
}

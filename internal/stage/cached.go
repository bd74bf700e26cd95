package stage

import (
	"encoding/json"
	"maps"
)

// A Cached is a whole result in the cache, whether the lock names it or not.
type Cached struct {
	Fingerprint string
	Dir         string
	Params      json.RawMessage
	// Needs are the hashes of the files that were read, by stage and file.
	Needs       map[string]map[string]string
	Environment map[string]string
}

// Cached lists the whole results of a stage in the order of their fingerprints.
// Broken ones are left out.
func (w *Workspace) Cached(stage string) ([]Cached, error) {
	entries, err := w.entries()
	if err != nil {
		return nil, err
	}
	var out []Cached
	for _, e := range entries {
		if e.stage != stage || e.suffix != "" {
			continue
		}
		dir := w.entry(e.stage, e.fingerprint)
		m, err := readEntry(dir, e.stage, e.fingerprint)
		if err != nil {
			continue // gone meanwhile, or broken: Status and Verify tell
		}
		out = append(out, Cached{e.fingerprint, dir, m.Params, maps.Clone(m.Needs), m.Environment})
	}
	return out, nil
}

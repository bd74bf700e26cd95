package scaletext

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"wakong/corpus"
)

// A Result compares what a deduplication has removed with the truth. Of each
// group, an original with all that was copied from it, one document should stay.
type Result struct {
	Documents, Characters   int64
	Kept, KeptCharacters    int64
	Exact, ExactFound       int64 // copies, and those that were removed
	Near, NearFound         int64
	Removed, RemovedRightly int64
	GroupsGone              int64 // of which no document stayed
}

// Recall is the share of the copies that were removed, Precision that of the
// removed documents that should be.
func (r Result) Recall() float64    { return share(r.ExactFound+r.NearFound, r.Exact+r.Near) }
func (r Result) Precision() float64 { return share(r.RemovedRightly, r.Removed) }

// Segmented is the share of the input's characters that is left.
func (r Result) Segmented() float64 { return share(r.KeptCharacters, r.Characters) }

func share(a, b int64) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// Check counts. Documents are those that were made, kept those that were left.
func Check(documents iter.Seq2[corpus.Document, error], truth io.Reader, kept iter.Seq2[corpus.Document, error]) (Result, error) {
	var r Result
	stays := map[string]bool{}
	for d, err := range kept {
		if err != nil {
			return r, err
		}
		stays[d.ID] = true
	}
	copies, err := readTruth(truth)
	if err != nil {
		return r, err
	}
	groups := map[string]*group{} // by original
	for _, c := range copies {
		if groups[c.Of] == nil {
			groups[c.Of] = &group{}
		}
	}
	for d, err := range documents {
		if err != nil {
			return r, err
		}
		characters := int64(len([]rune(d.Text)))
		r.Documents++
		r.Characters += characters
		c, copied := copies[d.ID]
		of := d.ID
		if copied {
			of = c.Of
		}
		g := groups[of]
		if g != nil {
			g.size++
		}
		switch {
		case stays[d.ID]:
			r.Kept++
			r.KeptCharacters += characters
			if g != nil {
				g.kept++
			}
		default:
			r.Removed++
		}
		if g != nil && copied {
			g.add(c.Kind)
		}
	}
	for _, g := range groups {
		r.group(g)
	}
	return r, nil
}

// A group is an original with its copies.
type group struct{ size, kept, exact, near int64 }

func (g *group) add(kind string) {
	if kind == exact {
		g.exact++
	} else {
		g.near++
	}
}

// group adds what became of a group. Whichever of its documents stays, it holds
// as many copies as documents less one; those that were missed count as near
// ones first, for exact copies of one another cannot be told apart from it.
func (r *Result) group(g *group) {
	r.Exact += g.exact
	r.Near += g.near
	missed := max(0, g.kept-1)
	nearMissed := min(missed, g.near)
	r.NearFound += g.near - nearMissed
	r.ExactFound += g.exact - (missed - nearMissed)
	if g.kept == 0 {
		r.GroupsGone++
	}
	r.RemovedRightly += g.size - max(1, g.kept)
}

func readTruth(truth io.Reader) (map[string]Copy, error) {
	copies := map[string]Copy{}
	d := json.NewDecoder(truth)
	for {
		var c Copy
		switch err := d.Decode(&c); {
		case errors.Is(err, io.EOF):
			return copies, nil
		case err != nil:
			return nil, fmt.Errorf("line %d of the truth: %w", len(copies)+1, err)
		}
		copies[c.ID] = c
	}
}

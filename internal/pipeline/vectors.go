package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"wakong/embed"
	"wakong/internal/stage"
	"wakong/internal/ui"
)

// VectorOptions say which word vectors to look at.
type VectorOptions struct {
	// File of vectors; empty means those that the workspace's lock names.
	File string
	// Limit is the number of words taken from the beginning; 0 means all.
	Limit int
	// JSON prints for programs in place of people.
	JSON bool
}

// openVectors reads them.
func openVectors(ctx context.Context, o WorkspaceOptions, vo VectorOptions) (*embed.Vectors, error) {
	if vo.Limit < 0 {
		return nil, fmt.Errorf("%w: --limit: found %d, expected 0 or more", ErrUsage, vo.Limit)
	}
	path := vo.File
	if path == "" {
		w, err := openWorkspace(ctx, o, true)
		if err != nil {
			return nil, err
		}
		defer w.Close()
		if path, err = w.File(Embed, vectorsFile); errors.Is(err, stage.ErrNotRun) {
			return nil, fmt.Errorf("%w; 'pipeline embed -w %s' makes the vectors, --vectors FILE takes others", err, o.Dir)
		} else if err != nil {
			return nil, err
		}
	}
	return publishedVectors(path, vo.Limit, o.Reporter)
}

// publishedVectors reads a file, and warns of what in it cannot be a word.
func publishedVectors(path string, limit int, reporter *ui.Reporter) (*embed.Vectors, error) {
	skipped := 0
	v, err := embed.Open(path, embed.ReadOptions{Limit: limit, Skipped: func(err error) {
		if skipped++; skipped == 1 {
			reporter.Warn("", "left out: %v", err)
		}
	}})
	if err != nil {
		return nil, err
	}
	if skipped > 1 {
		reporter.Warn("", "%s: %d entries left out that cannot be words of a vocabulary", path, skipped)
	}
	return v, nil
}

// scored is a word in an answer.
type scored struct {
	Word       string  `json:"word"`
	Similarity float64 `json:"similarity"`
}

func scoredWords(near []embed.Neighbor) []scored {
	out := []scored{}
	for _, n := range near {
		out = append(out, scored{n.Word, n.Similarity})
	}
	return out
}

// printJSON prints one value.
func (o WorkspaceOptions) printJSON(value any) error {
	e := json.NewEncoder(o.Reporter.Out())
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

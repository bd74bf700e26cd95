package pipeline

import (
	"errors"
	"fmt"
	"io/fs"

	"wakong/embed"
	"wakong/internal/config"
	"wakong/vocab"
)

// startInputs adds these files, and the vocabularies that stand beside some.
func (p *Pipeline) startInputs(l *inputList) {
	for _, path := range []config.Path{p.config.Embed.Init, p.config.Embed.InitOutput} {
		if path.IsZero() {
			continue
		}
		l.addFile(path)
		for i, beside := range embed.Files(path.Written()) {
			l.add(beside, embed.Files(path.Resolved())[i])
		}
	}
}

// probeStart reads the first vector of each of these files.
func (p *Pipeline) probeStart() error {
	var all []error
	for _, given := range []struct {
		key  string
		path config.Path
	}{{"embed.init", p.config.Embed.Init}, {"embed.init_output", p.config.Embed.InitOutput}} {
		key, path := given.key, given.path
		if path.IsZero() {
			continue
		}
		v, err := embed.Open(path.Resolved(), embed.ReadOptions{Limit: 1, Skipped: func(error) {}})
		switch {
		case errors.Is(err, fs.ErrNotExist):
			all = append(all, p.config.Errorf(key, "%s: no such file", shown(path.Resolved())))
		case err != nil:
			all = append(all, p.config.Errorf(key, "%v", err))
		case v.Size != p.config.Embed.Size:
			all = append(all, p.config.Errorf(key, "%s: found vectors of size %d, expected %d as embed.size says", shown(path.Resolved()), v.Size, p.config.Embed.Size))
		}
	}
	return errors.Join(all...)
}

// readStart reads what the training begins with, nil for at random, and gives
// the vocabulary to train, which may have more words than the text.
func (p *Pipeline) readStart(words *vocab.Vocabulary) (*embed.Start, *vocab.Vocabulary, error) {
	c := p.config.Embed
	if c.Init.IsZero() {
		return nil, words, nil
	}
	text := words.Len() - 1
	only := words
	if c.InitWords == "all" {
		only = nil
	}
	vectors, err := p.openStart(c.Init, only)
	if err != nil {
		return nil, nil, err
	}
	if only == nil {
		if words, err = words.Extended(vectors.Vocabulary); err != nil {
			return nil, nil, err
		}
	}
	added := words.Len() - 1 - text
	known := vectors.Vocabulary.Len() - 1 - added
	p.ui.Info(Embed, "%d of %d words begin with the vectors of %s, %d more are kept", known, text, c.Init.Written(), added)
	start := &embed.Start{Vectors: vectors}
	if !c.InitOutput.IsZero() {
		if start.Output, err = p.openStart(c.InitOutput, words); err != nil {
			return nil, nil, err
		}
	}
	return start, words, nil
}

// openStart opens vectors, those of some words alone where only is not nil.
func (p *Pipeline) openStart(path config.Path, only *vocab.Vocabulary) (*embed.Vectors, error) {
	skipped := 0
	v, err := embed.Open(path.Resolved(), embed.ReadOptions{Only: only, Skipped: func(err error) {
		if skipped++; skipped == 1 {
			p.ui.Warn(Embed, "left out: %v", err)
		}
	}})
	if err != nil {
		return nil, fmt.Errorf("reading the vectors to begin with: %w", err)
	}
	if skipped > 1 {
		p.ui.Warn(Embed, "%s: %d entries left out that cannot be words of a vocabulary", shown(path.Resolved()), skipped)
	}
	return v, nil
}

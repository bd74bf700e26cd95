package pipeline

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"wakong/corpus"
)

// textParams say how text becomes words. They are parameters of every stage that
// segments, so that questions are cut as the text was that vectors and network
// learned from.
type textParams struct {
	// Steps of cleaning that words go through; nil stands for those of the time
	// when they could not be chosen.
	Steps    []string `json:"steps"`
	Simplify bool     `json:"simplify"`
	HMM      bool     `json:"hmm"`
	Learned  bool     `json:"learned,omitempty"` // segmenterFile is needed, too
	// UserDictionary is the SHA-256 of the file of further words, "" for none.
	UserDictionary string `json:"user_dictionary,omitempty"`
}

var stepsOfOld = []string{"line_ends", "control_characters", "spaces", "half_width"}

func (p *Pipeline) text() textParams {
	t := textParams{Steps: []string{}, Simplify: p.config.Segment.Simplify, HMM: p.config.Segment.HMM, Learned: p.config.Segment.Learned,
		UserDictionary: p.dictionaryHash()}
	for _, s := range corpus.AllSteps() {
		if !s.Documents && slices.Contains(p.config.Segment.Steps, s.Name) {
			t.Steps = append(t.Steps, s.Name)
		}
	}
	return t
}

// dictionaryHash is that of the user dictionary; a file that cannot be read is
// told of by the stages whose input it is.
func (p *Pipeline) dictionaryHash() string {
	path := p.config.Segment.UserDictionary
	if path.IsZero() {
		return ""
	}
	if info, err := os.Stat(path.Resolved()); err != nil || !info.Mode().IsRegular() {
		return "unreadable"
	}
	f, err := os.Open(path.Resolved())
	if err != nil {
		return "unreadable"
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "unreadable"
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// cleaner cleans words as the parameters say.
func (p *Pipeline) cleaner(t textParams) *corpus.Cleaner {
	if t.Steps == nil {
		t.Steps = stepsOfOld
	}
	return corpus.NewCleaner(slices.DeleteFunc(corpus.AllSteps(), func(s corpus.Step) bool {
		if s.Name == corpus.Simplify().Name {
			return !t.Simplify
		}
		return !slices.Contains(t.Steps, s.Name)
	})...)
}

// documentCleaner cleans documents as the configuration says.
func (p *Pipeline) documentCleaner() (*corpus.Cleaner, error) {
	advertisements, err := corpus.Advertisements(p.config.Segment.Advertisements...)
	if err != nil {
		return nil, p.config.Errorf("segment.advertisements", "%v", err)
	}
	var steps []corpus.Step
	for _, s := range corpus.AllSteps() {
		switch {
		case s.Name == corpus.Simplify().Name:
			if !p.config.Segment.Simplify {
				continue
			}
		case !slices.Contains(p.config.Segment.Steps, s.Name):
			continue
		case s.Name == advertisements.Name:
			s = advertisements
		}
		steps = append(steps, s)
	}
	return corpus.NewCleaner(steps...), nil
}

// segmenter loads jieba, which takes a second, at its first use.
func (p *Pipeline) segmenter(hmm bool) (*corpus.Jieba, error) {
	if s := p.segmenters[hmm]; s != nil {
		return s, nil
	}
	path := p.config.Segment.UserDictionary
	s, err := corpus.NewJieba(corpus.JiebaOptions{HMM: hmm, UserDictionary: path.Resolved()})
	if err != nil {
		var in *corpus.InputError
		if errors.As(err, &in) {
			return nil, p.inputError("segment", path, path, err, "user_dictionary")
		}
		return nil, fmt.Errorf("loading jieba: %w", err)
	}
	if p.segmenters == nil {
		p.segmenters = map[bool]*corpus.Jieba{}
	}
	p.segmenters[hmm] = s
	return s, nil
}

// sameDictionary tells where a network was trained on text that was cut with
// another user dictionary than that of the configuration.
func (p *Pipeline) sameDictionary(t textParams) error {
	if now := p.dictionaryHash(); now != t.UserDictionary {
		return p.config.Errorf("segment.user_dictionary", "the network was trained with another user dictionary (SHA-256 %s, now %s); name the one it was trained with, or train again",
			orElse(t.UserDictionary, "none"), orElse(now, "none"))
	}
	return nil
}

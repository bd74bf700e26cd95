package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"wakong/corpus"
	"wakong/internal/config"
)

// probedQuestions is how many questions of each file are looked at before any
// stage runs, as package corpus looks at samples.
const probedQuestions = 20

// probe opens every input of the stages up to target and parses the first
// samples of each, so that a mistake in the last of them does not show after an
// hour. All that is wrong is returned at once.
func (p *Pipeline) probe(ctx context.Context, needed map[string]bool) error {
	var all []error
	check := func(key string, path, answers config.Path, err error) {
		if err != nil {
			all = append(all, p.inputError(key, path, answers, err))
		}
	}
	if path := p.config.Segment.UserDictionary; !path.IsZero() && (needed[Segment] || needed[Build]) {
		if err := corpus.CheckUserDictionary(path.Resolved()); err != nil {
			all = append(all, p.inputError("segment", path, path, err, "user_dictionary"))
		}
	}
	if needed[Crawl] {
		all = append(all, p.probeCrawl())
	}
	if needed[Segment] {
		for _, s := range p.textSources() {
			check(s.key, s.path, s.answers, s.source.Probe())
		}
	}
	if needed[Embed] {
		all = append(all, p.probeStart())
	}
	questions := func(list string, each func(corpus.Question) error) {
		for _, s := range p.questionSources(list) {
			check(s.key, s.path, s.answers, probeQuestions(ctx, s.source, each))
		}
	}
	if needed[Segment] || needed[Build] {
		questions("valid", answerGiven)
	}
	if needed[Build] {
		questions("train", nil)
		for _, s := range p.matchSources() {
			check(s.key, s.path, s.answers, probeQuestions(ctx, s.source, nil))
		}
	}
	if input := p.config.Predict.Input; needed[Predict] && !input.IsZero() {
		s, err := questionInput(ctx, p.config.Predict.PredictParams)
		var each func(corpus.Question) error
		if p.config.Predict.Format == "contest" {
			each = checkContestID
		}
		if err == nil {
			err = probeQuestions(ctx, s, each)
		}
		if err != nil {
			all = append(all, p.inputError("predict", input, config.Path{}, err, "input"))
		}
	}
	return errors.Join(all...)
}

// probeCrawl finds what is wrong with the settings of the crawl, and archives that are not
// there; of these it reads no records, since the first page may be far in a file.
func (p *Pipeline) probeCrawl() error {
	if p.demonstration || len(p.config.Crawl.Sites) == 0 {
		return nil
	}
	o, stop, err := p.crawlOptions()
	if err != nil {
		return err
	}
	if err := o.Validate(); err != nil {
		return errors.Join(fmt.Errorf("%w: %w", ErrUsage, err), stop())
	}
	return stop()
}

// probeQuestions looks at the first questions of a source, each may be nil.
func probeQuestions(ctx context.Context, s corpus.QuestionSource, each func(corpus.Question) error) error {
	if err := s.Probe(); err != nil || each == nil || s.OnError == corpus.OnErrorSkip {
		return err
	}
	n := 0
	for q, err := range s.Questions(ctx, corpus.QuestionOptions{Segmenter: corpus.WholeText{}, Cleaner: corpus.NewCleaner()}) {
		if err != nil {
			return err
		}
		if q.File == "" {
			q.File = s.Name
		}
		if err := each(q); err != nil {
			return err
		}
		if n++; n >= probedQuestions {
			break
		}
	}
	return nil
}

// answerGiven refuses a question of which nobody could say whether it was
// answered rightly.
func answerGiven(q corpus.Question) error {
	if q.Answer != "" {
		return nil
	}
	return &corpus.InputError{File: q.File, Line: q.Line, Found: "a question without an answer", Want: "one with it: build.valid is there to compare answers"}
}

// inputError points a missing file to its place in the configuration, and gives
// other errors the path under which the user finds the file. key is that of the
// entry, whose file stands under "path" or under the name given.
func (p *Pipeline) inputError(key string, path, answers config.Path, err error, name ...string) error {
	var in *corpus.InputError
	missing := errors.As(err, &in) && in.Line == 0 && in.Err != nil && errors.Is(in.Err, fs.ErrNotExist)
	if missing && p.config.File() != "" && !p.demonstration {
		place := "path"
		if len(name) > 0 {
			place = name[0]
		}
		for _, given := range []struct {
			place string
			path  config.Path
		}{{place, path}, {"answers", answers}} {
			if !given.path.IsZero() && isPath(in.File, given.path) {
				return p.config.Errorf(key+"."+given.place, "%s: no such file or folder", shown(given.path.Resolved()))
			}
		}
	}
	return showFile(err, path, answers)
}

// isPath tells whether an error speaks of just this path, and not of a file in
// the folder.
func isPath(file string, path config.Path) bool {
	return file == path.Written() || file == path.Resolved() || file == shown(path.Resolved())
}

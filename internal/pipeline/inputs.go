package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/internal/stage"
)

// A textSource is an entry of segment.sources with its place in the
// configuration.
type textSource struct {
	key    string
	path   config.Path
	source corpus.Source
}

func (p *Pipeline) textSources() []textSource {
	var out []textSource
	for i, s := range p.config.Segment.Sources {
		out = append(out, textSource{
			key:  fmt.Sprintf("segment.sources[%d]", i),
			path: s.Path,
			source: corpus.Source{
				Format: s.Format, Path: s.Path.Resolved(), Name: s.Path.Written(), Field: s.Field,
				Answers: s.Answers.Resolved(), Encoding: s.Encoding,
				OnError: orElse(s.OnError, p.config.Segment.OnError),
			},
		})
	}
	return out
}

// A questionSource is an entry of build.train or build.valid that is a file.
type questionSource struct {
	key     string
	path    config.Path
	answers config.Path
	source  corpus.QuestionSource
}

// questionSources lists the entries of "train" or "valid" that are files.
func (p *Pipeline) questionSources(list string) []questionSource {
	entries := p.config.Build.Train
	if list == "valid" {
		entries = p.config.Build.Valid
	}
	var out []questionSource
	for i, s := range entries {
		if s.Format == "generate" {
			continue
		}
		out = append(out, questionSource{
			key:     fmt.Sprintf("build.%s[%d]", list, i),
			path:    s.Path,
			answers: s.Answers,
			source: corpus.QuestionSource{
				Format: s.Format, Path: s.Path.Resolved(), Name: s.Path.Written(),
				Answers: s.Answers.Resolved(), Encoding: s.Encoding,
				OnError: orElse(s.OnError, p.config.Build.OnError),
			},
		})
	}
	return out
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// An inputList collects the files that a stage reads, each once, by the path as
// written in the configuration.
type inputList struct {
	inputs []stage.Input
	seen   map[string]bool
}

func (l *inputList) add(name, path string) {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	if !l.seen[name] {
		l.seen[name] = true
		l.inputs = append(l.inputs, stage.Input{Name: name, Path: path})
	}
}

// addSource adds a file, or all files of a folder. Of a folder that cannot be
// listed the folder itself is added, so that the stage knows that an input is
// missing.
func (l *inputList) addSource(path config.Path, files func() ([]string, error)) {
	found, err := files()
	if err != nil {
		l.add(path.Written(), path.Resolved())
		return
	}
	for _, file := range found {
		rel, err := filepath.Rel(path.Resolved(), file)
		switch {
		case err == nil && rel == ".":
			l.add(path.Written(), file)
		case err == nil && filepath.IsLocal(rel):
			l.add(strings.TrimSuffix(path.Written(), "/")+"/"+filepath.ToSlash(rel), file)
		}
	}
}

func (l *inputList) addText(sources []textSource, answers []config.Source) {
	for i, s := range sources {
		l.addSource(s.path, s.source.Files)
		if a := answers[i].Answers; !a.IsZero() {
			l.add(a.Written(), a.Resolved())
		}
	}
}

func (l *inputList) addQuestions(sources []questionSource) {
	for _, s := range sources {
		l.add(s.path.Written(), s.path.Resolved())
		if !s.answers.IsZero() {
			l.add(s.answers.Written(), s.answers.Resolved())
		}
	}
}

// probe opens every input of the stages up to target and parses the first
// samples of each, so that a mistake in the last of them does not show after an
// hour. All that is wrong is returned at once.
func (p *Pipeline) probe(needed map[string]bool) error {
	var all []error
	check := func(key string, path config.Path, err error) {
		if err != nil {
			all = append(all, p.inputError(key, path, err))
		}
	}
	if needed[Segment] {
		for _, s := range p.textSources() {
			check(s.key+".path", s.path, s.source.Probe())
		}
	}
	if needed[Segment] || needed[Build] {
		for _, s := range p.questionSources("valid") {
			check(s.key+".path", s.path, s.source.Probe())
		}
	}
	if needed[Build] {
		for _, s := range p.questionSources("train") {
			check(s.key+".path", s.path, s.source.Probe())
		}
	}
	if input := p.config.Predict.Input; needed[Predict] && !input.IsZero() {
		s, err := questionInput(p.config.Predict.PredictParams, nil)
		if err == nil {
			err = s.Probe()
		}
		check("predict.input", input, err)
	}
	return errors.Join(all...)
}

// inputError points a missing file to its place in the configuration, and gives
// other errors the path under which the user finds the file.
func (p *Pipeline) inputError(key string, path config.Path, err error) error {
	var in *corpus.InputError
	if errors.As(err, &in) && in.Line == 0 && in.Err != nil && errors.Is(in.Err, fs.ErrNotExist) && p.config.File() != "" && !p.demonstration {
		if strings.HasPrefix(in.File, path.Written()) {
			return p.config.Errorf(key, "%s: no such file or folder", shown(path.Resolved()))
		}
		return p.config.Errorf(key, "%s: no such file or folder", shown(in.File))
	}
	return showFile(err, path)
}

// showFile replaces, in an error of package corpus, the written path of a file
// by the one under which the user finds it.
func showFile(err error, paths ...config.Path) error {
	var in *corpus.InputError
	if !errors.As(err, &in) {
		return err
	}
	for _, path := range paths {
		written := strings.TrimSuffix(path.Written(), "/")
		if rest, ok := strings.CutPrefix(in.File, written); ok && (rest == "" || rest[0] == '/') {
			in.File = shown(path.Resolved() + rest)
			break
		}
		if in.File == path.Resolved() {
			in.File = shown(in.File)
			break
		}
	}
	return err
}

// shown is a path relative to the working folder where it lies in it.
func shown(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(here, path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return rel
}

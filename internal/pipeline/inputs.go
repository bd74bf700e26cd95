package pipeline

import (
	"errors"
	"fmt"
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
	key     string
	path    config.Path
	answers config.Path
	source  corpus.Source
}

func (p *Pipeline) textSources() []textSource {
	var out []textSource
	for i, s := range p.config.Segment.Sources {
		out = append(out, textSource{
			key:     fmt.Sprintf("segment.sources[%d]", i),
			path:    s.Path,
			answers: s.Answers,
			source: corpus.Source{
				Format: s.Format, Path: s.Path.Resolved(), Name: s.Path.Written(), Field: s.Field,
				Answers: s.Answers.Resolved(), AnswersName: s.Answers.Written(), Encoding: s.Encoding,
				Resegment: s.Resegment,
				OnError:   orElse(s.OnError, p.config.Segment.OnError),
				Pages:     storyPages(s.Story),
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
		if s.FromDocuments() {
			continue
		}
		out = append(out, questionSource{
			key:     fmt.Sprintf("build.%s[%d]", list, i),
			path:    s.Path,
			answers: s.Answers,
			source: corpus.QuestionSource{
				Format: s.Format, Path: s.Path.Resolved(), Name: s.Path.Written(),
				Answers: s.Answers.Resolved(), AnswersName: s.Answers.Written(), Encoding: s.Encoding,
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
	seen   map[string]string // the path of each name
}

// add adds a file. Patterns within variables can give one name to several files,
// which are numbered then: each of them counts.
func (l *inputList) add(name, path string) {
	if l.seen == nil {
		l.seen = map[string]string{}
	}
	numbered := name
	for n := 2; ; n++ {
		other, ok := l.seen[numbered]
		if !ok {
			break
		}
		if other == path {
			return
		}
		numbered = fmt.Sprintf("%s (%d)", name, n)
	}
	l.seen[numbered] = path
	l.inputs = append(l.inputs, stage.Input{Name: numbered, Path: path})
}

// addFiles adds the files of an entry: one, all of a folder, or all that a pattern
// matches. Where they cannot be listed the path itself is added, so that the stage
// knows that an input is missing.
func (l *inputList) addFiles(path, answers config.Path, files func() ([]corpus.File, error)) {
	found, err := files()
	if err != nil {
		l.add(path.Written(), path.Resolved())
		l.addFile(answers)
		return
	}
	for _, file := range found {
		l.add(file.Name, file.Path)
	}
}

// addFile adds a file that may not be given.
func (l *inputList) addFile(path config.Path) {
	if !path.IsZero() {
		l.add(path.Written(), path.Resolved())
	}
}

func (l *inputList) addText(sources []textSource) {
	for _, s := range sources {
		l.addFiles(s.path, s.answers, s.source.Files)
	}
}

func (l *inputList) addQuestions(sources []questionSource) {
	for _, s := range sources {
		l.addFiles(s.path, s.answers, s.source.Files)
	}
}

// showFile replaces, in an error of package corpus, the written path of a file
// by the one under which the user finds it.
func showFile(err error, paths ...config.Path) error {
	var in *corpus.InputError
	if !errors.As(err, &in) {
		return err
	}
	for _, path := range paths {
		if path.IsZero() {
			continue
		}
		base, written := corpus.PatternBase(path.Resolved(), strings.TrimSuffix(path.Written(), "/"))
		if rest, ok := strings.CutPrefix(in.File, written); ok && (rest == "" || rest[0] == '/') {
			in.File = shown(base + rest)
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

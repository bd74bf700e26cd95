package pipeline

import (
	"errors"
	"fmt"
	"strings"

	"wakong/corpus"
	"wakong/internal/config"
)

// mostSkips bounds the list of a report, as in package corpus.
const mostSkips = 1000

// shownSkips is how many pieces of skipped input an error lists.
const shownSkips = 5

// skips lists the first pieces of input that were skipped, each on a line of its
// own, for an error that comes of it; "" where there are none.
func (p *Pipeline) skips(reports []*corpus.SourceReport) string {
	total := 0
	var lines []string
	paths := p.paths()
	for _, r := range reports {
		total += r.Skipped
		for _, s := range r.Skips {
			if len(lines) == shownSkips {
				break
			}
			err := &corpus.InputError{File: s.File, Line: s.Line, Err: errors.New(s.Reason)}
			lines = append(lines, showFile(err, paths...).Error())
		}
	}
	if total == 0 {
		return ""
	}
	text := fmt.Sprintf("; %s skipped (on_error: skip):\n%s", counted(total, "faulty piece"), strings.Join(lines, "\n"))
	if more := total - len(lines); more > 0 {
		text += fmt.Sprintf("\nand %d more", more)
	}
	return text
}

// paths are those of all sources.
func (p *Pipeline) paths() []config.Path {
	var out []config.Path
	for _, s := range p.textSources() {
		out = append(out, s.path, s.answers)
	}
	for _, list := range []string{"train", "valid"} {
		for _, s := range p.questionSources(list) {
			out = append(out, s.path, s.answers)
		}
	}
	return out
}

package corpus

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A QuestionSampler keeps a few of many questions, to be read by people. Which ones
// depends on the set of questions and the seed, not on their order: those with the
// smallest hash of seed and words.
type QuestionSampler struct {
	seed  uint64
	most  int
	drawn []drawnQuestion // in the order of their draws
}

type drawnQuestion struct {
	draw     uint64
	question Question
}

// NewQuestionSampler keeps at most so many.
func NewQuestionSampler(most int, seed uint64) *QuestionSampler {
	return &QuestionSampler{seed: seed, most: most}
}

// Add offers a question.
func (s *QuestionSampler) Add(q Question) {
	d := drawnQuestion{q.draw(s.seed), q}
	at, _ := slices.BinarySearchFunc(s.drawn, d, func(a, b drawnQuestion) int {
		return cmp.Or(cmp.Compare(a.draw, b.draw), strings.Compare(a.question.ID, b.question.ID))
	})
	if at < s.most {
		s.drawn = slices.Insert(s.drawn, at, d)
		s.drawn = s.drawn[:min(len(s.drawn), s.most)]
	}
}

// Questions are those that were kept.
func (s *QuestionSampler) Questions() []Question {
	questions := make([]Question, len(s.drawn))
	for i, d := range s.drawn {
		questions[i] = d.question
	}
	return questions
}

// A QuestionSet is a set of questions as a sheet shows it.
type QuestionSet struct {
	Name       string
	Statistics *QuestionStatistics
	Samples    []Question
}

// WriteQuestionSheet writes what sets of questions are like side by side, with some
// of them to read, in Markdown. The last set is the one that the others are
// compared with.
func WriteQuestionSheet(w io.Writer, sets ...QuestionSet) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "# Questions\n")
	if len(sets) > 0 {
		writeQuestionTables(out, sets)
	}
	for _, set := range sets {
		if len(set.Samples) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n## %s: %d of %d, drawn by lot\n", set.Name, len(set.Samples), set.Statistics.Questions)
		for i, q := range set.Samples {
			fmt.Fprintf(out, "\n%d. %s\n\n   %s【%s】%s\n", i+1, inlineMarkdown(q.ID), plainWords(q.Left()), inlineMarkdown(q.Answer), plainWords(q.Right()))
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing questions to read: %w", err)
	}
	return nil
}

// writeQuestionTables writes a table for each aspect.
func writeQuestionTables(out io.Writer, sets []QuestionSet) {
	reference := sets[len(sets)-1].Statistics
	row := func(first string, cell func(s *QuestionStatistics) string) {
		fmt.Fprintf(out, "| %s |", first)
		for _, set := range sets {
			fmt.Fprintf(out, " %s |", cell(set.Statistics))
		}
		fmt.Fprintln(out)
	}
	head := func(first string) {
		fmt.Fprintf(out, "\n| %s |", first)
		for _, set := range sets {
			fmt.Fprintf(out, " %s |", set.Name)
		}
		fmt.Fprintf(out, "\n|%s\n", strings.Repeat(" --- |", len(sets)+1))
	}
	head("")
	row("questions", func(s *QuestionStatistics) string { return fmt.Sprint(s.Questions) })
	row("words of a passage, mean", func(s *QuestionStatistics) string {
		return fmt.Sprintf("%.1f", float64(s.Words)/float64(max(1, s.Questions)))
	})
	for i, aspect := range reference.Aspects {
		head(aspect.By)
		for j, group := range aspect.Groups {
			row(group.Name, func(s *QuestionStatistics) string {
				return fmt.Sprintf("%.1f %%", 100*float64(s.Aspects[i].Groups[j].Count)/float64(max(1, s.Questions)))
			})
		}
		if len(sets) > 1 {
			row("total variation to "+sets[len(sets)-1].Name, func(s *QuestionStatistics) string {
				if s == reference {
					return ""
				}
				return fmt.Sprintf("%.3f", s.Variation(reference, i))
			})
		}
	}
}

// plainWords are words as text that Markdown leaves alone.
func plainWords(words []string) string { return inlineMarkdown(JoinWords(words)) }

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", "&lt;", "&", "&amp;", "[", `\[`, "|", `\|`, "\n", " ", "\r", " ")

func inlineMarkdown(text string) string { return markdownEscapes.Replace(text) }

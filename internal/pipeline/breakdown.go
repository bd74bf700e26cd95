package pipeline

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/model"
)

// A breakdown is the score by what the questions are like.
type breakdown struct {
	By     string        `json:"by"`
	Groups []model.Group `json:"groups"`
}

// An aspect puts a question with its right answer in one of some groups. An answer
// that is not known ("") is in none of those by what it is.
type aspect struct {
	by    string
	order []string
	group func(q corpus.Question, answer string) string
}

// aspects by which questions are told apart.
func aspects(tag func(word string) string) []aspect {
	frequency := []string{"0", "1", "2", "3", "4", "5", "6", "7", "8 and more"}
	characters := []string{"1", "2", "3", "4 and more"}
	lengths := []string{"to 150", "151 to 250", "251 to 350", "351 and more"}
	return []aspect{
		{"how often the answer stands in the passage", frequency, func(q corpus.Question, answer string) string {
			n := 0
			for _, w := range q.Words {
				if w == answer {
					n++
				}
			}
			return frequency[min(n, 8)]
		}},
		{"characters of the answer", characters, func(_ corpus.Question, answer string) string {
			if answer == "" {
				return ""
			}
			return characters[max(1, min(4, utf8.RuneCountInString(answer)))-1]
		}},
		{"part of speech of the answer", wordKinds, func(_ corpus.Question, answer string) string {
			if answer == "" {
				return ""
			}
			return wordKind(tag(answer))
		}},
		{"words of the passage", lengths, func(q corpus.Question, _ string) string {
			i, _ := slices.BinarySearch([]int{150, 250, 350}, len(q.Words))
			return lengths[i]
		}},
	}
}

// wordKinds are the kinds of words that are told apart, those of wordKind.
var wordKinds = []string{"noun", "name of a person", "name of a place", "not in the dictionary", "other"}

// wordKind is the kind of a word with a part of speech in jieba's notation.
func wordKind(tag string) string {
	switch {
	case tag == "x":
		return wordKinds[3]
	case strings.HasPrefix(tag, "nr"):
		return wordKinds[1]
	case strings.HasPrefix(tag, "ns"):
		return wordKinds[2]
	case strings.HasPrefix(tag, "n"):
		return wordKinds[0]
	}
	return wordKinds[4]
}

// breakDown scores predictions by what the questions of a file are like.
func (p *Pipeline) breakDown(ctx context.Context, questions string, predicted, right []model.Labeled, count *readBytes) ([]breakdown, error) {
	jieba, err := p.segmenter(false)
	if err != nil {
		return nil, err
	}
	source, in, err := openQuestions(ctx, config.PredictParams{Input: config.NewPath(questions, questions), InputFormat: "auto"}, nil)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	asked := map[string]corpus.Question{}
	cleaner := corpus.NewCleaner(corpus.StandardSteps()...)
	for q, err := range source.Read(ctx, count.reader(in), corpus.QuestionOptions{Segmenter: jieba, Cleaner: cleaner}) {
		if err != nil {
			return nil, err
		}
		asked["<"+q.ID+">"] = q
	}
	answers := map[string]string{}
	for _, a := range right {
		if _, ok := asked[a.ID]; !ok {
			return nil, fmt.Errorf("%s:%d: found an answer for %s, which is no question of %s", a.File, a.Line, a.ID, questions)
		}
		// The passage's words are clean, in simplified characters for one thing.
		answers[a.ID] = strings.Join(cleaner.Word(strings.TrimSpace(a.Word), nil), "")
	}
	var all []breakdown
	for _, aspect := range aspects(jieba.Tag) {
		groups := model.EvaluateGroups(predicted, right, aspect.order, func(id string) string {
			return aspect.group(asked[id], answers[id])
		})
		all = append(all, breakdown{aspect.by, slices.DeleteFunc(groups, func(g model.Group) bool { return g.Total == 0 })})
	}
	return all, nil
}

// writeBreakdown prints tables.
func writeBreakdown(w io.Writer, all []breakdown) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, b := range all {
		fmt.Fprintf(table, "\n%s\tquestions\taccuracy\n", b.By)
		for _, g := range b.Groups {
			fmt.Fprintf(table, "  %s\t%d\t%.1f %%\n", g.Name, g.Total, 100*g.Accuracy)
		}
	}
	return table.Flush()
}

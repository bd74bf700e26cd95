package pipeline

import (
	"context"
	"fmt"
	"strings"

	"wakong/embed"
)

// Neighbors prints the top nearest words of each word.
func Neighbors(ctx context.Context, o WorkspaceOptions, vo VectorOptions, words []string, top int) error {
	if err := checkTop(top); err != nil {
		return err
	}
	v, err := openVectors(ctx, o, vo)
	if err != nil {
		return err
	}
	type answer struct {
		Word      string   `json:"word"`
		Neighbors []scored `json:"neighbors"`
	}
	answers := []answer{}
	for _, word := range words {
		near, err := v.Nearest(word, top)
		if err != nil {
			return err
		}
		answers = append(answers, answer{word, scoredWords(near)})
	}
	if vo.JSON {
		return o.printJSON(answers)
	}
	for i, a := range answers {
		if i > 0 {
			o.Reporter.Printf("\n")
		}
		if len(answers) > 1 {
			o.Reporter.Printf("%s\n", a.Word)
		}
		o.printScored(a.Neighbors)
	}
	return nil
}

// Analogy prints the top words that stand to c as b stands to a.
func Analogy(ctx context.Context, o WorkspaceOptions, vo VectorOptions, a, b, c string, top int) error {
	if err := checkTop(top); err != nil {
		return err
	}
	v, err := openVectors(ctx, o, vo)
	if err != nil {
		return err
	}
	best, err := v.Analogy(a, b, c, top)
	if err != nil {
		return err
	}
	answers := scoredWords(best)
	if vo.JSON {
		return o.printJSON(struct {
			A       string   `json:"a"`
			B       string   `json:"b"`
			C       string   `json:"c"`
			Answers []scored `json:"answers"`
		}{a, b, c, answers})
	}
	o.printScored(answers)
	return nil
}

func checkTop(top int) error {
	if top < 1 {
		return fmt.Errorf("%w: --top: found %d, expected 1 or more", ErrUsage, top)
	}
	return nil
}

func (o WorkspaceOptions) printScored(words []scored) {
	for _, w := range words {
		o.Reporter.Printf("%.4f  %s\n", w.Similarity, w.Word)
	}
}

// AnalogyFile prints how many analogies of a file are solved.
func AnalogyFile(ctx context.Context, o WorkspaceOptions, vo VectorOptions, file string, threads int) error {
	sections, err := readJudgements(ctx, file, embed.ReadAnalogies)
	if err != nil {
		return err
	}
	v, err := openVectors(ctx, o, vo)
	if err != nil {
		return err
	}
	var scores []embed.AnalogyScore
	err = work(o.Reporter, "analogy", "questions", func(progress func(done, total int64)) error {
		scores, err = v.ScoreAnalogies(ctx, sections, threads, progress)
		return err
	})
	if err != nil {
		return err
	}
	type row struct {
		embed.AnalogyScore
		Accuracy float64 `json:"accuracy"`
	}
	all := embed.AnalogyScore{Section: "all"}
	rows := []row{}
	for _, s := range scores {
		all.Questions += s.Questions
		all.Covered += s.Covered
		all.Correct += s.Correct
		rows = append(rows, row{s, s.Accuracy()})
	}
	rows = append(rows, row{all, all.Accuracy()})
	if vo.JSON {
		return o.printJSON(rows)
	}
	o.Reporter.Printf("%9s %9s %9s %9s  section\n", "questions", "covered", "correct", "accuracy")
	for _, r := range rows {
		accuracy := "-"
		if r.Covered > 0 {
			accuracy = fmt.Sprintf("%.4f", r.Accuracy)
		}
		o.Reporter.Printf("%9d %9d %9d %9s  %s\n", r.Questions, r.Covered, r.Correct, accuracy, strings.TrimSpace(r.Section))
	}
	return nil
}

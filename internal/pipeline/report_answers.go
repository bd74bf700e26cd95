package pipeline

import (
	"context"
	"errors"
	"io"

	"wakong/corpus"
	"wakong/internal/report"
	"wakong/internal/stage"
	"wakong/model"
	"wakong/vocab"
)

// answeredAtOnce is how many questions the network is given at a time.
const answeredAtOnce = 160

// reportAnswers answers the validation questions that the network was trained
// beside.
func (p *Pipeline) reportAnswers(ctx context.Context, page *report.Page) error {
	f, err := modelIn(p.workspace)
	if _, trained := p.workspace.Lock().Stages[Train]; errors.Is(err, stage.ErrNotRun) && !trained {
		return nil
	}
	if err != nil {
		return err
	}
	path, err := p.workspace.FileNeeded(Train, Build, validFile)
	if errors.Is(err, stage.ErrNotRun) {
		return nil
	}
	if err != nil {
		return err
	}
	var examples []model.Example
	err = open(path, func(in io.Reader) error {
		_, examples, err = model.ReadExamples(in, path)
		return err
	})
	if err != nil || len(examples) == 0 {
		return err
	}
	kernel, err := p.kernel()
	if err != nil {
		return err
	}
	a, err := loadAnswerer(f, kernel, p.config.Predict.Threads)
	if err != nil {
		return err
	}
	defer a.close()
	jieba, err := p.segmenter(false)
	if err != nil {
		return err
	}
	tally := report.NewTally(answerAspects(jieba.Tag, a.vectors.Vocabulary), wordKinds, func(word string) string { return wordKind(jieba.Tag(word)) })
	if err := p.work("report", "questions", func() error { return p.tally(ctx, a, examples, tally) }); err != nil {
		return err
	}
	page.Answers = tally.Answers()
	return nil
}

// tally answers the examples.
func (p *Pipeline) tally(ctx context.Context, a *answerer, examples []model.Example, into *report.Tally) error {
	for from := 0; from < len(examples); from += answeredAtOnce {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := examples[from:min(from+answeredAtOnce, len(examples))]
		probabilities, err := a.network.Probabilities(part)
		if err != nil {
			return err
		}
		for i, e := range part {
			into.Add(answeredExample(e, probabilities[i], a.vectors.Vocabulary))
		}
		p.progress(int64(from+len(part)), int64(len(examples)))
	}
	return nil
}

func answeredExample(e model.Example, probabilities []float64, v *vocab.Vocabulary) report.Answered {
	a := report.Answered{ID: e.ID, Blank: len(e.Left), Positions: probabilities, Best: model.Rank(e, probabilities, v, 0)}
	for _, side := range [][]int32{e.Left, e.Right} {
		for _, id := range side {
			a.Words = append(a.Words, e.Word(id, v))
		}
	}
	if e.Answer != 0 {
		a.Answer = e.Word(e.Answer, v)
	}
	return a
}

// answerAspects are those of "evaluate", and how often the answer was seen.
func answerAspects(tag func(word string) string, v *vocab.Vocabulary) []report.Aspect {
	var out []report.Aspect
	for _, of := range aspects(tag) {
		out = append(out, report.Aspect{By: of.by, Order: of.order, Group: func(a report.Answered) string {
			return of.group(corpus.Question{Words: a.Words, Blank: a.Blank}, a.Answer)
		}})
	}
	seen := []string{"0", "1 to 9", "10 to 99", "100 to 999", "1000 and more"}
	return append(out, report.Aspect{By: "how often the answer stands in the corpus", Order: seen, Group: func(a report.Answered) string {
		if a.Answer == "" {
			return ""
		}
		group := 0
		for n := v.Count(v.ID(a.Answer)); n > 0 && group < len(seen)-1; n /= 10 {
			group++
		}
		return seen[group]
	}})
}

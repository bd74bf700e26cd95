package pipeline

import (
	"context"
	"io"

	"wakong/internal/config"
	"wakong/internal/stage"
)

// predictionsFile is the name of the answers in the stage's folder.
func predictionsFile(format string) string {
	if format == "jsonl" {
		return "predictions.jsonl"
	}
	return "predictions.txt"
}

// runPredict is the stage predict.
func (p *Pipeline) runPredict(ctx context.Context, r *stage.Run) error {
	var f modelFiles
	for _, need := range []struct {
		path        *string
		stage, file string
	}{
		{&f.card, Train, modelFile}, {&f.weights, Train, weightsFile}, {&f.text, Train, textFile},
		{&f.words, Embed, vocabularyFile}, {&f.vectors, Embed, vectorsFile},
	} {
		var err error
		if *need.path, err = r.Need(need.stage, need.file); err != nil {
			return err
		}
	}
	var err error
	if f.segmenter, err = needSegmenter(r); err != nil {
		return err
	}
	params := p.config.Predict.PredictParams
	return create(r.Dir, predictionsFile(params.Format), func(w io.Writer) error {
		return p.predict(ctx, f, params, nil, w)
	})
}

// predict answers the questions of params.Input.
func (p *Pipeline) predict(ctx context.Context, f modelFiles, params config.PredictParams, stdin io.Reader, w io.Writer) error {
	kernel, err := p.kernel()
	if err != nil {
		return err
	}
	a, err := loadAnswerer(f, kernel, p.config.Predict.Threads)
	if err != nil {
		return err
	}
	defer a.close()
	questions, err := p.questions(ctx, params, a.text, f.segmenter, stdin)
	if err != nil {
		return err
	}
	top := params.Top
	if params.Format == "contest" {
		top = contestCandidates
	}
	answers, err := a.answer(ctx, questions, top, p.progress)
	if err != nil {
		return err
	}
	without := 0
	for _, a := range answers {
		if len(a.candidates) == 0 {
			without++
		}
	}
	if without > 0 {
		p.ui.Warn(Predict, "%d of %d passages have no words besides the blank and so no answer", without, len(answers))
	}
	return writeAnswers(w, answers, params.Format)
}

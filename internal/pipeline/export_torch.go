package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"wakong/docs/interop"
	"wakong/internal/stage"
	"wakong/model"
)

// trainingParams is training.json: how this program would train, the defaults of
// the script that trains elsewhere.
type trainingParams struct {
	Format        int     `json:"format"` // 1, the first
	Epochs        int     `json:"epochs"`
	Batch         int     `json:"batch"` // questions in a step
	LearningRate  float64 `json:"learning_rate"`
	Seed          uint64  `json:"seed"`
	ValidateEvery int     `json:"validate_every"` // steps; 0: after each epoch only
	MaxSteps      int     `json:"max_steps"`      // 0: no bound
}

// prepareBatches finds what the network pointer is trained from.
func (e *exporter) prepareBatches() error {
	e.root = Build
	c := e.config.Train
	if c.Network != pointerNetwork {
		return fmt.Errorf("format %s is for the network %s, train.network is %s: the script beside it trains the first only", ExportTorch, pointerNetwork, c.Network)
	}
	e.copied, e.batches = map[string]artifact{}, map[string]artifact{}
	for _, f := range []struct {
		into       map[string]artifact
		name, file string
	}{{e.batches, trainTensors, trainFile}, {e.batches, validTensors, validFile}, {e.copied, textFile, textFile}} {
		a, err := e.of(Build, f.file)
		if errors.Is(err, stage.ErrNotRun) {
			return fmt.Errorf("%w; 'pipeline build -w %s' makes the batches", err, e.place.Dir)
		}
		if err != nil {
			return err
		}
		f.into[f.name] = a
	}
	for _, file := range []string{vocabularyFile, vectorsFile} {
		a, err := e.of(Embed, file)
		if err != nil {
			return err
		}
		e.copied[file] = a
	}
	built, err := e.neededBy(Build, Embed, vocabularyFile)
	if err != nil {
		return err
	}
	if built.sha256 != e.copied[vocabularyFile].sha256 {
		return fmt.Errorf("the batches were built with another vocabulary than that of the vectors; 'pipeline build -w %s' makes them anew", e.place.Dir)
	}
	vectors, err := readVectors(e.copied[vocabularyFile].path, e.copied[vectorsFile].path)
	if err != nil {
		return err
	}
	e.card = newModelCard(c.TrainParams, vectors)
	if err := readJSON(e.copied[textFile].path, &e.text); err != nil {
		return err
	}
	return e.findSegmentation(Build)
}

// writeBatches writes the examples as tensors, how to train on them, and the script
// that does.
func (e *exporter) writeBatches(ctx context.Context) error {
	batch := 0
	for _, name := range []string{trainTensors, validTensors} {
		if err := ctx.Err(); err != nil {
			return err
		}
		from := e.batches[name]
		var header model.ExampleHeader
		var examples []model.Example
		err := open(from.path, func(in io.Reader) (err error) {
			header, examples, err = model.ReadExamples(e.count.reader(in), from.path)
			return err
		})
		if err != nil {
			return err
		}
		batch = header.Batch
		if len(examples) == 0 {
			if name == validTensors {
				continue // without validation
			}
			return fmt.Errorf("%s: found no questions to train on; build.train names some", from.path)
		}
		if err := e.file(name, func(w io.Writer) error { return model.WriteExampleTensors(w, header, examples) }); err != nil {
			return err
		}
	}
	c := e.config.Train
	if err := e.json(trainingFile, trainingParams{
		Format: 1, Epochs: c.Epochs, Batch: batch, LearningRate: c.LearningRate, Seed: c.Seed,
		ValidateEvery: c.ValidateEvery, MaxSteps: c.MaxSteps,
	}); err != nil {
		return err
	}
	return e.file(scriptFile, func(w io.Writer) error {
		_, err := io.WriteString(w, interop.TrainTorch)
		return err
	})
}

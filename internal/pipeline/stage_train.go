package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"wakong/embed"
	"wakong/internal/stage"
	"wakong/model"
	"wakong/model/reader"
)

// runTrain is the stage train.
func (p *Pipeline) runTrain(ctx context.Context, r *stage.Run) error {
	vectors, err := needVectors(r)
	if err != nil {
		return err
	}
	_, valid, err := needExamples(r, validFile)
	if err != nil {
		return err
	}
	train := p.trainPointer
	if p.config.Train.Network == readerNetwork {
		train = p.trainReader
	}
	weights, result, err := train(ctx, r, vectors, valid)
	if err != nil {
		return err
	}
	card := newModelCard(p.config.Train.TrainParams, vectors)
	card.Steps, card.BestStep, card.Questions = result.Steps, result.BestStep, len(valid)
	if len(valid) > 0 {
		card.Accuracy = &result.Accuracy
		p.ui.Info(Train, "validation accuracy %.2f %% with the weights of step %d", 100*result.Accuracy, result.BestStep)
	}
	return writeModel(r, weights, card, result.Metrics)
}

// trainPointer trains the published network on questions.
func (p *Pipeline) trainPointer(ctx context.Context, r *stage.Run, vectors *embed.Vectors, valid []model.Example) (model.Weights, model.TrainResult, error) {
	c := p.config.Train
	header, train, err := needExamples(r, trainFile)
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	kernel, err := p.kernel()
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	network, err := model.NewNetwork(vectors.Data, vectors.Size, pointerOptions(c.TrainParams, kernel, c.Solver, c.Threads))
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	defer network.Close()
	result, err := model.Train(ctx, network, train, valid, model.TrainOptions{
		Epochs: c.Epochs, Batch: header.Batch, Seed: c.Seed, ValidateEvery: c.ValidateEvery, MaxSteps: c.MaxSteps, Bucket: c.Bucket,
		Checkpoint: p.checkpoint(r), CheckpointEvery: p.checkpointEvery(), Identity: filepath.Base(r.Dir),
		Notice: p.trainNotice, Progress: p.trained(r, len(valid) > 0),
	})
	return network.Weights(), result, err
}

// trainReader trains the network reader on whole documents.
func (p *Pipeline) trainReader(ctx context.Context, r *stage.Run, vectors *embed.Vectors, valid []model.Example) (model.Weights, model.TrainResult, error) {
	c := p.config.Train
	_, texts, err := needExamples(r, passagesFile)
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	path, err := r.Need(Build, tagsFile)
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	tags, err := readTags(path, vectors.Vocabulary)
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	kernel, err := p.kernel()
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	network, err := reader.New(reader.NewLexicon(vectors.Vocabulary, tags), vectors.Data, readerOptions(c.TrainParams, kernel, c.Threads))
	if err != nil {
		return nil, model.TrainResult{}, err
	}
	result, err := reader.Train(ctx, network, texts, valid, reader.TrainOptions{
		Epochs: c.Epochs, StepWords: c.Reader.StepWords, PassageWords: c.Reader.PassageWords,
		ValidateEvery: c.ValidateEvery, MaxSteps: c.MaxSteps,
		Checkpoint: p.checkpoint(r), CheckpointEvery: p.checkpointEvery(), Identity: filepath.Base(r.Dir),
		Notice: p.trainNotice, Progress: p.trained(r, len(valid) > 0),
	})
	return network.Weights(), result, err
}

func (p *Pipeline) checkpoint(r *stage.Run) string { return filepath.Join(r.Scratch, "checkpoint") }

func (p *Pipeline) checkpointEvery() time.Duration {
	return time.Duration(p.config.Train.CheckpointEvery * float64(time.Second))
}

func (p *Pipeline) trainNotice(text string) { p.ui.Info(Train, "%s", text) }

// trained shows how the training gets on.
func (p *Pipeline) trained(r *stage.Run, validated bool) func(model.Progress) {
	return func(progress model.Progress) {
		p.progress(int64(progress.Step), int64(progress.Steps))
		if progress.Accuracy == nil {
			return
		}
		line := fmt.Sprintf("step %d of %d: loss %.3f", progress.Step, progress.Steps, progress.Loss)
		if validated {
			line += fmt.Sprintf(", validation accuracy %.2f %%", 100**progress.Accuracy)
		}
		p.ui.Info(Train, "%s", line)
		fmt.Fprintln(r.Log, line)
		r.Timing(map[string]any{"event": "validated", "step": progress.Step, "words": progress.Words, "time": time.Now().Format(time.RFC3339Nano)})
	}
}

// writeModel writes the stage's files.
func writeModel(r *stage.Run, weights model.Weights, card modelCard, metrics []model.Metric) error {
	var text textParams
	path, err := r.Need(Build, textFile)
	if err == nil {
		err = readJSON(path, &text)
	}
	if err != nil {
		return err
	}
	if err := create(r.Dir, weightsFile, func(w io.Writer) error {
		return model.WriteWeights(w, weights, nil)
	}); err != nil {
		return err
	}
	if err := create(r.Dir, metricsFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		for _, m := range metrics {
			if err := e.Encode(m); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	if err := writeJSON(r.Dir, textFile, text); err != nil {
		return err
	}
	return writeJSON(r.Dir, modelFile, card)
}

func needExamples(r *stage.Run, name string) (header model.ExampleHeader, examples []model.Example, err error) {
	path, err := r.Need(Build, name)
	if err != nil {
		return header, nil, err
	}
	err = open(path, func(in io.Reader) error {
		header, examples, err = model.ReadExamples(in, path)
		return err
	})
	return header, examples, err
}

// needVectors reads the vectors of the stage embed with their vocabulary.
func needVectors(r *stage.Run) (*embed.Vectors, error) {
	words, err := r.Need(Embed, vocabularyFile)
	if err != nil {
		return nil, err
	}
	vectors, err := r.Need(Embed, vectorsFile)
	if err != nil {
		return nil, err
	}
	return readVectors(words, vectors)
}

// readVectors reads vectors and gives them the vocabulary with its counts. Both
// must hold the same words in the same order: the ids in examples rely on it.
func readVectors(words, vectors string) (v *embed.Vectors, err error) {
	vocabulary, err := readVocabulary(words)
	if err != nil {
		return nil, err
	}
	err = open(vectors, func(in io.Reader) error {
		v, err = embed.ReadBinary(in, vectors)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Vocabulary.Len() != vocabulary.Len() {
		return nil, fmt.Errorf("%s: found %d words, expected %d as in %s", vectors, v.Vocabulary.Len(), vocabulary.Len(), words)
	}
	for id := int32(1); int(id) < vocabulary.Len(); id++ {
		if v.Vocabulary.Word(id) != vocabulary.Word(id) {
			return nil, fmt.Errorf("%s: found %q as word %d, expected %q as in %s", vectors, v.Vocabulary.Word(id), id, vocabulary.Word(id), words)
		}
	}
	v.Vocabulary = vocabulary
	return v, nil
}

package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"wakong/embed"
	"wakong/internal/config"
	"wakong/internal/stage"
	"wakong/model"
	"wakong/model/lstm"
)

// modelCard is model.json: what is needed, besides the weights and the vectors,
// to make the network again, and how good it is.
type modelCard struct {
	Format     int      `json:"format"` // 1, the first
	Network    string   `json:"network"`
	Units      int      `json:"units"`
	Layers     int      `json:"layers"`
	VectorSize int      `json:"vector_size"`
	Vocabulary int      `json:"vocabulary"` // words, the unknown one included
	Steps      int      `json:"steps"`
	BestStep   int      `json:"best_step"` // that the weights are of
	Questions  int      `json:"validation_questions"`
	Accuracy   *float64 `json:"validation_accuracy"` // 0 to 1; null without validation
}

const modelCardFormat = 1

// runTrain is the stage train.
func (p *Pipeline) runTrain(ctx context.Context, r *stage.Run) error {
	c := p.config.Train
	header, train, err := needExamples(r, trainFile)
	if err != nil {
		return err
	}
	_, valid, err := needExamples(r, validFile)
	if err != nil {
		return err
	}
	vectors, err := needVectors(r)
	if err != nil {
		return err
	}
	kernel, err := p.kernel()
	if err != nil {
		return err
	}
	network, err := newNetwork(vectors, c.TrainParams, kernel, c.Solver, c.Threads)
	if err != nil {
		return err
	}
	defer network.Close()
	result, err := model.Train(ctx, network, train, valid, model.TrainOptions{
		Epochs: c.Epochs, Batch: header.Batch, Seed: c.Seed, ValidateEvery: c.ValidateEvery, MaxSteps: c.MaxSteps, Bucket: c.Bucket,
		Checkpoint:      filepath.Join(r.Scratch, "checkpoint"),
		CheckpointEvery: time.Duration(c.CheckpointEvery * float64(time.Second)),
		Identity:        filepath.Base(r.Dir),
		Notice:          func(text string) { p.ui.Info(Train, "%s", text) },
		Progress:        p.trained(r, len(valid) > 0),
	})
	if err != nil {
		return err
	}
	card := modelCard{
		Format: modelCardFormat, Network: c.Network, Units: c.Units, Layers: c.Layers,
		VectorSize: vectors.Size, Vocabulary: vectors.Vocabulary.Len(),
		Steps: result.Steps, BestStep: result.BestStep, Questions: len(valid),
	}
	if len(valid) > 0 {
		card.Accuracy = &result.Accuracy
		p.ui.Info(Train, "validation accuracy %.2f %% with the weights of step %d", 100*result.Accuracy, result.BestStep)
	}
	return writeModel(r, network, card, result.Metrics)
}

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
func writeModel(r *stage.Run, network *model.Network[float32], card modelCard, metrics []model.Metric) error {
	var text textParams
	path, err := r.Need(Build, textFile)
	if err == nil {
		err = readJSON(path, &text)
	}
	if err != nil {
		return err
	}
	if err := create(r.Dir, weightsFile, func(w io.Writer) error {
		return model.WriteWeights(w, network.Weights(), nil)
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

func newNetwork(vectors *embed.Vectors, c config.TrainParams, kernel lstm.Kernel, solver string, threads int) (*model.Network[float32], error) {
	return model.NewNetwork(vectors.Data, vectors.Size, model.NetworkOptions{
		Units: c.Units, Layers: c.Layers, LearningRate: c.LearningRate, Seed: c.Seed,
		MaxWords: c.MaxWordsPerStep, Kernel: kernel, Solver: solver, Threads: threads,
	})
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

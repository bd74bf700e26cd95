package pipeline

import (
	"errors"
	"fmt"

	"wakong/embed"
	"wakong/internal/config"
	"wakong/model"
	"wakong/model/lstm"
	"wakong/model/reader"
)

// The networks that train.network names.
const (
	pointerNetwork = "pointer"
	readerNetwork  = "reader"
)

// modelCard is model.json: what is needed, besides the weights and the vectors,
// to make the network again, and how good it is.
type modelCard struct {
	Format     int      `json:"format"` // modelCardFormat
	Network    string   `json:"network"`
	Units      int      `json:"units"`
	Layers     int      `json:"layers"`
	Characters int      `json:"characters,omitempty"` // of reader alone, as Hidden and Keys
	Hidden     int      `json:"hidden,omitempty"`
	Keys       int      `json:"keys,omitempty"`
	Reread     int      `json:"reread,omitempty"` // 0: no second reading
	VectorSize int      `json:"vector_size"`
	Vocabulary int      `json:"vocabulary"` // words, the unknown one included
	Steps      int      `json:"steps"`
	BestStep   int      `json:"best_step"` // that the weights are of
	Questions  int      `json:"validation_questions"`
	Accuracy   *float64 `json:"validation_accuracy"` // 0 to 1; null without validation
}

// The formulas of pointer are the same since 1, those of reader since readerFormat.
const (
	modelCardFormat = 6
	readerFormat    = 5
)

// newModelCard describes a network that is trained so.
func newModelCard(c config.TrainParams, vectors *embed.Vectors) modelCard {
	card := modelCard{
		Format: modelCardFormat, Network: c.Network, Units: c.Units, Layers: c.Layers,
		VectorSize: vectors.Size, Vocabulary: vectors.Vocabulary.Len(),
	}
	if c.Network == readerNetwork {
		card.Characters, card.Hidden, card.Keys, card.Reread = c.Reader.Characters, c.Reader.Hidden, c.Reader.Keys, c.Reader.Reread
	}
	return card
}

// A network answers questions, takes weights and gives them.
type network interface {
	model.Scorer
	Weights() model.Weights
	SetWeights(model.Weights) error
	Close() error
}

// check reports a card that no network of this program can have.
func (c modelCard) check() error {
	switch {
	case c.Format < 1 || c.Format > modelCardFormat:
		return fmt.Errorf("found a network of format %d, which this program does not know", c.Format)
	case c.Network != pointerNetwork && c.Network != readerNetwork:
		return fmt.Errorf("found network %q, which this program does not know", c.Network)
	case c.Network == readerNetwork && c.Format < readerFormat:
		return fmt.Errorf("found a network reader of format %d, whose formulas have changed; train it again", c.Format)
	case c.Network == readerNetwork && (c.Characters < 1 || c.Hidden < 1 || c.Keys < 1 || c.Reread < 0):
		return errors.New("found a network reader without its sizes (characters, hidden, keys, and 0 or more of reread)")
	}
	return nil
}

// makeNetwork makes the network of a card, without its weights. enough is asked whether
// there are as many numbers as it learns before there is memory for them.
func (c modelCard) makeNetwork(vectors *embed.Vectors, kernel lstm.Kernel, threads int, enough func(parameters int) error) (network, error) {
	params := config.TrainParams{Units: c.Units, Layers: c.Layers}
	if c.Network == pointerNetwork {
		options := pointerOptions(params, kernel, "", threads)
		parameters, err := options.Parameters(vectors.Size)
		if err == nil {
			err = enough(parameters)
		}
		if err != nil {
			return nil, err
		}
		return model.NewNetwork(vectors.Data, vectors.Size, options)
	}
	params.Reader = config.Reader{Characters: c.Characters, Hidden: c.Hidden, Keys: c.Keys, Reread: c.Reread}
	lexicon, options := reader.NewLexicon(vectors.Vocabulary, nil), readerOptions(params, kernel, threads)
	parameters, err := options.Parameters(lexicon, vectors.Size)
	if err == nil {
		err = enough(parameters)
	}
	if err != nil {
		return nil, err
	}
	n, err := reader.New(lexicon, vectors.Data, options)
	if err != nil {
		return nil, err
	}
	return readerScorer{n}, nil
}

// roomForVectors is where the vectors go that a network has among its weights.
func (c modelCard) roomForVectors(f modelFiles, enough func(parameters int) error) (*embed.Vectors, error) {
	words, err := readVocabulary(f.words)
	if err != nil {
		return nil, err
	}
	if c.Network != readerNetwork || c.VectorSize < 1 || c.VectorSize > mostVectorSize || c.Vocabulary != words.Len() {
		return nil, fmt.Errorf("%s: found a network %s of %d words with vectors of size %d and no vectors, expected reader with %d words", f.card, c.Network, c.Vocabulary, c.VectorSize, words.Len())
	}
	if err := enough(words.Len() * c.VectorSize); err != nil {
		return nil, fmt.Errorf("%s: %w", f.card, err)
	}
	return &embed.Vectors{Vocabulary: words, Size: c.VectorSize, Data: make([]float32, words.Len()*c.VectorSize)}, nil
}

// mostVectorSize is the largest size of a vector in a file.
const mostVectorSize = 1 << 14

type readerScorer struct{ *reader.Network[float32] }

func (readerScorer) Close() error { return nil }

func pointerOptions(c config.TrainParams, kernel lstm.Kernel, solver string, threads int) model.NetworkOptions {
	return model.NetworkOptions{
		Units: c.Units, Layers: c.Layers, LearningRate: c.LearningRate, Seed: c.Seed,
		MaxWords: c.MaxWordsPerStep, Kernel: kernel, Solver: solver, Threads: threads,
	}
}

func readerOptions(c config.TrainParams, kernel lstm.Kernel, threads int) reader.Options {
	r := c.Reader
	return reader.Options{
		Units: c.Units, Layers: c.Layers, Characters: r.Characters, Hidden: r.Hidden, Keys: r.Keys, Reread: r.Reread,
		Dropout:  reader.Dropout{Words: r.DropWords, Rare: r.DropRare, Input: r.DropInput, Layers: r.DropLayers, Output: r.DropOutput, Recurrent: r.DropRecurrent, Reread: r.DropReread, Hidden: r.DropHidden, Rise: r.DropRise},
		WordLoss: r.WordLoss, WordShare: r.WordShare, WordSamples: r.WordSamples,
		Substitute: r.Substitute, SubstituteOthers: r.SubstituteOthers, Answers: reader.Answers(r.Answers), LearningRate: c.LearningRate, VectorRate: r.VectorRate, Clip: r.Clip, Average: r.Average, Seed: c.Seed,
		MaxWords: min(c.MaxWordsPerStep, reader.DefaultMaxWords), Kernel: kernel, Threads: threads,
	}
}

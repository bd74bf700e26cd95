package reader

import (
	"fmt"
	"runtime"

	"wakong/model/lstm"
)

// Options shape a network and its training. The zero value of a size stands
// for the default that it names; of all others for 0.
type Options struct {
	Units      int // h, LSTM units of one direction; default 128
	Layers     int // of each direction; default 2
	Characters int // size of a character's vector; default 32
	Hidden     int // of the query's hidden layer; default 256
	Keys       int // size of a key; default 128
	Reread     int // LSTM units of one direction of the second reading; 0: there is none

	Dropout   Dropout
	WordLoss  float64 // weight of the loss of predicting words
	WordShare float64 // share of the words that are no blanks and are predicted too
	// WordSamples is how many words of the vocabulary are drawn for each step, from which
	// the words to be predicted have to be told as from those of its passages; 0: none.
	WordSamples int
	// Substitute is the share of a passage's nouns in whose place, all over the
	// passage, stands another of similar meaning in training.
	Substitute float64
	// SubstituteOthers is that of its verbs, adjectives and the like of two characters
	// and more, which give way to such.
	SubstituteOthers float64

	Answers      Answers
	LearningRate float64 // Adam's step size at its largest; default 0.002
	VectorRate   float64 // that of the word vectors, as a share of LearningRate
	Clip         float64 // the largest norm of a step's gradient; 0: no bound
	Average      float64 // decay a step of the mean of the weights; 0: no mean is taken
	Seed         uint64
	MaxWords     int // words that a prediction computes at once, which bounds its memory, but for a longer question; no influence on results; default DefaultMaxWords

	Kernel  lstm.Kernel // default the best that this CPU runs
	Threads int         // default GOMAXPROCS; no influence on results
}

// DefaultMaxWords is as many as some nine questions have. More at once are answered no
// faster, and take more memory.
const DefaultMaxWords = 1 << 12

// Dropout are the shares that are set to 0 in training.
type Dropout struct {
	Words     float64 // words whose vector is replaced by the unknown word's
	Rare      float64 // the same for a word of k texts: Rare / k, where that is more. With 1, words of one text alone are unknown
	Input     float64 // elements of a word's input
	Layers    float64 // elements of the outputs that the next layer reads
	Output    float64 // elements of the last layer's outputs
	Recurrent float64 // recurrent weights
	Reread    float64 // elements of what the second reading reads
	Hidden    float64 // elements of the query's hidden layer
	// Rise is the part of the training, from its beginning, in which all but Words and
	// Rare rise in a line from nothing; 0: they are as large all along.
	Rise float64
}

// DefaultOptions are those that did best, without a second reading, which takes its
// time; see docs/accuracy.md.
func DefaultOptions() Options {
	return Options{
		Units: 128, Layers: 2, Characters: 32, Hidden: 256, Keys: 128,
		Dropout:  Dropout{Words: 0.05, Input: 0.2, Layers: 0.2, Output: 0.2, Recurrent: 0.2, Reread: 0.1},
		WordLoss: 1, WordShare: 0.5,
		LearningRate: 0.002, VectorRate: 0.1, Clip: 1, Average: 0.998, Seed: 1,
	}
}

func (o Options) withDefaults() (Options, error) {
	d := DefaultOptions()
	for _, f := range []struct {
		name      string
		value     *int
		otherwise int
	}{
		{"units", &o.Units, d.Units}, {"layers", &o.Layers, d.Layers}, {"characters", &o.Characters, d.Characters},
		{"hidden", &o.Hidden, d.Hidden}, {"keys", &o.Keys, d.Keys}, {"max words", &o.MaxWords, DefaultMaxWords},
		{"threads", &o.Threads, runtime.GOMAXPROCS(0)},
	} {
		if *f.value == 0 {
			*f.value = f.otherwise
		}
		if *f.value < 0 || *f.value > 1<<20 {
			return o, fmt.Errorf("reader: impossible network: %s %d", f.name, *f.value)
		}
	}
	if o.Reread < 0 || o.Reread > 1<<12 {
		return o, fmt.Errorf("reader: %d units of the second reading, expected 0 to %d", o.Reread, 1<<12)
	}
	if o.WordSamples < 0 || o.WordSamples > 1<<20 {
		return o, fmt.Errorf("reader: %d words drawn for a step, expected 0 to %d", o.WordSamples, 1<<20)
	}
	if o.Layers > 16 {
		return o, fmt.Errorf("reader: %d layers, expected at most 16", o.Layers)
	}
	if o.LearningRate == 0 {
		o.LearningRate = d.LearningRate
	}
	for _, f := range []struct {
		name  string
		value float64
		limit float64
	}{
		{"dropout of words", o.Dropout.Words, 1}, {"dropout of rare words", o.Dropout.Rare, 1e6}, {"dropout of the input", o.Dropout.Input, 1},
		{"dropout between layers", o.Dropout.Layers, 1}, {"dropout of the output", o.Dropout.Output, 1},
		{"dropout of recurrent weights", o.Dropout.Recurrent, 1}, {"dropout of the second reading", o.Dropout.Reread, 1}, {"dropout of the hidden layer", o.Dropout.Hidden, 1},
		{"rise of dropout", o.Dropout.Rise, 1.0000001}, {"average", o.Average, 1},
		{"substitute", o.Substitute, 1.0000001}, {"substitute others", o.SubstituteOthers, 1.0000001}, {"word share", o.WordShare, 1.0000001}, {"word loss", o.WordLoss, 1e6},
		{"learning rate", o.LearningRate, 10}, {"vector rate", o.VectorRate, 10}, {"clip", o.Clip, 1e12},
	} {
		if !(f.value >= 0 && f.value < f.limit) {
			return o, fmt.Errorf("reader: %s is %g, expected 0 to less than %g", f.name, f.value, f.limit)
		}
	}
	if err := o.Answers.check(); err != nil {
		return o, err
	}
	var err error
	o.Kernel, err = o.Kernel.Resolve()
	return o, err
}

package embed

import (
	"fmt"
	"math"
)

// The engines.
const (
	// EngineSkipGram is this package's own.
	EngineSkipGram = "skipgram"
	// EngineWego is github.com/ynqa/wego; see [Params] for what it cannot do.
	EngineWego = "wego"
)

// Params are what the vectors depend on, besides text and vocabulary.
// [DefaultParams] has the usual values; the zero value of a field is not a
// default but zero.
//
// The engine wego, kept as a second opinion, does much of this differently:
// its negative samples are drawn uniformly; its subsampling compares a ratio
// with raw counts and drops almost nothing; its learning rate starts anew in
// each epoch; windows reach across the ends of sentences; and its random
// numbers are unseeded and raced for, so that Seed is ignored, no two
// trainings give the same vectors, and a training can neither be resumed nor,
// once under way, cancelled. It begins at random, and keeps the whole text in
// memory, in double precision.
type Params struct {
	// Size of a vector. Default 128 (the method; word2vec.c and gensim: 100).
	Size int
	// Window is the largest distance between a word and its context, in words;
	// the one used is drawn anew for each word from 1 to Window. Default 5
	// (word2vec.c, gensim).
	Window int
	// Negative samples for each pair of words. Default 10 (the method; the
	// paper advises 5 to 20 for small texts).
	Negative int
	// Epochs over the text. Default 10 (the method; word2vec.c and gensim: 5).
	Epochs int
	// MinCount is how often a word must stand in the text to get a vector:
	// [CountWords] applies it, Train takes the vocabulary as it is. Default 2
	// (the method; word2vec.c and gensim: 5).
	MinCount int
	// Sample is the frequency, as a share of the text, above which words are
	// thinned out; 0 never. Default 0.001 (word2vec.c, gensim).
	Sample float64
	// Alpha is the learning rate at the start. It falls in one line over all
	// epochs to a ten-thousandth. Default 0.025 (word2vec.c for skip-gram,
	// gensim).
	Alpha float64
	// Seed of everything that is random.
	Seed uint64
	// Engine that trains: "skipgram", which "" means too, or "wego".
	Engine string
	// Asynchronous lets each thread of the engine skipgram train sentences of
	// its own on the shared matrices without waiting for the others (Recht et
	// al. 2011, "Hogwild!"). Updates can then be lost or come in any order: with
	// more than one thread no two trainings give the same vectors, and one that
	// was resumed is merely as good as one that was not. Default false.
	Asynchronous bool `json:",omitempty"`
}

// DefaultParams gives the defaults of the method, each documented at its field.
func DefaultParams() Params {
	return Params{Size: 128, Window: 5, Negative: 10, Epochs: 10, MinCount: 2,
		Sample: 1e-3, Alpha: 0.025, Seed: 1, Engine: EngineSkipGram}
}

const (
	maxSize = 1 << 14
	// maxTargets bounds Window*(1+Negative) and with it the memory of a batch.
	maxTargets = 50000
)

// Validate reports parameters that no training can have.
func (p Params) Validate() error {
	switch {
	case p.Size < 1 || p.Size > maxSize:
		return fmt.Errorf("embed: size %d, expected 1 to %d", p.Size, maxSize)
	case p.Window < 1 || p.Window > maxTargets:
		return fmt.Errorf("embed: window %d, expected 1 to %d", p.Window, maxTargets)
	case p.Negative < 1 || p.Negative > maxTargets:
		return fmt.Errorf("embed: %d negatives, expected 1 to %d", p.Negative, maxTargets)
	case p.Window*(p.Negative+1) > maxTargets:
		return fmt.Errorf("embed: window %d with %d negative samples is too much for one word, expected window*(1+negative) up to %d", p.Window, p.Negative, maxTargets)
	case p.Epochs < 1 || p.Epochs > 1<<20:
		return fmt.Errorf("embed: %d epochs, expected 1 to %d", p.Epochs, 1<<20)
	case p.MinCount < 0:
		return fmt.Errorf("embed: min count %d, expected 0 or more", p.MinCount)
	case !(p.Sample >= 0 && p.Sample <= 1):
		return fmt.Errorf("embed: sample %v, expected 0 to 1", p.Sample)
	case !(p.Alpha > 0) || math.IsInf(p.Alpha, 0):
		return fmt.Errorf("embed: alpha %v, expected a number above 0", p.Alpha)
	case p.Engine != "" && p.Engine != EngineSkipGram && p.Engine != EngineWego:
		return fmt.Errorf("embed: unknown engine %q; known: %s, %s", p.Engine, EngineSkipGram, EngineWego)
	}
	return nil
}

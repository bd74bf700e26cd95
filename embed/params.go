package embed

import (
	"fmt"
	"math"
)

// Engines that Params.Engine names.
const (
	EngineSkipGram = "skipgram" // this package's own, the default
	EngineWego     = "wego"     // github.com/ynqa/wego; see trainWego for its limits
)

// Params are everything that decides the vectors, besides the text. The
// defaults are those of the method that wakong rebuilds; where they are
// word2vec.c's too, the comment says so.
type Params struct {
	Size     int     // length of a vector; default 128
	Window   int     // largest distance of a context word; default 5 (word2vec.c)
	Negative int     // negatives drawn for each pair of words; default 10 (word2vec.c: 5)
	Epochs   int     // passes over the text; default 10 (word2vec.c: 5)
	MinCount int     // words counted less often are left out; default 2 (word2vec.c: 5)
	Sample   float64 // threshold of subsampling frequent words, 0 for none; default 0.001 (word2vec.c)
	Alpha    float64 // learning rate at the start, falling in a line to a ten-thousandth; default 0.025 (word2vec.c)
	Seed     uint64
	Engine   string // EngineSkipGram or EngineWego; "" is EngineSkipGram
}

// DefaultParams are the method's parameters: size 128, window 5, 10 negatives,
// 10 epochs, words counted at least twice, with word2vec.c's sample of 0.001
// and alpha of 0.025.
func DefaultParams() Params {
	return Params{Size: 128, Window: 5, Negative: 10, Epochs: 10, MinCount: 2, Sample: 0.001, Alpha: 0.025, Seed: 1, Engine: EngineSkipGram}
}

// Validate reports parameters that no training can have.
func (p Params) Validate() error {
	switch {
	case p.Size < 1 || p.Size > maxSize:
		return fmt.Errorf("embed: size %d, expected 1 to %d", p.Size, maxSize)
	case p.Window < 1 || p.Window > 1000:
		return fmt.Errorf("embed: window %d, expected 1 to 1000", p.Window)
	case p.Negative < 1 || p.Negative > maxNegative:
		return fmt.Errorf("embed: %d negatives, expected 1 to %d", p.Negative, maxNegative)
	case p.Epochs < 1:
		return fmt.Errorf("embed: %d epochs, expected at least 1", p.Epochs)
	case p.MinCount < 1:
		return fmt.Errorf("embed: min count %d, expected at least 1", p.MinCount)
	case !(p.Sample >= 0 && p.Sample < 1):
		return fmt.Errorf("embed: sample %g, expected 0 (none) to 1", p.Sample)
	case !(p.Alpha > 0) || math.IsInf(p.Alpha, 0):
		return fmt.Errorf("embed: alpha %g, expected a positive learning rate", p.Alpha)
	case p.Engine != "" && p.Engine != EngineSkipGram && p.Engine != EngineWego:
		return fmt.Errorf("embed: unknown engine %q, expected %q or %q", p.Engine, EngineSkipGram, EngineWego)
	}
	return nil
}

// maxSize bounds a vector's length, here and in files.
const maxSize = 1 << 14

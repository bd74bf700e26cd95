package minhash

import (
	"fmt"
	"math"
)

// Params say what is compared and how. The zero value is not valid; start from
// [Default].
type Params struct {
	// Shingle is the length of a shingle in characters.
	Shingle int
	// Bands of Rows values each make a signature of Bands*Rows bytes.
	Bands, Rows int
	// Threshold is the estimated Jaccard similarity from which on two candidates
	// are copies.
	Threshold float64
}

// The limits of parameters.
const (
	MostShingle   = 64
	MostSignature = 1024 // bands times rows
)

// Default are parameters for Chinese text: shingles of 5 characters, which
// two texts seldom share by chance; 128 values in 16 bands of 8, which find 95 %
// of the pairs at the threshold of 0.8 and 99.4 % of those at 0.85, and one of
// a thousand at 0.3.
func Default() Params { return Params{Shingle: 5, Bands: 16, Rows: 8, Threshold: 0.8} }

// Check tells what is wrong with the parameters.
func (p Params) Check() error {
	switch {
	case p.Shingle < 1 || p.Shingle > MostShingle:
		return fmt.Errorf("minhash: found shingles of %d characters, expected 1 to %d", p.Shingle, MostShingle)
	case p.Bands < 1 || p.Rows < 1 || p.Bands > MostSignature || p.Rows > MostSignature || p.Bands*p.Rows > MostSignature:
		return fmt.Errorf("minhash: found %d bands of %d rows, expected at least one of each and at most %d values together", p.Bands, p.Rows, MostSignature)
	case !(p.Threshold > 0 && p.Threshold <= 1):
		return fmt.Errorf("minhash: found a threshold of %v, expected one above 0 and up to 1", p.Threshold)
	}
	return nil
}

// Values is the length of a signature: the number of permutations.
func (p Params) Values() int { return p.Bands * p.Rows }

// Recall is the probability that two texts of this Jaccard similarity become
// candidates, which is that at least one band is the same: 1-(1-s^rows)^bands.
// Nothing is lost but what does not become a candidate or is estimated below the
// threshold.
func (p Params) Recall(similarity float64) float64 {
	return 1 - math.Pow(1-math.Pow(similarity, float64(p.Rows)), float64(p.Bands))
}

package minhash

import "math/bits"

// A Signature has a byte for each permutation: a byte of the hash of the
// shingle that comes first in it. Two bytes are the same by chance once in 256
// times, which Similarity allows for.
type Signature []byte

// A Sketcher makes signatures. It keeps its buffers and is for one goroutine
// at a time.
type Sketcher struct {
	params   Params
	leading  uint64 // base^(shingle-1)
	shingles []uint64
	best     []uint64 // by value: the smallest hash
	winner   []uint64 // by value: the whole hash that it belongs to
	filled   []bool
	fresh    []uint32 // the values filled in this round
}

// NewSketcher makes signatures with these parameters.
func NewSketcher(p Params) (*Sketcher, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	s := &Sketcher{params: p, leading: 1, best: make([]uint64, p.Values()), winner: make([]uint64, p.Values()), filled: make([]bool, p.Values())}
	for range p.Shingle - 1 {
		s.leading *= base
	}
	return s, nil
}

const (
	base   = 0x9E3779B97F4A7C15 // odd; 2^64 divided by the golden ratio
	rounds = 0xD1B54A32D192ED03 // odd; keeps the rounds' hashes apart
)

// Sketch makes the signature of a text, nil where it is shorter than a shingle.
//
// It is the fast similarity sketch of Dahlgaard, Knudsen and Thorup (2017): in
// the first round each shingle goes to one value, chosen by its hash, so that a
// long text costs one hash a shingle whatever the number of values. Values that
// nothing has reached are filled in further rounds with other hashes, so that
// short texts, too, have values that are independent of each other, as with a
// permutation for each. In rounds beyond the number of values every shingle goes
// to one and the same value, so that none stays empty.
func (s *Sketcher) Sketch(text []rune) Signature {
	if len(text) < s.params.Shingle {
		return nil
	}
	s.hash(text)
	clear(s.filled)
	values := uint64(len(s.best))
	open := len(s.best)
	for round := uint64(0); open > 0; round++ {
		open -= s.round(round, values)
	}
	signature := make(Signature, len(s.winner))
	for i, w := range s.winner {
		signature[i] = byte(w)
	}
	return signature
}

// hash finds the hash of each shingle, by rolling (Rabin and Karp).
func (s *Sketcher) hash(text []rune) {
	s.shingles = s.shingles[:0]
	var h uint64
	for i, r := range text {
		if i >= s.params.Shingle {
			h -= uint64(text[i-s.params.Shingle]) * s.leading
		}
		h = h*base + uint64(r)
		if i >= s.params.Shingle-1 {
			s.shingles = append(s.shingles, mix(h))
		}
	}
}

// round gives the values that are still empty their smallest hash in this round,
// and tells how many were filled.
func (s *Sketcher) round(round, values uint64) (filled int) {
	s.fresh = s.fresh[:0]
	salt := round * rounds
	for _, h := range s.shingles {
		if round > 0 {
			h = mix(h + salt)
		}
		value, low := bits.Mul64(h, values)
		if round >= values {
			value = (round - values) % values
		}
		switch {
		case !s.filled[value]:
			s.filled[value] = true
			s.best[value], s.winner[value] = low, h
			s.fresh = append(s.fresh, uint32(value))
		case low < s.best[value]:
			s.best[value], s.winner[value] = low, h
		}
	}
	// Later rounds come after all of this one.
	for _, i := range s.fresh {
		s.best[i] = 0
	}
	return len(s.fresh)
}

// mix spreads a hash over all bits (the last steps of MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xFF51AFD7ED558CCD
	h ^= h >> 33
	h *= 0xC4CEB9FE1A85EC53
	return h ^ h>>33
}

package embed

import (
	"errors"
	"fmt"
	"slices"

	"wakong/vocab"
)

// A Start is where a training begins in place of random vectors: those of an
// earlier training, to go on with more text, or published ones. Words of the
// vocabulary that it knows begin with its vectors, the others as they would
// without it. A word that the text lacks (count 0) must be in it and keeps its
// vector as it is; [vocab.Vocabulary.Extended] adds such words.
//
// The learning rate begins at alpha all the same: a smaller one changes the
// given vectors less.
type Start struct {
	// Vectors are the input vectors, which are what a training results in. Their
	// size must be that of the training.
	Vectors *Vectors
	// Output, where not nil, are the output vectors, which [Options].Output gave
	// at the end of that training. Without them, as with published vectors, all
	// output vectors begin at zero, and the first words that are trained bring
	// the given vectors out of place until the output vectors have grown.
	Output *Vectors
}

// check tells why no training of the size and vocabulary can begin here.
func (s *Start) check(v *vocab.Vocabulary, p Params) error {
	if p.Engine == EngineWego {
		return errors.New("embed: the engine wego can only begin at random; the engine skipgram takes vectors to start from")
	}
	if s.Vectors == nil {
		return errors.New("embed: a start without vectors")
	}
	for _, given := range []*Vectors{s.Vectors, s.Output} {
		if given == nil {
			continue
		}
		if err := given.check(); err != nil {
			return err
		}
		if given.Size != p.Size {
			return fmt.Errorf("embed: the vectors to start from have size %d, expected %d, the size that is to be trained", given.Size, p.Size)
		}
	}
	for id := int32(1); int(id) < v.Len(); id++ {
		if word := v.Word(id); v.Count(id) == 0 && s.Vectors.Vocabulary.ID(word) == vocab.UNK {
			return fmt.Errorf("embed: the vocabulary has no count for %q, and no vector to start from either", word)
		}
	}
	return nil
}

// begin puts the given vectors over the random ones.
func (t *trainer) begin() {
	s := t.o.Start
	if s == nil {
		return
	}
	stride := t.parts * t.width
	for _, m := range []struct {
		given *Vectors
		rows  []float32
	}{{s.Vectors, t.in}, {s.Output, t.out}} {
		if m.given == nil {
			continue
		}
		for id := int32(1); int(id) < t.vocabulary.Len(); id++ {
			if from := m.given.Vocabulary.ID(t.vocabulary.Word(id)); from != vocab.UNK {
				copy(m.rows[int(id)*stride:], m.given.Vector(from))
			}
		}
	}
}

// compact moves rows of a stride together in place, for want of memory for
// both, and gives what is left without padding.
func compact(rows []float32, n, size, stride int) []float32 {
	for i := range n {
		copy(rows[i*size:(i+1)*size], rows[i*stride:])
	}
	return slices.Clip(rows[:n*size])
}

package embed

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"

	"wakong/vocab"
)

// Sentences gives the text anew each time it is called: the same sentences of
// words in the same order. An error ends the text and the work on it. A
// sentence's slice may be used again once the next one is asked for.
type Sentences func() iter.Seq2[[]string, error]

// ErrNoText is what Train gives for a text without a word of the vocabulary.
var ErrNoText = errors.New("embed: the text holds no word of the vocabulary")

const (
	// blockWords is the number of words after which a block ends, with the
	// sentence it ends in. Part of the method: random numbers go by blocks.
	blockWords = 2000
	// longestSentence bounds memory; a longer one is cut. gensim cuts at the
	// same length, word2vec.c at 1,000 words.
	longestSentence = 10000
	// cachedWords is how much text is kept in memory as ids, 64 MB; of a longer
	// text nothing is kept and every epoch reads it anew.
	cachedWords = 16 << 20
	// checkEvery is how many sentences are read between looks at the context.
	checkEvery = 256
)

// A block is some sentences of the text as ids. Each ends with a 0; words that
// the vocabulary does not know are left out.
type block struct {
	index  int
	before int64 // known words of the epoch before the block
	ids    []int32
	words  int // known words in it
}

// text is the sentences as the vocabulary sees them.
type text struct {
	vocabulary *vocab.Vocabulary
	sentences  Sentences
	cache      []block // nil if too long to keep
	words      int64   // known words
	digest     [sha256.Size]byte
}

// scanText reads the text once: counts its known words, which the learning
// rate goes by, takes its digest and keeps it if it is short enough.
func scanText(ctx context.Context, v *vocab.Vocabulary, s Sentences, limit int) (*text, error) {
	t := &text{vocabulary: v, sentences: s}
	sum := sha256.New()
	var raw []byte
	kept := 0
	for k, err := range t.read(ctx) {
		if err != nil {
			return nil, err
		}
		raw = raw[:0]
		for _, id := range k.ids {
			raw = binary.LittleEndian.AppendUint32(raw, uint32(id))
		}
		sum.Write(raw)
		t.words += int64(k.words)
		if kept += len(k.ids); kept <= limit {
			k.ids = slices.Clone(k.ids) // without room for more
			t.cache = append(t.cache, k)
		} else {
			t.cache = nil
		}
	}
	if t.words == 0 {
		return nil, ErrNoText
	}
	copy(t.digest[:], sum.Sum(nil))
	return t, nil
}

// blocks goes through the text block by block, the same ones each time. The
// ids of a block may be kept.
func (t *text) blocks(ctx context.Context) iter.Seq2[block, error] {
	if t.cache == nil {
		return t.read(ctx)
	}
	return func(yield func(block, error) bool) {
		for _, k := range t.cache {
			if !yield(k, nil) {
				return
			}
		}
	}
}

// read makes the blocks from the sentences.
func (t *text) read(ctx context.Context) iter.Seq2[block, error] {
	return func(yield func(block, error) bool) {
		var k block
		length, n := 0, 0
		// end ends a sentence, and the block if that is long enough.
		end := func() bool {
			if length == 0 {
				return true
			}
			k.ids = append(k.ids, vocab.UNK)
			k.words += length
			length = 0
			if k.words < blockWords {
				return true
			}
			full := k
			k = block{index: k.index + 1, before: k.before + int64(k.words)}
			return yield(full, nil)
		}
		for sentence, err := range t.sentences() {
			if n++; err == nil && n%checkEvery == 0 {
				err = ctx.Err()
			}
			if err != nil {
				yield(block{}, fmt.Errorf("embed: reading sentence %d: %w", n, err))
				return
			}
			for _, word := range sentence {
				if length == longestSentence && !end() {
					return
				}
				if id := t.vocabulary.ID(word); id != vocab.UNK {
					k.ids = append(k.ids, id)
					length++
				}
			}
			if !end() {
				return
			}
		}
		if k.words > 0 {
			yield(k, nil)
		}
	}
}

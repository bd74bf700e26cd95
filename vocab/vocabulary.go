package vocab

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UNK is the id of the unknown word, and of padding.
const UNK = 0

// MaxWord is the length in bytes of the longest word that a vocabulary takes.
// What is longer is no word, and readers of tables could not tell it from a
// damaged file.
const MaxWord = 1 << 12

// ErrEmpty is what building or reading a vocabulary without words gives.
var ErrEmpty = errors.New("vocab: empty vocabulary")

// A Vocabulary is a list of words with their counts. It never changes and may
// be used by any number of goroutines.
type Vocabulary struct {
	words  []string // words[0] is ""
	counts []int64
	ids    map[string]int32
}

// New makes a vocabulary of words in the order of their ids, from 1 on. counts
// has one count for each word, or is nil. A word that is empty, is not UTF-8,
// comes twice, or that [CheckWord] refuses otherwise, is an error: the tables of
// words and vectors that others read would break on it.
func New(words []string, counts []int64) (*Vocabulary, error) {
	if counts != nil && len(counts) != len(words) {
		return nil, fmt.Errorf("vocab: %d counts for %d words", len(counts), len(words))
	}
	if len(words) >= math.MaxInt32 {
		return nil, fmt.Errorf("vocab: %d words are more than ids can tell apart", len(words))
	}
	v := &Vocabulary{words: make([]string, 1, len(words)+1), counts: make([]int64, 1, len(words)+1), ids: make(map[string]int32, len(words))}
	for i, w := range words {
		if err := CheckWord(w); err != nil {
			return nil, fmt.Errorf("vocab: word %d: %w", i+1, err)
		}
		if first, ok := v.ids[w]; ok {
			return nil, fmt.Errorf("vocab: word %d: %q stands already at %d", i+1, w, first)
		}
		c := int64(0)
		if counts != nil {
			c = counts[i]
		}
		if c < 0 {
			return nil, fmt.Errorf("vocab: word %d: %q has count %d", i+1, w, c)
		}
		v.add(w, c)
	}
	return v, nil
}

func (v *Vocabulary) add(word string, count int64) {
	v.ids[word] = int32(len(v.words))
	v.words = append(v.words, word)
	v.counts = append(v.counts, count)
}

// CheckWord tells why a string cannot be a word of a vocabulary, if so. This is
// the one rule for all files of words, sentences and vectors: a word has from 1
// to MaxWord bytes of UTF-8, none of its characters is white space (U+00A0 and
// U+3000 included), a line or paragraph separator (U+2028, U+2029) or a control
// character. Such words are refused, not escaped: an escape would be a word of
// its own to every other program that reads the file.
func CheckWord(word string) error {
	if word == "" {
		return errors.New("found an empty word")
	}
	if len(word) > MaxWord {
		return fmt.Errorf("found a word of %d bytes, expected at most %d", len(word), MaxWord)
	}
	if !utf8.ValidString(word) {
		return fmt.Errorf("found %q, expected UTF-8", word)
	}
	if i := strings.IndexFunc(word, separates); i >= 0 {
		r, _ := utf8.DecodeRuneInString(word[i:])
		return fmt.Errorf("found %q, which holds the separator %U; expected a word without white space and control characters", word, r)
	}
	return nil
}

// separates tells whether a reader of a table may take the character for the
// end of a word or of a line.
func separates(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Z) || unicode.IsControl(r)
}

// Len is the number of ids, that of the unknown word included: ids run from 0
// to Len()-1.
func (v *Vocabulary) Len() int { return len(v.words) }

// ID gives the word's id, UNK where it is not in the vocabulary.
func (v *Vocabulary) ID(word string) int32 { return v.ids[word] }

// Word gives the word of an id, "" for UNK and for ids that no word has.
func (v *Vocabulary) Word(id int32) string {
	if id < 0 || int(id) >= len(v.words) {
		return ""
	}
	return v.words[id]
}

// Count tells how often the word was counted, 0 for ids that no word has.
func (v *Vocabulary) Count(id int32) int64 {
	if id < 0 || int(id) >= len(v.counts) {
		return 0
	}
	return v.counts[id]
}

// Total is the sum of all counts.
func (v *Vocabulary) Total() int64 {
	var n int64
	for _, c := range v.counts {
		n += c
	}
	return n
}

// A Counter counts words. The zero Counter is ready for use.
type Counter struct {
	counts map[string]int64
}

// Add counts a word once.
func (c *Counter) Add(word string) { c.AddN(word, 1) }

// AddN counts a word n times.
func (c *Counter) AddN(word string, n int64) {
	if c.counts == nil {
		c.counts = map[string]int64{}
	}
	if _, ok := c.counts[word]; !ok {
		word = strings.Clone(word) // do not hold on to the line it came from
	}
	c.counts[word] += n
}

// Len is the number of distinct words counted so far.
func (c *Counter) Len() int { return len(c.counts) }

// Drain gives the words in the order of their bytes, with their counts, and
// leaves the counter without any.
func (c *Counter) Drain() iter.Seq2[string, int64] {
	return func(yield func(string, int64) bool) {
		words := slices.AppendSeq(make([]string, 0, len(c.counts)), maps.Keys(c.counts))
		slices.Sort(words)
		defer clear(c.counts)
		for _, word := range words {
			if !yield(word, c.counts[word]) {
				return
			}
		}
	}
}

// Build makes a vocabulary of the words counted at least minCount times. Words
// that CheckWord refuses are errors, and so is a vocabulary without words.
func (c *Counter) Build(minCount int64) (*Vocabulary, error) {
	words := make([]string, 0, len(c.counts))
	for w, n := range c.counts {
		if n >= minCount {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("%w: %d distinct words were counted, none at least %d times", ErrEmpty, len(c.counts), minCount)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(c.counts[b], c.counts[a]), cmp.Compare(a, b))
	})
	counts := make([]int64, len(words))
	for i, w := range words {
		counts[i] = c.counts[w]
	}
	return New(words, counts)
}

// Extended gives v's words with their ids and counts and, behind them, the
// words of other that v lacks, in its order and with count 0.
func (v *Vocabulary) Extended(other *Vocabulary) (*Vocabulary, error) {
	words, counts := slices.Clone(v.words[1:]), slices.Clone(v.counts[1:])
	for _, word := range other.words[1:] {
		if v.ID(word) == UNK {
			words, counts = append(words, word), append(counts, 0)
		}
	}
	return New(words, counts)
}

package corpus

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/longbridgeapp/opencc"
)

// simplifier converts traditional characters by OpenCC's tables (conversion
// t2s), which the library carries inside the binary.
//
// The library looks every position up in a trie and allocates for each: some
// 10 MB/s. Nearly all text has nothing to convert, so a table of
// single characters decides first which runs of Chinese characters need it.
// This loses nothing: in OpenCC's tables each phrase that converts to
// something else holds a character that converts on its own or one of
// inPhrases, and no phrase reaches beyond Chinese characters.
type simplifier struct {
	converter *opencc.OpenCC
	single    map[rune]rune // traditional character -> simplified
	bits      []uint64      // set of single's keys below 0x10000
	trigger   []uint64      // bits and inPhrases
}

// inPhrases are the characters that stay what they are alone and change in
// phrases: 瞭 in 瞭解, not in 瞭望.
const inPhrases = "瞭藉覆沈牴衹"

// The table is the same for everyone and read only; making it takes some
// 20 ms, so it is made once and when first asked for.
var newSimplifier = sync.OnceValues(loadSimplifier)

func loadSimplifier() (*simplifier, error) {
	c, err := opencc.New("t2s")
	if err != nil {
		return nil, fmt.Errorf("loading the tables of traditional characters: %w", err)
	}
	s := &simplifier{converter: c, single: map[rune]rune{}, bits: make([]uint64, 0x10000/64)}
	for _, block := range [][2]rune{{0x3400, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x2FA1F}} {
		for r := block[0]; r <= block[1]; r++ {
			to, err := c.Convert(string(r))
			if err != nil {
				return nil, fmt.Errorf("converting %q: %w", r, err)
			}
			if runes := []rune(to); len(runes) == 1 && runes[0] != r {
				s.single[r] = runes[0]
				if r < 0x10000 {
					s.bits[r/64] |= 1 << (r % 64)
				}
			}
		}
	}
	s.trigger = slices.Clone(s.bits)
	for _, r := range inPhrases {
		s.trigger[r/64] |= 1 << (r % 64)
	}
	return s, nil
}

func (s *simplifier) isTraditional(r rune) bool {
	if r < 0x10000 {
		return s.bits[r/64]&(1<<(r%64)) != 0
	}
	_, ok := s.single[r]
	return ok
}

// mayConvert tells whether r can change, alone or in a phrase.
func (s *simplifier) mayConvert(r rune) bool {
	if r < 0x10000 {
		return s.trigger[r/64]&(1<<(r%64)) != 0
	}
	_, ok := s.single[r]
	return ok
}

// fold is the simplified form of one character regardless of its neighbours.
// Unlike the conversion of text it is the same in any context, so that texts
// in either script can be compared by it.
func (s *simplifier) fold(r rune) rune {
	if s.isTraditional(r) {
		return s.single[r]
	}
	return r
}

// convert simplifies the runs of Chinese characters that need it.
func (s *simplifier) convert(text string) (string, int, error) {
	if !strings.ContainsFunc(text, s.mayConvert) {
		return text, 0, nil
	}
	var b strings.Builder
	b.Grow(len(text))
	n := 0
	for text != "" {
		end := strings.IndexFunc(text, func(r rune) bool { return !isHan(r) })
		if end < 0 {
			end = len(text)
		}
		run := text[:end]
		if strings.ContainsFunc(run, s.mayConvert) {
			to, err := s.converter.Convert(run)
			if err != nil {
				return "", 0, fmt.Errorf("simplifying %s: %w", quote(run), err)
			}
			n += changedRunes(run, to)
			run = to
		}
		b.WriteString(run)
		text = text[end:]
		next := strings.IndexFunc(text, isHan)
		if next < 0 {
			next = len(text)
		}
		b.WriteString(text[:next])
		text = text[next:]
	}
	return b.String(), n, nil
}

// Simplify turns traditional characters into simplified ones by OpenCC's
// phrases and characters (https://github.com/BYVoid/OpenCC, Apache-2.0), so
// that 乾 in 乾隆 stays what it is and 乾 in 乾淨 becomes 干.
func Simplify() Step {
	return Step{Name: "simplify", Apply: func(text string) (string, int) {
		s, err := newSimplifier()
		if err != nil {
			// The tables are part of the binary; a build whose tables do not
			// load fails the package's tests. Text is kept as it is.
			return text, 0
		}
		to, n, err := s.convert(text)
		if err != nil {
			return text, 0
		}
		return to, n
	}}
}

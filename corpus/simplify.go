package corpus

import (
	"fmt"
	"sync"
	"unicode/utf8"

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
	set       *runeSet      // bits and inPhrases
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
	s.set = runeSetOf(inPhrases)
	for i, word := range s.bits {
		s.set.bits[i] |= word
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

// fold is the simplified form of one character regardless of its neighbours.
// Unlike the conversion of text it is the same in any context, so that texts
// in either script can be compared by it.
func (s *simplifier) fold(r rune) rune {
	if s.isTraditional(r) {
		return s.single[r]
	}
	return r
}

// changes finds the runs of Chinese characters that need it and simplifies
// them. Characters are told apart where there are as many after as before.
func (s *simplifier) changes(text string, change func(start, end int, to string)) error {
	at := s.set.next(text, 0)
	done := 0 // before it nothing can be part of the run
	for at < len(text) {
		start, end := at, at
		for start > done {
			r, n := utf8.DecodeLastRuneInString(text[:start])
			if !isHan(r) {
				break
			}
			start -= n
		}
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !isHan(r) {
				break
			}
			end += n
		}
		if end == at { // beyond the basic plane and no Chinese character
			_, n := utf8.DecodeRuneInString(text[at:])
			done, at = at+n, s.set.next(text, at+n)
			continue
		}
		run := text[start:end]
		to, err := s.converter.Convert(run)
		if err != nil {
			return fmt.Errorf("simplifying %s: %w", quote(run), err)
		}
		changesBetween(run, to, start, change)
		done, at = end, s.set.next(text, end)
	}
	return nil
}

// changesBetween tells which characters of a run have changed.
func changesBetween(run, to string, at int, change func(start, end int, to string)) {
	if run == to {
		return
	}
	if utf8.RuneCountInString(run) != utf8.RuneCountInString(to) {
		change(at, at+len(run), to)
		return
	}
	for run != "" {
		a, n := utf8.DecodeRuneInString(run)
		b, m := utf8.DecodeRuneInString(to)
		if a != b {
			change(at, at+n, to[:m])
		}
		at, run, to = at+n, run[n:], to[m:]
	}
}

// Simplify turns traditional characters into simplified ones by OpenCC's
// phrases and characters (https://github.com/BYVoid/OpenCC, Apache-2.0), so
// that 乾 in 乾隆 stays what it is and 乾 in 乾淨 becomes 干.
func Simplify() Step {
	return Step{Name: nameSimplify, Changes: func(text string, change func(int, int, string)) {
		// The tables are part of the binary; a build whose tables do not load
		// fails the package's tests, and Prepare returns the error.
		s, err := newSimplifier()
		if err != nil {
			return
		}
		if err := s.changes(text, change); err != nil {
			return // a run that the library refuses is kept as it is
		}
	}}
}

const nameSimplify = "simplify"

package corpus

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// DefaultLeakRun is the length of a run of Chinese characters that two texts
// hardly share by chance; the set phrases of tales are shorter.
const DefaultLeakRun = 16

// Leaks finds texts that share a run of Chinese characters with a question's
// passage. Everything but Chinese characters is left out before texts are
// compared, so that white space, punctuation and segmentation do not matter,
// and traditional characters count as their simplified forms.
//
// It is safe for concurrent use once all questions have been added.
type Leaks struct {
	run   int
	s     *simplifier
	texts []leakText
	// runs are the texts' runs by hash. A run whose hash is taken by another
	// one stands at the next free number, as in a table with linear probing.
	runs map[uint64]leakRun
}

// A leakText is what has been added of one question.
type leakText struct {
	question string
	runes    []rune
}

// A leakRun is where a run begins, kept to tell a shared run from an equal
// hash.
type leakRun struct{ text, offset int32 }

// A LeakReport lists what was removed because it shares text with validation
// questions.
type LeakReport struct {
	Samples   int        `json:"samples"`   // before repeated passages were dropped
	Documents int        `json:"documents"` // distinct passages
	Cases     []LeakCase `json:"cases"`     // one for each sample
}

// A LeakCase is one sample that was removed, and a question that it shares
// text with.
type LeakCase struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Question string `json:"question"`
}

// NewLeaks finds common runs of so many Chinese characters; 0 means
// DefaultLeakRun.
func NewLeaks(run int) (*Leaks, error) {
	if run <= 0 {
		run = DefaultLeakRun
	}
	s, err := newSimplifier()
	if err != nil {
		return nil, err
	}
	return &Leaks{run: run, s: s, runs: map[uint64]leakRun{}}, nil
}

// AddQuestion adds a question's passage with its answer in the blank's place.
func (l *Leaks) AddQuestion(q Question) {
	words := make([]string, 0, len(q.Words)+1)
	words = append(words, q.Left()...)
	if q.Answer != "" {
		words = append(words, q.Answer)
	} else {
		// What stood there is unknown: runs must not reach across it.
		l.Add(q.ID, words)
		words = words[:0]
	}
	l.Add(q.ID, append(words, q.Right()...))
}

// Add adds a passage's words under a question's id. Where a run stands in
// several questions, the first one added is named.
func (l *Leaks) Add(questionID string, words []string) {
	for _, form := range l.forms(strings.Join(words, "")) {
		l.texts = append(l.texts, leakText{questionID, form})
		l.eachRun(form, func(h uint64, offset int) bool {
			run := form[offset : offset+l.run]
			for {
				known, taken := l.runs[h]
				if !taken {
					l.runs[h] = leakRun{int32(len(l.texts) - 1), int32(offset)}
					return true
				}
				if l.is(known, run) {
					return true
				}
				h++
			}
		})
	}
}

// is tells whether a known run consists of these characters.
func (l *Leaks) is(known leakRun, run []rune) bool {
	text := l.texts[known.text].runes
	return slices.Equal(text[known.offset:int(known.offset)+l.run], run)
}

// Find tells whether a text shares a run with a question, and with which.
func (l *Leaks) Find(text string) (questionID string, ok bool) {
	for _, form := range l.forms(text) {
		l.eachRun(form, func(h uint64, offset int) bool {
			for {
				known, taken := l.runs[h]
				if !taken {
					return true
				}
				if l.is(known, form[offset:offset+l.run]) {
					questionID, ok = l.texts[known.text].question, true
					return false
				}
				h++
			}
		})
		if ok {
			return questionID, ok
		}
	}
	return "", false
}

// forms are the Chinese characters of a text, each in its simplified form, in
// one or two ways: character by character, which gives equal results for equal
// texts in either script, and, where that could differ, by OpenCC's phrases.
func (l *Leaks) forms(text string) [][]rune {
	forms := [][]rune{l.fold(text)}
	if to, n, err := l.s.convert(text); err == nil && n > 0 {
		if second := l.fold(to); string(second) != string(forms[0]) {
			forms = append(forms, second)
		}
	}
	return forms
}

func (l *Leaks) fold(text string) []rune {
	runes := make([]rune, 0, len(text)/3)
	for _, r := range text {
		if isHan(r) {
			runes = append(runes, l.s.fold(r))
		}
	}
	return runes
}

// eachRun calls f with each run of the text's characters, by its offset and its
// rolling hash (Rabin and Karp), until f returns false.
func (l *Leaks) eachRun(text []rune, f func(h uint64, offset int) bool) {
	const base = 0x9E3779B97F4A7C15 // odd; 2^64 divided by the golden ratio
	if len(text) < l.run {
		return
	}
	leading := uint64(1) // base^(run-1)
	for range l.run - 1 {
		leading *= base
	}
	var h uint64
	for i, r := range text {
		if i >= l.run {
			h -= uint64(text[i-l.run]) * leading
		}
		h = h*base + uint64(r)
		if i >= l.run-1 && !f(h, i-l.run+1) {
			return
		}
	}
}

// chineseHash is the hash of a text's Chinese characters in their simplified
// forms. ok is false for a text without any.
func chineseHash(s *simplifier, text string) (h contentHash, ok bool) {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if isHan(r) {
			b = utf8.AppendRune(b, s.fold(r))
		}
	}
	return hashText(string(b)), len(b) > 0
}

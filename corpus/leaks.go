package corpus

import (
	"slices"
	"strings"
)

// DefaultLeakRun is the length of a run of Chinese characters that two texts
// hardly share by chance; the set phrases of tales are shorter.
const DefaultLeakRun = 16

// ShortLeak is the number of Chinese characters from which on a passage that is
// shorter than a run is looked for inside of texts.
const ShortLeak = 8

// Leaks finds texts that share a run of Chinese characters with a question's
// passage. Everything but Chinese characters is left out before texts are
// compared, so that white space, punctuation and segmentation do not matter,
// and traditional characters count as their simplified forms.
//
// A passage that is shorter than a run has none to share. It is found where it
// stands whole: in any text if it has at least [ShortLeak] characters, and as the
// whole of a text if it has fewer, which stand in other texts by chance.
//
// It is safe for concurrent use once all questions have been added.
type Leaks struct {
	run   int
	s     *simplifier
	texts []leakText
	// tables hold the runs to be found: that of length run first, then one for
	// each length that a short passage has.
	tables []leakTable
	whole  map[string]string // the shortest passages -> question
}

// A leakTable holds runs of one length by their hash. A run whose hash is taken by
// another one stands at the next free number, as in a table with linear probing.
type leakTable struct {
	length int
	runs   map[uint64]leakRun
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
	return &Leaks{run: run, s: s, tables: []leakTable{{run, map[uint64]leakRun{}}}, whole: map[string]string{}}, nil
}

// readable are the steps that can make text of what was none: without them a question
// and a text that was its own could have no character in common.
var readable = NewCleaner(HTML(), RepairMojibake(), NormalForm())

// AddQuestion adds a question's passage with its answer in the blank's place, as it
// stands and as cleaning can make it readable.
func (l *Leaks) AddQuestion(q Question) {
	left, right := strings.Join(q.Left(), ""), strings.Join(q.Right(), "")
	if q.Answer != "" {
		l.addReadable(q.ID, left+q.Answer+right)
		return
	}
	l.addSides(q.ID, left, right)
	if a, b := readable.Clean(left, nil), readable.Clean(right, nil); a != left || b != right {
		l.addSides(q.ID, a, b)
	}
}

// addSides adds a passage of which it is unknown what stood in the blank: runs must
// not reach across it.
func (l *Leaks) addSides(questionID, left, right string) {
	// A side without a run matters only where the other has none either, and is no
	// whole text.
	short := len(l.fold(left)) < l.run && len(l.fold(right)) < l.run
	for _, side := range []string{left, right} {
		if len(l.fold(side)) >= l.run || short && len(l.fold(side)) >= ShortLeak {
			l.add(questionID, l.forms(side), short)
		}
	}
}

// Add adds a passage's words under a question's id. Where a run stands in
// several questions, the first one added is named.
func (l *Leaks) Add(questionID string, words []string) {
	l.addReadable(questionID, strings.Join(words, ""))
}

func (l *Leaks) addReadable(questionID, text string) {
	forms := l.forms(text)
	l.add(questionID, forms, true)
	l.add(questionID, l.newForms(forms, text, readable.Clean(text, nil)), true)
}

// add adds a text's forms; short tells whether one counts that is shorter than a run.
func (l *Leaks) add(questionID string, forms [][]rune, short bool) {
	for _, form := range forms {
		length := l.run
		if len(form) < l.run {
			if !short || len(form) == 0 {
				continue
			}
			if _, ok := l.whole[string(form)]; !ok {
				l.whole[string(form)] = questionID
			}
			if length = len(form); length < ShortLeak {
				continue
			}
		}
		table := l.table(length)
		l.texts = append(l.texts, leakText{questionID, form})
		table.each(form, func(h uint64, run []rune, offset int) bool {
			for {
				known, taken := table.runs[h]
				if !taken {
					table.runs[h] = leakRun{int32(len(l.texts) - 1), int32(offset)}
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

// table is that of the runs of one length.
func (l *Leaks) table(length int) leakTable {
	for _, t := range l.tables {
		if t.length == length {
			return t
		}
	}
	l.tables = append(l.tables, leakTable{length, map[uint64]leakRun{}})
	return l.tables[len(l.tables)-1]
}

// is tells whether a known run consists of these characters.
func (l *Leaks) is(known leakRun, run []rune) bool {
	text := l.texts[known.text].runes
	return slices.Equal(text[known.offset:int(known.offset)+len(run)], run)
}

// Find tells whether a text shares a run with a question, or holds its short
// passage, and with which.
func (l *Leaks) Find(text string) (questionID string, ok bool) {
	return l.findForm(l.forms(text))
}

func (l *Leaks) findForm(forms [][]rune) (questionID string, ok bool) {
	for _, form := range forms {
		for _, table := range l.tables {
			if questionID, ok = l.find(table, form); ok {
				return questionID, ok
			}
		}
		if len(form) < l.run {
			if questionID, ok = l.whole[string(form)]; ok {
				return questionID, ok
			}
		}
	}
	return "", false
}

func (l *Leaks) find(table leakTable, form []rune) (questionID string, ok bool) {
	table.each(form, func(h uint64, run []rune, _ int) bool {
		for {
			known, taken := table.runs[h]
			if !taken {
				return true
			}
			if l.is(known, run) {
				questionID, ok = l.texts[known.text].question, true
				return false
			}
			h++
		}
	})
	return questionID, ok
}

// forms are the Chinese characters of a text, each in its simplified form, in
// one or two ways: character by character, which gives equal results for equal
// texts in either script, and, where that could differ, by OpenCC's phrases.
func (l *Leaks) forms(text string) [][]rune {
	forms := [][]rune{l.fold(text)}
	if to, n := Simplify().Apply(text); n > 0 {
		if second := l.fold(to); string(second) != string(forms[0]) {
			forms = append(forms, second)
		}
	}
	return forms
}

// newForms are the forms of what cleaning made of a text that the text itself does
// not have: none for nearly all.
func (l *Leaks) newForms(forms [][]rune, text, cleaned string) [][]rune {
	if cleaned == text {
		return nil
	}
	return slices.DeleteFunc(l.forms(cleaned), func(form []rune) bool {
		return slices.ContainsFunc(forms, func(known []rune) bool { return slices.Equal(known, form) })
	})
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

// each calls f with each run of the text's characters that has the table's length,
// with its rolling hash (Rabin and Karp) and its offset, until f returns false.
func (t leakTable) each(text []rune, f func(h uint64, run []rune, offset int) bool) {
	const base = 0x9E3779B97F4A7C15 // odd; 2^64 divided by the golden ratio
	if len(text) < t.length {
		return
	}
	leading := uint64(1) // base^(run-1)
	for range t.length - 1 {
		leading *= base
	}
	var h uint64
	for i, r := range text {
		if i >= t.length {
			h -= uint64(text[i-t.length]) * leading
		}
		h = h*base + uint64(r)
		if from := i - t.length + 1; from >= 0 && !f(h, text[from:i+1], from) {
			return
		}
	}
}

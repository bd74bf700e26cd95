package perceptron

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	tableBits = 20
	// unit is what a weight of 1 is in a table.
	unit      = 64
	maxWeight = 1<<15 - 1
)

// A table holds learned weights.
type table struct {
	weights     [][tags]int16 // [1 << tableBits]
	transitions [tags][tags]int16
}

func newTable() *table { return &table{weights: make([][tags]int16, 1<<tableBits)} }

func (t *table) score(rows *[templates]uint32) (sums [tags]int64) {
	var s [tags]int32
	for _, row := range rows {
		w := &t.weights[row]
		s[0] += int32(w[0])
		s[1] += int32(w[1])
		s[2] += int32(w[2])
		s[3] += int32(w[3])
	}
	for tag, v := range s {
		sums[tag] = int64(v)
	}
	return sums
}

func (t *table) transition(from, to int) int64 { return int64(t.transitions[from][to]) }

// A Segmenter cuts text into words. It is safe for concurrent use if its guide is.
type Segmenter struct {
	guide Guide
	table *table
}

// Words segments a text. Joined, the words give the text back, save for NUL,
// which is dropped, and bytes that are no UTF-8, which become U+FFFD. White space
// comes as words of its own.
func (s *Segmenter) Words(text string) []string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	words := make([]string, 0, len(text)/4)
	for text != "" {
		if n := leading(text, true); n > 0 {
			words, text = append(words, text[:n]), text[n:]
			continue
		}
		n := leading(text, false)
		words, text = s.cut(words, text[:n]), text[n:]
	}
	return words
}

// leading is the length of what a text begins with: white space, or not.
func leading(text string, space bool) int {
	n := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) != space })
	if n < 0 {
		return len(text)
	}
	return n
}

// cut adds the words of a text without white space.
func (s *Segmenter) cut(words []string, content string) []string {
	t := newText([]rune(content), s.guide.Words(content))
	found := make([]uint8, len(t.runes))
	decode(s.table, &t, make([][tags]uint8, len(t.runes)), found)
	from, at := 0, 0
	for i, r := range t.runes {
		at += utf8.RuneLen(r)
		if found[i] == end || found[i] == single {
			words = append(words, content[from:at])
			from = at
		}
	}
	return words
}

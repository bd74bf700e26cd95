package corpus

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textQuestion makes a question of a passage that may be segmented or not.
func textQuestion(id, text, file string, line int, o QuestionOptions) (Question, error) {
	fault := func(found, want string) (Question, error) {
		return Question{}, &InputError{File: file, Line: line, Found: found, Want: want}
	}
	text = markBlanks(text)
	if n := strings.Count(text, Blank); n != 1 {
		found := strconv.Itoa(n) + " blanks"
		if n == 0 {
			found = "no blank"
		}
		return fault(found+" in "+quote(strings.TrimSpace(text)), wantOneBlank)
	}
	p := &passageWords{blank: -1}
	if looksSegmented(text) {
		p.addSegmented(text, o.Cleaner)
	} else {
		if o.Segmenter == nil {
			return fault("a passage that is not segmented", "words separated by spaces")
		}
		left, right, _ := strings.Cut(text, Blank)
		p.addText(left, o)
		p.blank = len(p.words)
		p.addText(right, o)
	}
	return p.question(id, file, line, o)
}

// looksSegmented tells segmented from plain Chinese: segmented text has a
// space for every one to two characters, plain text next to none. Line ends are no
// such spaces, or verse in short lines would look segmented.
func looksSegmented(text string) bool {
	text = strings.ReplaceAll(text, Blank, "")
	spaces := 0
	for line := range strings.Lines(text) {
		spaces += max(0, len(strings.Fields(line))-1)
	}
	han := 0
	for _, r := range text {
		if isHan(r) {
			han++
		}
	}
	return 4*spaces >= han
}

// addText segments unsegmented text sentence by sentence.
func (p *passageWords) addText(text string, o QuestionOptions) {
	for _, sentence := range Sentences(text) {
		cleaned := o.Cleaner.Clean(sentence, nil)
		words := cutWhole(segment(o.Segmenter, cleaned))
		// The spelling of the input can be told where cleaning has put one
		// character for one; else the cleaned words have to do.
		raw := []rune(strings.Join(strings.Fields(sentence), ""))
		if len(raw) != utf8.RuneCountInString(strings.Join(words, "")) {
			for _, w := range words {
				p.add(w, w)
			}
			continue
		}
		for _, w := range words {
			n := utf8.RuneCountInString(w)
			p.add(w, string(raw[:n]))
			raw = raw[n:]
		}
	}
}

// cutWhole cuts Chinese words that are too long. No segmenter has found such a
// word: it is one that leaves text in one piece, for those to whom words do not
// matter, and they must not lose it.
func cutWhole(words []string) []string {
	if !slices.ContainsFunc(words, func(w string) bool { return tooLong(w) && hasHan(w) }) {
		return words
	}
	var cut []string
	for _, w := range words {
		for tooLong(w) && hasHan(w) {
			end := 0
			for range MaxWord {
				_, n := utf8.DecodeRuneInString(w[end:])
				end += n
			}
			cut = append(cut, w[:end])
			w = w[end:]
		}
		cut = append(cut, w)
	}
	return cut
}

// segment cuts cleaned text and drops white space.
func segment(s Segmenter, text string) []string {
	words := s.Words(text)
	kept := make([]string, 0, len(words))
	for _, w := range words {
		// A word without white space, as nearly all are, costs no slice.
		if w != "" && !strings.ContainsFunc(w, unicode.IsSpace) {
			kept = append(kept, w)
			continue
		}
		kept = append(kept, strings.Fields(w)...)
	}
	return kept
}

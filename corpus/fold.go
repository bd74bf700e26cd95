package corpus

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// foldText appends what texts are compared by: their letters (Chinese characters
// among them), digits and other numbers. Space, punctuation and symbols are taken
// away, and so are the differences of width, case and script.
func (s *simplifier) foldText(to []rune, text string) []rune {
	to = slices.Grow(to, len(text)/3+1) // nearly all characters have three bytes
	for _, r := range text {
		switch {
		case isHan(r):
			to = append(to, s.fold(r))
			continue
		case r >= '！' && r <= '～': // full-width ASCII
			r -= 0xFEE0
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			to = append(to, unicode.ToLower(r))
		}
	}
	return to
}

// hashRunes is the hash of a folded text, the zero hash for one without any
// character.
func hashRunes(runes []rune) contentHash {
	if len(runes) == 0 {
		return contentHash{}
	}
	b := make([]byte, 0, 3*len(runes))
	for _, r := range runes {
		b = utf8.AppendRune(b, r)
	}
	return hashBytes(b)
}

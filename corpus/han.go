package corpus

import (
	"crypto/sha256"
	"strings"
	"unicode"
)

// isHan tells whether r is a Chinese character (Unicode script Han). The
// comparison in front is there for speed: nearly all of them lie in it.
func isHan(r rune) bool {
	if r >= 0x4E00 && r <= 0x9FFF {
		return true
	}
	return r >= 0x2E80 && unicode.Is(unicode.Han, r)
}

// allHan tells whether s consists of Chinese characters, at least one.
func allHan(s string) bool {
	for _, r := range s {
		if !isHan(r) {
			return false
		}
	}
	return s != ""
}

// hasHan tells whether s holds a Chinese character.
func hasHan(s string) bool {
	return strings.ContainsFunc(s, isHan)
}

// contentHash is 128 bits of SHA-256: two different texts among 2^40 share
// one with a chance below 2^-49.
type contentHash [16]byte

func hashText(text string) contentHash { return hashBytes([]byte(text)) }

func hashBytes(text []byte) contentHash {
	sum := sha256.Sum256(text)
	return contentHash(sum[:16])
}

// splitWords cuts a segmented line into its words, at any white space of
// Unicode (U+00A0, U+3000 and U+2028 occur in real data). A blank that is
// glued to a word or a mark ("XXXXX，") becomes a word of its own.
func splitWords(line string) []string {
	line = markBlanks(line)
	fields := strings.Fields(line)
	if !strings.Contains(line, Blank) {
		return fields
	}
	words := make([]string, 0, len(fields)+2)
	for _, w := range fields {
		for {
			before, after, found := strings.Cut(w, Blank)
			if before != "" {
				words = append(words, before)
			}
			if !found {
				break
			}
			words = append(words, Blank)
			w = after
		}
	}
	return words
}

// markBlanks writes blanks of full-width letters as all others.
func markBlanks(text string) string { return strings.ReplaceAll(text, "ＸＸＸＸＸ", Blank) }

// JoinWords is the text of a segmented sentence: words joined without a space,
// but for one between two words of Latin letters or digits.
func JoinWords(words []string) string {
	var b strings.Builder
	previous := ""
	for _, w := range words {
		if previous != "" && w != "" && isAlphanumeric(previous[len(previous)-1]) && isAlphanumeric(w[0]) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		if w != "" {
			previous = w
		}
	}
	return b.String()
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

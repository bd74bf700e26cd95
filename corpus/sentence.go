package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences cuts a text at the ends of its sentences. Joined, the pieces give
// the text back, byte for byte; white space belongs to the sentence before it.
//
// A sentence ends after 。！？!? or an ellipsis (……, ...), together with the
// closing quotation marks and brackets that follow it, and at a line end. An
// ellipsis before a comma or the like ends nothing. The straight quotation
// mark " closes where one is open in its line.
func Sentences(text string) []string {
	var sentences []string
	start := 0
	open := false // a straight quotation mark is open
	cut := func(end int) {
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsSpace(r) {
				break
			}
			if isLineEnd(r) {
				open = false
			}
			end += n
		}
		sentences = append(sentences, text[start:end])
		start = end
	}
	for i := 0; i < len(text); {
		if i < start { // white space that the last cut has taken
			i = start
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		switch {
		case r == '"':
			open = !open
		case isLineEnd(r):
			cut(i)
		case isTerminator(r) || r == '.' && strings.HasPrefix(text[i:], ".."):
			end := i
			onlyEllipsis := isEllipsis(r)
			for end < len(text) {
				r, n := utf8.DecodeRuneInString(text[end:])
				if !isTerminator(r) && !isEllipsis(r) {
					break
				}
				onlyEllipsis = onlyEllipsis && isEllipsis(r)
				end += n
			}
			for end < len(text) {
				r, n := utf8.DecodeRuneInString(text[end:])
				if r == '"' && open {
					open = false
				} else if !isClosing(r) {
					break
				}
				end += n
			}
			next, _ := utf8.DecodeRuneInString(text[end:])
			if onlyEllipsis && strings.ContainsRune("，、；：,;:", next) && end < len(text) {
				i = end
				continue
			}
			cut(end)
		}
	}
	if start < len(text) {
		sentences = append(sentences, text[start:])
	}
	return sentences
}

func isLineEnd(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

func isTerminator(r rune) bool {
	switch r {
	case '。', '！', '？', '!', '?', '…', '｡', '‼', '⁇', '⁈', '⁉':
		return true
	}
	return false
}

func isEllipsis(r rune) bool { return r == '…' || r == '.' }

func isClosing(r rune) bool {
	switch r {
	case '”', '’', '」', '』', '）', ')', '】', '》', '〉', ']', '］', '｣', '〕', '〗':
		return true
	}
	return false
}

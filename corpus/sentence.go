package corpus

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences cuts a text at the ends of its sentences. Joined, the pieces give
// the text back, byte for byte; white space belongs to the sentence before it.
//
// A sentence ends after 。！？!? or an ellipsis (……, ...), together with the
// closing quotation marks and brackets that follow it, and at a line end.
// Nothing ends before a comma or the like, and a quotation does not end where
// the words go on to tell who speaks (“来吧！”他说。). The straight quotation
// mark " closes where one is open in its line.
func Sentences(text string) []string {
	var sentences []string
	for s := range (Splitter{}).Spans(text) {
		sentences = append(sentences, text[s.Start:s.End])
	}
	return sentences
}

// A Span is a piece of a text: its bytes [Start, End).
type Span struct{ Start, End int }

// A Splitter cuts texts into sentences. The zero value does what [Sentences]
// does.
type Splitter struct {
	// WholeQuotations leaves quotations in one piece, with all of their
	// sentences: “快跑！狼来了！”. It takes pairs of “ ”, 「 」 and 『 』, one inside of
	// another too, within a line; a mark whose partner is missing there counts for
	// nothing.
	WholeQuotations bool
}

// Spans iterates over the sentences of a text. Each begins where the one before
// it ends, the first at 0, the last ends with the text, and none is empty.
func (s Splitter) Spans(text string) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		c := sentenceCutter{text: text, whole: s.WholeQuotations}
		for c.start < len(text) {
			end := c.next()
			if !yield(Span{c.start, end}) {
				return
			}
			c.start = end
		}
	}
}

type sentenceCutter struct {
	text   string
	start  int  // of the sentence
	open   bool // a straight quotation mark is open
	whole  bool
	quoted int // end of the quotation around, where quotations stay whole
}

var sentenceSet = runeSetOf("\"“「『\n\r\v\f\u0085\u2028\u2029。！？!?….｡‼⁇⁈⁉")

// next finds the end of the sentence that begins at c.start.
func (c *sentenceCutter) next() int {
	text := c.text
	for i := sentenceSet.next(text, c.start); i < len(text); i = sentenceSet.next(text, i) {
		r, n := utf8.DecodeRuneInString(text[i:])
		at := i
		i += n
		switch {
		case r == '"':
			c.open = !c.open
		case r == '“' || r == '「' || r == '『':
			if c.whole && at >= c.quoted {
				c.quoted = max(c.quoted, quotationEnd(text, at))
			}
		case isLineEnd(r):
			return c.spaces(i)
		case isTerminator(r) || r == '.' && strings.HasPrefix(text[i:], ".."):
			end, quotation := c.marks(i)
			if end < c.quoted || goesOn(text[end:]) || quotation && saysWho(text[end:]) {
				i = end
				continue
			}
			return c.spaces(end)
		}
	}
	return len(text)
}

// marks is the end of the marks that follow a terminator, and tells whether one
// of them closes a quotation.
func (c *sentenceCutter) marks(end int) (int, bool) {
	quotation := false
	for end < len(c.text) {
		r, n := utf8.DecodeRuneInString(c.text[end:])
		switch {
		case isTerminator(r) || isEllipsis(r):
		case r == '"' && c.open:
			c.open, quotation = false, true
		case isClosing(r):
			quotation = quotation || r == '”' || r == '」' || r == '』' || r == '’'
		default:
			return end, quotation
		}
		end += n
	}
	return end, quotation
}

// spaces is the end of the white space from a place on.
func (c *sentenceCutter) spaces(end int) int {
	for end < len(c.text) {
		r, n := utf8.DecodeRuneInString(c.text[end:])
		if !unicode.IsSpace(r) {
			break
		}
		if isLineEnd(r) {
			c.open = false
		}
		end += n
	}
	if end > 0 && isLineEnd(rune(c.text[end-1])) {
		c.open = false
	}
	return end
}

// goesOn tells whether what follows cannot begin a sentence.
func goesOn(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && strings.ContainsRune("，、；：,;:", r)
}

// mostSpeaker is how many characters there may be from the end of a quotation
// to the end of who said it.
const mostSpeaker = 16

// saysWho tells whether a text begins by telling who speaks: some Chinese
// characters up to the next mark, the last of them a verb of speech.
func saysWho(rest string) bool {
	end, count := 0, 0
	for end < len(rest) {
		r, n := utf8.DecodeRuneInString(rest[end:])
		if !isHan(r) {
			break
		}
		if end += n; count >= mostSpeaker {
			return false
		}
		count++
	}
	next, _ := utf8.DecodeRuneInString(rest[end:])
	if end == 0 || end < len(rest) && !strings.ContainsRune("。，：！？…,:!?；;", next) {
		return false
	}
	clause := strings.TrimRight(rest[:end], "着著了过過起来來")
	_, n := utf8.DecodeLastRuneInString(clause)
	last := clause[len(clause)-n:]
	return last != "" && strings.Contains("说說道问問喊叫答嚷骂罵嚎吼", last)
}

// mostQuotation is the length in bytes up to which the end of a quotation is
// looked for, so that a text of nothing but opening marks takes no time.
const mostQuotation = 3 << 10

// quotationEnd is the place after the mark that closes the one at i in its line;
// i where there is none.
func quotationEnd(text string, i int) int {
	var closing []rune
	for at, r := range text[i:min(len(text), i+mostQuotation)] {
		switch {
		case r == '“':
			closing = append(closing, '”')
		case r == '「':
			closing = append(closing, '」')
		case r == '『':
			closing = append(closing, '』')
		case isLineEnd(r):
			return i
		case r == closing[len(closing)-1]:
			if closing = closing[:len(closing)-1]; len(closing) == 0 {
				return i + at + utf8.RuneLen(r)
			}
		}
	}
	return i
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

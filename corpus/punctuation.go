package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Punctuation gives Chinese text one set of marks:
//
//   - 「 」 『 』 become “ ” ‘ ’;
//   - straight double quotation marks become “ and ” in turn, in lines with
//     Chinese characters that hold an even number of them;
//   - an ellipsis of any make (..., 。。。, ···, …) becomes ……, and a dash of at
//     least two (--, ――, ──) becomes ——, where the nearest letter before or after
//     it is a Chinese character;
//   - , ; : ! ? . become full width where the last letter before them is a
//     Chinese character, a full stop and a colon only where no ASCII letter or
//     digit follows, and brackets do where it is or where one stands inside.
//
// Latin text and numbers keep their marks: 3.14, 10:30, "Mr. Fox". The step is
// none of the standard ones since it changes how a text looks, and the words of
// an answer with it.
func Punctuation() Step {
	return Step{Name: "punctuation", Changes: func(text string, change func(int, int, string)) {
		p := punctuator{text: text, change: change, close: -1}
		for i := punctuationSet.next(text, 0); i < len(text); {
			i = punctuationSet.next(text, p.mark(i))
		}
	}}
}

var punctuationSet = runeSetOf("\",;:!?.()「」『』…。·・．—―–─━－-")

type punctuator struct {
	text   string
	change func(int, int, string)
	line   int  // end of the line whose quotation marks were counted
	pairs  bool // its quotation marks come in pairs
	open   bool
	close  int // place of the closing bracket to an opening one that was changed

	before rune // the last letter before seen
	seen   int
	ahead  int // from where letters after were looked for, there is none before it
}

var wideMarks = map[rune]string{',': "，", ';': "；", ':': "：", '!': "！", '?': "？", '.': "。"}
var cornerMarks = map[rune]string{'「': "“", '」': "”", '『': "‘", '』': "’"}

// mark deals with the mark at i and returns where to go on.
func (p *punctuator) mark(i int) int {
	r, n := utf8.DecodeRuneInString(p.text[i:])
	end := i + n
	switch r {
	case '「', '」', '『', '』':
		p.change(i, end, cornerMarks[r])
	case '"':
		p.quote(i)
	case '…', '。', '·', '・', '．', '.':
		return p.ellipsis(i, r)
	case '—', '―', '–', '─', '━', '－', '-':
		return p.dash(i)
	case '(':
		p.bracket(i)
	case ')':
		if i == p.close {
			p.change(i, end, "）")
		}
	case ',', ';', ':', '!', '?':
		p.wide(i, r)
	}
	return end
}

func (p *punctuator) quote(i int) {
	if i >= p.line {
		start := strings.LastIndexByte(p.text[:i], '\n') + 1
		p.line = len(p.text)
		if n := strings.IndexByte(p.text[i:], '\n'); n >= 0 {
			p.line = i + n
		}
		line := p.text[start:p.line]
		p.pairs = strings.Count(line, `"`)%2 == 0 && hasHan(line)
		p.open = false
	}
	if !p.pairs {
		return
	}
	p.open = !p.open
	if p.open {
		p.change(i, i+1, "“")
	} else {
		p.change(i, i+1, "”")
	}
}

// run is the end of the run of these marks.
func (p *punctuator) run(i int, marks string) (end, count int) {
	for i < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[i:])
		if !strings.ContainsRune(marks, r) {
			break
		}
		i += n
		count++
	}
	return i, count
}

// ellipsis deals with a run of dots; runs of several makes that follow one
// another are one ellipsis.
func (p *punctuator) ellipsis(i int, r rune) int {
	end, dots := p.dots(i, r)
	if !dots {
		if r == '.' && end == i+1 {
			p.wide(i, r)
		}
		return end
	}
	for end < len(p.text) {
		next, _ := utf8.DecodeRuneInString(p.text[end:])
		to, dots := p.dots(end, next)
		if !dots {
			break
		}
		end = to
	}
	if r == '。' || p.chinese(i, end) {
		p.change(i, end, "……")
	}
	return end
}

// dots is the end of the run of a mark, and tells whether it is an ellipsis.
func (p *punctuator) dots(i int, r rune) (int, bool) {
	end, count := p.run(i, string(r))
	switch r {
	case '…':
		return end, count > 0
	case '。', '·', '・', '．', '.':
		return end, count >= 3
	}
	return end, false
}

func (p *punctuator) dash(i int) int {
	end, count := p.run(i, "—―–─━－-")
	if count >= 2 && p.chinese(i, end) {
		p.change(i, end, "——")
	}
	return end
}

// chinese tells whether the letter before or after a run of marks is a Chinese
// character. It looks at letters alone, which this step leaves as they are, so
// that a second pass finds nothing more.
func (p *punctuator) chinese(start, end int) bool {
	return isHan(p.letterBefore(start)) || isHan(p.letterAfter(end))
}

// letterBefore is the last letter or digit of the line before i, "\n" where
// there is none. Places only grow from call to call.
func (p *punctuator) letterBefore(i int) rune {
	for p.seen < i {
		r, n := utf8.DecodeRuneInString(p.text[p.seen:])
		if isLetter(r) || r == '\n' {
			p.before = r
		}
		p.seen += n
	}
	return p.before
}

// letterAfter is the first letter or digit of the line from i on.
func (p *punctuator) letterAfter(i int) rune {
	for p.ahead = max(p.ahead, i); p.ahead < len(p.text); {
		r, n := utf8.DecodeRuneInString(p.text[p.ahead:])
		if isLetter(r) || r == '\n' {
			return r
		}
		p.ahead += n
	}
	return '\n'
}

func isLetter(r rune) bool { return isHan(r) || unicode.IsLetter(r) || unicode.IsNumber(r) }

func (p *punctuator) wide(i int, r rune) {
	if !isHan(p.letterBefore(i)) || strings.HasSuffix(p.text[:i], " ") {
		return
	}
	if after := p.text[i+1:]; (r == '.' || r == ':') && after != "" && isAlphanumeric(after[0]) {
		return
	}
	p.change(i, i+1, wideMarks[r])
}

// mostBracket is the length in bytes up to which the end of a bracket is looked
// for.
const mostBracket = 400

func (p *punctuator) bracket(i int) {
	inner := p.text[i+1 : min(len(p.text), i+1+mostBracket)]
	n := strings.IndexAny(inner, "()\n")
	if n < 0 || inner[n] != ')' {
		return
	}
	if !isHan(p.letterBefore(i)) && !hasHan(inner[:n]) {
		return
	}
	p.change(i, i+1, "（")
	p.close = i + 1 + n
}

// isWide tells Chinese characters and marks from others.
func isWide(r rune) bool {
	switch {
	case r == utf8.RuneError:
		return false
	case isHan(r), r >= 0x3001 && r <= 0x303F, r >= 0xFF01 && r <= 0xFF60:
		return true
	}
	switch r {
	case '“', '”', '‘', '’', '…', '—':
		return true
	}
	return false
}

package corpus

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NormalForm brings text into Unicode's normal form C, in which a letter with
// its accents and a compatibility ideograph (U+F900 on) have one spelling, and
// takes from form KC what is safe in Chinese: radicals that stand for their
// characters (U+2F00), vertical and small forms of punctuation, half-width
// Japanese punctuation (｡ ｢ ｣ ､), Latin ligatures, mathematical letters and
// digits.
//
// The rest of form KC changes what is meant or how Chinese is written, and is
// left out: … would become three full stops, ， and ： ASCII, ① and ² digits,
// ㎏ two letters.
func NormalForm() Step {
	return Step{Name: "normal_form", Changes: func(text string, change func(int, int, string)) {
		f := safeFold()
		first := f.set.next(text, 0)
		for i := first; i < len(text); {
			r, size := utf8.DecodeRuneInString(text[i:])
			if f.suspect(r) {
				if !norm.NFC.IsNormalString(text) {
					normalFormSlow(text, f, change)
					return
				}
				break
			}
			i = f.set.next(text, i+size)
		}
		for i := first; i < len(text); {
			r, size := utf8.DecodeRuneInString(text[i:])
			change(i, i+size, f.fold(r, text[i:i+size]))
			i = f.set.next(text, i+size)
		}
	}}
}

// normalFormSlow walks over the segments that normalisation treats as one.
func normalFormSlow(text string, f *folding, change func(int, int, string)) {
	var it norm.Iter
	it.InitString(norm.NFC, text)
	for !it.Done() {
		start := it.Pos()
		segment := string(it.Next())
		end := it.Pos()
		if !utf8.ValidString(segment) {
			continue
		}
		var b strings.Builder
		for _, r := range segment {
			b.WriteString(f.fold(r, string(r)))
		}
		change(start, end, norm.NFC.String(b.String()))
	}
}

// folding is the safe part of form KC.
type folding struct {
	set *runeSet // of all that is folded or suspect
	to  map[rune]string
}

// suspect tells whether text with r may be out of form C: r has another
// spelling there or may combine with what stands before it. The library's own
// check looks up every character, at a tenth of the speed.
func (f *folding) suspect(r rune) bool {
	p := norm.NFC.PropertiesString(string(r))
	return !p.BoundaryBefore() || !norm.NFC.IsNormalString(string(r))
}

func (f *folding) fold(r rune, same string) string {
	if to, ok := f.to[r]; ok {
		return to
	}
	return same
}

// Vertical and small forms whose full-width spelling is not what form KC makes
// of them (ASCII), and those that form KC gives as dots or dashes.
const (
	formsFrom = "︐︑︒︓︔︕︖︗︘︰︱︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈﹐﹑﹒﹔﹕﹖﹗﹙﹚﹛﹜﹝﹞｡｢｣､･"
	formsTo   = "，、。：；！？〖〗：—＿（）｛｝〔〕【】《》〈〉「」『』［］，、。；：？！（）｛｝〔〕。「」、・"
)

var safeFold = sync.OnceValue(func() *folding {
	f := &folding{set: &runeSet{}, to: map[rune]string{}}
	to := []rune(formsTo)
	for i, r := range []rune(formsFrom) {
		f.to[r] = string(to[i])
	}
	f.to['︙'] = "…"
	for _, block := range [][2]rune{
		{0x2E80, 0x2FD5},   // radicals
		{0xFB00, 0xFB06},   // Latin ligatures
		{0x1D400, 0x1D7FF}, // mathematical letters and digits
	} {
		for r := block[0]; r <= block[1]; r++ {
			if s := norm.NFKC.String(string(r)); s != string(r) {
				f.to[r] = s
			}
		}
	}
	for r := range rune(0x10000) {
		if f.to[r] != "" || f.suspect(r) {
			f.set.add(r)
		}
	}
	return f
})

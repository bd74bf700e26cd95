package corpus

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// The kinds of mojibake, text that was once decoded wrongly.
const (
	// MojibakeLost is what no one can bring back: U+FFFD, and 锟斤拷, which is
	// U+FFFD in UTF-8 read as GBK.
	MojibakeLost = "lost"
	// MojibakeMemory is 烫烫烫烫 or 屯屯屯屯, memory that was never written to,
	// read as GBK; four of them, since three are an exclamation.
	MojibakeMemory = "memory"
	// MojibakeGBK is UTF-8 read as GBK: 我们 becomes 鎴戜滑.
	MojibakeGBK = "utf8_as_gbk"
	// MojibakeLatin is UTF-8 read as Latin-1 or Windows-1252: 我们 becomes
	// æˆ‘ä»¬.
	MojibakeLatin = "utf8_as_latin1"
	// MojibakeLatinGBK is GBK read as Latin-1: 我们的 becomes ÎÒÃÇµÄ.
	MojibakeLatinGBK = "gbk_as_latin1"
)

// A Mojibake is a piece of text that was decoded wrongly.
type Mojibake struct {
	Kind       string
	Start, End int    // bytes of the text
	Repaired   string // what it was, "" where that cannot be told
}

// FindMojibake finds the pieces of a text that were decoded wrongly, in its
// order. A repaired piece is one that, decoded wrongly again, gives just the
// bytes that stand there, and consists of Chinese characters and their
// punctuation, at least two.
func FindMojibake(text string) []Mojibake {
	var found []Mojibake
	set := mojibakeSet()
	var f mojibakeFinder
	for i := set.next(text, 0); i < len(text); {
		m, ok := f.at(text, i)
		if !ok {
			_, n := utf8.DecodeRuneInString(text[i:])
			i = set.next(text, i+n)
			continue
		}
		found = append(found, m)
		i = set.next(text, m.End)
	}
	return found
}

// RepairMojibake is the step that puts back what was decoded wrongly, where
// that is reversible; see FindMojibake. It is none of the standard steps: a
// text can be about such characters.
func RepairMojibake() Step {
	return Step{Name: "repair_mojibake", Changes: func(text string, change func(int, int, string)) {
		for _, m := range FindMojibake(text) {
			if m.Repaired != "" {
				change(m.Start, m.End, m.Repaired)
			}
		}
	}}
}

// mojibakeSet are the characters with which a piece can begin.
var mojibakeSet = sync.OnceValue(func() *runeSet {
	s := runeSetOf("\uFFFD锟烫屯")
	for r := rune(0xB0); r <= 0xF7; r++ { // leads of UTF-8 and of GB 2312
		s.add(r)
	}
	for r := rune(0x4E00); r <= 0x9FFF; r++ {
		if b, ok := gbkBytes(r); ok && b[0] >= 0xE3 && b[0] <= 0xE9 && b[1] < 0xC0 {
			s.add(r)
		}
	}
	return s
})

// A mojibakeFinder knows where in a text attempts have failed that would fail again
// from a later character: without it, each character of a long stretch that is
// nearly a piece would cost another look through all of it.
type mojibakeFinder struct {
	// gbk is the end of the last stretch that is UTF-8 of Chinese, but too common to
	// be mojibake. What can begin inside is a part of it.
	gbk int
	// latin are places before which no piece of GBK begins, since it would hold a
	// pair that is no character. Pairs of two-byte characters begin at every fourth
	// byte; the index is the remainder.
	latin [4]int
}

func (f *mojibakeFinder) at(text string, i int) (Mojibake, bool) {
	r, n := utf8.DecodeRuneInString(text[i:])
	switch r {
	case '\uFFFD':
		end := i + n
		for strings.HasPrefix(text[end:], "\uFFFD") {
			end += n
		}
		return Mojibake{Kind: MojibakeLost, Start: i, End: end}, true
	case '锟':
		const lost = "锟斤拷"
		end := i
		for strings.HasPrefix(text[end:], lost) {
			end += len(lost)
		}
		return Mojibake{Kind: MojibakeLost, Start: i, End: end}, end > i
	case '烫', '屯':
		end := i
		for strings.HasPrefix(text[end:], string(r)) {
			end += n
		}
		return Mojibake{Kind: MojibakeMemory, Start: i, End: end}, end-i >= 4*n
	}
	if r < 0x100 {
		if m, ok := wrongLatin(text, i); ok {
			return m, true
		}
		return f.wrongLatinGBK(text, i)
	}
	return f.wrongGBK(text, i)
}

// A piece is looked for in a few bytes first and in more only where all of them
// fit, so that a text of characters that could begin one takes no time.
const (
	firstMojibake = 16
	mostMojibake  = 8 << 10
)

// chinesePieces gives the bytes of the characters from i on as far as they are
// UTF-8 of Chinese, how many characters they are, and where in the text each
// byte's character ends.
func chinesePieces(text string, i int, bytesOf func(rune) ([2]byte, int)) (b []byte, ends []int, characters int) {
	for most := firstMojibake; ; most *= 8 {
		b, ends = pieces(text, i, most, bytesOf)
		n, characters := chinesePrefix(b, ends)
		if len(b) < most || most >= mostMojibake || n < most-2*utf8.UTFMax {
			return b[:n], ends, characters
		}
	}
}

// pieces collects the bytes of characters from i on, and where in the text each
// ends.
func pieces(text string, i, most int, bytesOf func(rune) ([2]byte, int)) (b []byte, ends []int) {
	for i < len(text) && len(b) < most {
		r, n := utf8.DecodeRuneInString(text[i:])
		p, count := bytesOf(r)
		if count == 0 {
			break
		}
		i += n
		b = append(b, p[:count]...)
		for range count {
			ends = append(ends, 0)
		}
		ends[len(ends)-1] = i
	}
	return b, ends
}

// chinesePrefix is the longest part of b that is UTF-8 of Chinese characters
// and marks and ends where a character of the text ends.
func chinesePrefix(b []byte, ends []int) (length, characters int) {
	n := 0
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError || !isWide(r) {
			break
		}
		i += size
		n++
		if ends[i-1] > 0 {
			length, characters = i, n
		}
	}
	return length, characters
}

func wrongLatin(text string, i int) (Mojibake, bool) {
	b, ends, characters := chinesePieces(text, i, func(r rune) ([2]byte, int) {
		if r >= 0x80 && r < 0x100 {
			return [2]byte{byte(r)}, 1
		}
		if c, ok := charmap.Windows1252.EncodeRune(r); ok && c >= 0x80 {
			return [2]byte{c}, 1
		}
		return [2]byte{}, 0
	})
	if characters < 2 {
		return Mojibake{}, false
	}
	return Mojibake{MojibakeLatin, i, ends[len(b)-1], string(b)}, true
}

// wrongLatinGBK wants three characters of GB 2312 at least: accented letters
// hardly stand six in a row.
func (f *mojibakeFinder) wrongLatinGBK(text string, i int) (Mojibake, bool) {
	if i < f.latin[i%4] {
		return Mojibake{}, false
	}
	var b []byte
	var ends []int
	n := 0
	for most := firstMojibake; n+1 >= len(b) && most <= mostMojibake; most *= 8 {
		b, ends = pieces(text, i, most, func(r rune) ([2]byte, int) {
			if r >= 0xA1 && r < 0x100 {
				return [2]byte{byte(r)}, 1
			}
			return [2]byte{}, 0
		})
		for n+1 < len(b) && b[n] >= 0xB0 && b[n] <= 0xF7 {
			n += 2
		}
		if len(b) < most {
			break
		}
	}
	if n < 6 {
		return Mojibake{}, false
	}
	d := simplifiedchinese.GBK.NewDecoder()
	to, err := d.Bytes(b[:n])
	if err != nil || !allHan(string(to)) {
		for n -= 2; n > 0; n -= 2 {
			if pair, err := d.Bytes(b[n : n+2]); err != nil || !allHan(string(pair)) {
				break
			}
		}
		f.latin[i%4] = ends[n+1]
		return Mojibake{}, false
	}
	return Mojibake{MojibakeLatinGBK, i, ends[n-1], string(to)}, true
}

// wrongGBK wants two characters at least that GB 2312 lacks and thus are rare:
// without them three common characters could make UTF-8 by chance.
func (f *mojibakeFinder) wrongGBK(text string, i int) (Mojibake, bool) {
	if i < f.gbk {
		return Mojibake{}, false
	}
	b, ends, characters := chinesePieces(text, i, func(r rune) ([2]byte, int) {
		if p, ok := gbkBytes(r); ok {
			return p, 2
		}
		return [2]byte{}, 0
	})
	rare := 0
	for k := 0; k+1 < len(b); k += 2 {
		if b[k] < 0xA1 || b[k+1] < 0xA1 {
			rare++
		}
	}
	if characters < 2 || rare < 2 {
		if len(b) > 0 {
			f.gbk = ends[len(b)-1]
		}
		return Mojibake{}, false
	}
	return Mojibake{MojibakeGBK, i, ends[len(b)-1], string(b)}, true
}

// gbkBytes are the two bytes of a character in GBK.
func gbkBytes(r rune) ([2]byte, bool) {
	if r < 0x80 || r >= 0x10000 {
		return [2]byte{}, false
	}
	p := gbkTable()[r]
	return p, p[0] != 0
}

// gbkTable is the encoding turned round; the library allocates for each
// character.
var gbkTable = sync.OnceValue(func() *[0x10000][2]byte {
	t := &[0x10000][2]byte{}
	d := simplifiedchinese.GBK.NewDecoder()
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			p := [2]byte{byte(lead), byte(trail)}
			to, err := d.Bytes(p[:])
			if err != nil {
				continue
			}
			if r, n := utf8.DecodeRune(to); n == len(to) && r != utf8.RuneError && r < 0x10000 {
				t[r] = p
			}
		}
	}
	return t
})

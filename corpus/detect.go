package corpus

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// EncodingAuto, as a source's Encoding, has the encoding of each file guessed.
const EncodingAuto = "auto"

// A Detection is a guess at the encoding of some bytes.
type Detection struct {
	Encoding string // "utf-8", "utf-16le", "utf-16be", "gb18030" or "big5"
	// Certain tells that a byte order mark says so, or that the bytes are UTF-8,
	// which others hardly are by chance.
	Certain bool
	// Faults is the share of characters, from 0 to 1, that the bytes do not
	// make in this encoding or that no Chinese text holds.
	Faults float64
	// Frequent is the share of the most frequent characters and marks of Chinese
	// among those that are no ASCII; about a half in any text.
	Frequent float64
}

// Doubtful tells that a guess is hardly right: more than a hundredth of the
// characters are faults, or less than a tenth are frequent ones.
func (d Detection) Doubtful() bool {
	return !d.Certain && (d.Faults > 0.01 || d.Frequent < 0.1)
}

// mostDetected is how many bytes of a file a guess is made from.
const mostDetected = 64 << 10

// DetectEncoding guesses the encoding of Chinese text from its first bytes; 64
// KiB are looked at. Byte order marks decide, then valid UTF-8, then which of
// the others gives the most frequent characters of Chinese and the fewest
// faults. The order of the candidates decides where two are equal, as for text
// of ASCII alone, which is UTF-8.
//
// General detectors (chardet) often take short GBK for something else; that
// there is nothing but Chinese to expect makes this one simple and better.
func DetectEncoding(b []byte) Detection {
	whole := len(b) <= mostDetected
	b = b[:min(len(b), mostDetected)]
	switch {
	case bytes.HasPrefix(b, bom):
		return Detection{Encoding: "utf-8", Certain: true}
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return Detection{Encoding: "utf-16le", Certain: true}
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return Detection{Encoding: "utf-16be", Certain: true}
	case utf8.Valid(trimRune(b, whole)) && bytes.IndexByte(b, 0) < 0:
		return Detection{Encoding: "utf-8", Certain: true}
	}
	best, most := Detection{Encoding: "utf-8", Faults: 1}, 0.0
	for _, name := range []string{"utf-8", "gb18030", "big5", "utf-16le", "utf-16be"} {
		faults, frequent := judge(b, name)
		if score := frequent - 4*faults; score > most || best.Faults == 1 && faults < 1 && most == 0 {
			best, most = Detection{Encoding: name, Faults: faults, Frequent: frequent}, score
		}
	}
	return best
}

// trimRune drops a character that the end of the block has cut.
func trimRune(b []byte, whole bool) []byte {
	for i := 1; !whole && i < utf8.UTFMax && i < len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// judge gives the shares of faults and of frequent characters among the
// characters that are no ASCII.
func judge(b []byte, name string) (faults, frequent float64) {
	e, err := lookupEncoding(name)
	if err != nil {
		return 1, 0
	}
	text, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return 1, 0
	}
	all, bad, known := 0, 0, 0
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError, r < 0x20 && r != '\n' && r != '\r' && r != '\t', r >= 0x7F && r < 0xA0, r >= 0xE000 && r < 0xF900:
			bad++
		case r < utf8.RuneSelf:
			continue
		case strings.ContainsRune(frequentCharacters, r):
			known++
		}
		all++
	}
	if all == 0 {
		return 0, 0
	}
	return float64(bad) / float64(all), float64(known) / float64(all)
}

// frequentCharacters make up about half of any Chinese text, in either script,
// with its punctuation.
const frequentCharacters = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实" +
	"這個們來為國說時會對於著過發後裡種經麼學現當沒動還進樣開從實，。、！？：；“”「」…　《》"

// EncodingCount tells how many of a source's files were taken for text in one
// encoding.
type EncodingCount struct {
	Name  string `json:"name"`
	Files int    `json:"files"`
	// Doubtful are the first of those files whose text makes little sense in
	// this encoding.
	Doubtful []string `json:"doubtful,omitempty"`
}

func (r *SourceReport) addEncoding(file string, d *Detection) {
	if d == nil {
		return
	}
	i := slices.IndexFunc(r.Encodings, func(c EncodingCount) bool { return c.Name == d.Encoding })
	if i < 0 {
		i = len(r.Encodings)
		r.Encodings = append(r.Encodings, EncodingCount{Name: d.Encoding})
	}
	c := &r.Encodings[i]
	c.Files++
	if d.Doubtful() && len(c.Doubtful) < mostSkips {
		c.Doubtful = append(c.Doubtful, file)
	}
}

// autoEncoding stands for a guess in the place of an encoding.
type autoEncoding struct{ encoding.Encoding }

// detect guesses the encoding of what a reader gives, without taking anything
// from it.
func detect(r io.Reader) (io.Reader, Detection) {
	buffered := bufio.NewReaderSize(r, mostDetected+1)
	// The error, if any, comes again when the text is read.
	b, _ := buffered.Peek(mostDetected + 1)
	return buffered, DetectEncoding(b)
}

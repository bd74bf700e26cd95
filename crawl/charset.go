package crawl

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// DecodeText returns the body of a page as UTF-8. The charset is, in this
// order: a byte order mark's, the Content-Type's, a meta element's. Where none
// is declared, or where the bytes are not in the declared one or read in it as
// anything but Chinese, it is found from the bytes: UTF-8, else GB18030 (which holds GBK and GB 2312) or Big5 if they
// read as Chinese, else Windows-1252.
func DecodeText(body []byte, contentType string) string {
	text, _ := decodeNamed(body, contentType)
	return text
}

// decodeNamed is DecodeText, and the name of the charset that it took.
func decodeNamed(body []byte, contentType string) (text, charsetName string) {
	declared, name, certain := charset.DetermineEncoding(body, contentType)
	if name == "gbk" {
		declared = simplifiedchinese.GB18030 // which holds it, as browsers read it
	}
	if certain && name != "utf-8" {
		if text, bad := decodeWith(declared, body); bad*100 <= len(body) && !lies(text, body) {
			return strings.TrimPrefix(text, "\uFEFF"), name
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(body) {
		return string(body), "utf-8"
	}
	if text, name := guessChinese(body); name != "" {
		return text, name
	}
	if certain && name == "utf-8" || mostlyUTF8(body) {
		return strings.ToValidUTF8(string(body), "\uFFFD"), "utf-8"
	}
	text, _ = decodeWith(declared, body)
	return text, name
}

// lies tells whether the declared charset, in which body reads as text, is one that
// a server adds to every page: hardly any character is a common one, and in another
// charset many are.
func lies(text string, body []byte) bool {
	if score, wide := commonness(text); score*30 >= wide {
		return false
	}
	if utf8.Valid(body) {
		score, _ := commonness(string(body))
		return score > 0
	}
	_, name := guessChinese(body)
	return name != ""
}

// commonness counts the characters beyond ASCII, and those of them that are common.
func commonness(text string) (score, wide int) {
	for _, r := range text {
		if r < 0x80 {
			continue
		}
		wide++
		if isCommon[r] {
			score++
		}
	}
	return score, wide
}

// decodeWith decodes body and counts the bytes sequences it could not read.
func decodeWith(e encoding.Encoding, body []byte) (text string, bad int) {
	out, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "\uFFFD"), len(body)
	}
	return string(out), bytes.Count(out, []byte("\uFFFD"))
}

func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else if n > 1 {
			good++
		}
		body = body[n:]
	}
	return good > 8*bad
}

// common are some of the most frequent characters and marks of Chinese prose, in
// both scripts. Bytes read in the wrong encoding become rare characters.
const common = "的一是不了在人有我他这這個个们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里裡，。、：；！？“”「」"

var isCommon = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range common {
		m[r] = true
	}
	return m
}()

// guessChinese decodes body in the encoding of the two in which it has the more
// common characters, if these make up a good part of it; no name is neither.
func guessChinese(body []byte) (best, bestName string) {
	bestScore := 0
	for _, e := range []struct {
		name string
		encoding.Encoding
	}{{"gb18030", simplifiedchinese.GB18030}, {"big5", traditionalchinese.Big5}} {
		text, bad := decodeWith(e, body)
		score, wide := commonness(text)
		if score -= 2 * bad; score > bestScore && score*10 >= wide {
			best, bestName, bestScore = text, e.name, score
		}
	}
	return best, bestName
}

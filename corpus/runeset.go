package corpus

import "unicode/utf8"

// A runeSet tells quickly which characters need a closer look. All beyond the
// basic plane are in it, since they are rare.
type runeSet struct{ bits [0x10000 / 64]uint64 }

func newRuneSet(has func(rune) bool) *runeSet {
	s := &runeSet{}
	for r := range rune(0x10000) {
		if has(r) {
			s.add(r)
		}
	}
	return s
}

func runeSetOf(members string) *runeSet {
	s := &runeSet{}
	for _, r := range members {
		s.add(r)
	}
	return s
}

func (s *runeSet) add(r rune) { s.bits[r>>6] |= 1 << (r & 63) }

func (s *runeSet) has(r rune) bool {
	return r >= 0x10000 || r >= 0 && s.bits[r>>6]&(1<<(r&63)) != 0
}

// next is the place of the first member at or after i, len(text) where there
// is none. Nearly all text is ASCII or three bytes a character, so those two
// are decoded here.
func (s *runeSet) next(text string, i int) int {
	for i < len(text) {
		b := text[i]
		if b < utf8.RuneSelf {
			if s.bits[b>>6]&(1<<(b&63)) != 0 {
				return i
			}
			i++
			continue
		}
		if b>>4 == 0xE && i+2 < len(text) {
			r := rune(b&0xF)<<12 | rune(text[i+1]&0x3F)<<6 | rune(text[i+2]&0x3F)
			// Bytes that are no UTF-8 may be taken for a member here. A member
			// is decoded again by whoever asked.
			if s.bits[r>>6]&(1<<(r&63)) != 0 || text[i+1]>>6 != 2 || text[i+2]>>6 != 2 {
				if s.member(text, i) {
					return i
				}
				_, n := utf8.DecodeRuneInString(text[i:])
				i += n
				continue
			}
			i += 3
			continue
		}
		if s.member(text, i) {
			return i
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	return len(text)
}

// member decodes the character at i; a byte that is no UTF-8 is no member.
func (s *runeSet) member(text string, i int) bool {
	r, n := utf8.DecodeRuneInString(text[i:])
	return s.has(r) && (r != utf8.RuneError || n > 1)
}

package corpus

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// StandardSteps are the steps that are safe for any Chinese text, in the order
// in which they build on each other: [LineEnds], [ControlCharacters],
// [NormalForm], [Spaces], [HalfWidth], [Simplify].
func StandardSteps() []Step {
	return []Step{LineEnds(), ControlCharacters(), NormalForm(), Spaces(), HalfWidth(), Simplify()}
}

// AllSteps are all steps of this package in the order in which they build on
// each other: the standard ones and, each at its place, [HTML],
// [RepairMojibake], [Punctuation] and [Advertisements] without patterns of one's
// own.
func AllSteps() []Step {
	return []Step{HTML(), RepairMojibake(), LineEnds(), ControlCharacters(), NormalForm(), Spaces(),
		HalfWidth(), Punctuation(), Simplify(), standardAdvertisements()}
}

// StepNames lists the names of AllSteps.
func StepNames() []string {
	var names []string
	for _, s := range AllSteps() {
		names = append(names, s.Name)
	}
	return names
}

// StepsByName picks steps of AllSteps, in the order of the names.
func StepsByName(names ...string) ([]Step, error) {
	var picked []Step
	all := AllSteps()
names:
	for _, name := range names {
		for _, s := range all {
			if s.Name == name {
				picked = append(picked, s)
				continue names
			}
		}
		return nil, fmt.Errorf("unknown cleaning step %q, expected one of %s", name, strings.Join(StepNames(), ", "))
	}
	return picked, nil
}

// LineEnds turns "\r\n", a lone "\r" and the separators U+0085, U+2028 and
// U+2029, vertical tab and form feed into "\n".
func LineEnds() Step {
	return Step{Name: "line_ends", Changes: func(text string, change func(int, int, string)) {
		for i := lineEndSet.next(text, 0); i < len(text); {
			end := i + 1
			switch text[i] {
			case '\r':
				if end < len(text) && text[end] == '\n' {
					change(i, end, "")
				} else {
					change(i, end, "\n")
				}
			case '\v', '\f':
				change(i, end, "\n")
			default:
				end = runesEnd(text, i, 1)
				if r := []rune(text[i:end])[0]; r < 0x10000 {
					change(i, end, "\n")
				}
			}
			i = lineEndSet.next(text, end)
		}
	}}
}

var lineEndSet = runeSetOf("\r\v\f\u0085\u2028\u2029")

// ControlCharacters removes control characters but "\n", "\t" and "\r", and
// what has no width: zero-width spaces and joiners, marks of direction, soft
// hyphens, byte order marks, variation selectors.
func ControlCharacters() Step { return controlStep() }

var controlStep = sync.OnceValue(func() Step {
	return mapStep("control_characters", func(r rune) rune {
		switch {
		case r >= 0x20 && r < 0x7F, r == '\n', r == '\t', r == '\r', isHan(r):
			return r
		case r == 0x85: // a line end, which LineEnds has a name for
			return r
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r),
			r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF:
			return -1
		}
		return r
	})
})

// Spaces turns every space of Unicode (U+00A0, U+3000, U+2003, ...) and the
// tab into the plain space.
func Spaces() Step { return spacesStep() }

var spacesStep = sync.OnceValue(func() Step {
	return mapStep("spaces", func(r rune) rune {
		if r == '\t' || r > 0x7F && unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	})
})

// HalfWidth turns full-width Latin letters and digits (Ａ, １) into ASCII.
// Punctuation keeps its width, which in Chinese is the full one.
func HalfWidth() Step { return halfWidthStep() }

var halfWidthStep = sync.OnceValue(func() Step {
	return mapStep("half_width", func(r rune) rune {
		if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
			return r - 0xFEE0
		}
		return r
	})
})

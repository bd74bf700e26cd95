package report

import (
	"strings"

	"wakong/corpus"
)

// leastShaded is the probability from which a position is shaded.
const leastShaded = 0.005

// newSample shades a passage. Words without shading are joined, as most are.
func newSample(a Answered) sampleView {
	v := sampleView{Answered: a, Correct: a.correct()}
	for i, c := range a.Best {
		if c.Word == a.Answer {
			v.Rank = i + 1
		}
	}
	most := 1e-9
	for _, p := range a.Positions {
		most = max(most, p)
	}
	var plain []string
	previous := ""
	flush := func() {
		if len(plain) > 0 {
			v.Pieces = append(v.Pieces, piece{Text: space(previous, plain[0]) + corpus.JoinWords(plain)})
			previous, plain = plain[len(plain)-1], nil
		}
	}
	add := func(p piece) {
		flush()
		p.Text, previous = space(previous, p.Text)+p.Text, p.Text
		v.Pieces = append(v.Pieces, p)
	}
	for i := 0; i <= len(a.Words); i++ {
		if i == a.Blank {
			chosen := "?"
			if len(a.Best) > 0 {
				chosen = a.Best[0].Word
			}
			add(piece{Text: chosen, Kind: "blank"})
		}
		if i == len(a.Words) {
			break
		}
		p := a.Positions[i]
		if p < leastShaded {
			plain = append(plain, a.Words[i])
			continue
		}
		side := "left"
		if i >= a.Blank {
			side = "right"
		}
		add(piece{Text: a.Words[i], Kind: side, Share: 0.75 * p / most, Title: percent(p)})
	}
	flush()
	return v
}

// space is what stands between two words: nothing, but for Latin ones.
func space(before, after string) string {
	return strings.TrimSuffix(strings.TrimPrefix(corpus.JoinWords([]string{before, after}), before), after)
}

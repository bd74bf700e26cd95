package perceptron

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// naive is a perceptron of the same features that does all that the other one does
// not: it looks for the best tags among all sequences, and keeps the weights of
// all steps to compute their mean.
type naive struct {
	now, sum map[string]int64
	steps    int64
}

// weightsOf names the weights of a sequence of tags, as often as they count.
func weightsOf(t *text, seq []uint8) map[string]int64 {
	used := map[string]int64{}
	var rows [templates]uint32
	for i, tag := range seq {
		t.rows(i, &rows)
		for _, row := range rows {
			used[key("row", int(row), int(tag))]++
		}
		if i > 0 {
			used[key("move", int(seq[i-1]), int(tag))]++
		}
	}
	return used
}

func key(kind string, a, b int) string {
	return kind + " " + big.NewInt(int64(a)).String() + " " + string('0'+rune(b))
}

// sequences are all that words can be tagged with.
func sequences(n int) (all [][]uint8) {
	for cuts := range 1 << (n - 1) { // bit i: a word ends behind character i
		var seq []uint8
		from := 0
		for i := range n {
			if i == n-1 || cuts>>i&1 == 1 {
				for j := from; j <= i; j++ {
					seq = append(seq, tagOf(j-from, i+1-from))
				}
				from = i + 1
			}
		}
		all = append(all, seq)
	}
	return all
}

func (p *naive) score(t *text, seq []uint8) (sum int64) {
	for w, count := range weightsOf(t, seq) {
		sum += p.now[w] * count
	}
	return sum
}

func (p *naive) best(t *text) (best []uint8, most int64, several bool) {
	for _, seq := range sequences(len(t.runes)) {
		switch s := p.score(t, seq); {
		case best == nil || s > most:
			best, most, several = seq, s, false
		case s == most:
			several = true
		}
	}
	return best, most, several
}

// Learning as it is written down, with all sequences looked at and all steps'
// weights added up, gives the same weights.
func TestTrainNaively(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	l, p := newLearner(), &naive{map[string]int64{}, map[string]int64{}, 0}
	for range 150 {
		var words, guide []string
		for range 1 + random.IntN(4) {
			words = append(words, []string{"雪", "人", "雪人", "大雪", "大雪人"}[random.IntN(5)])
		}
		for _, r := range strings.Join(words, "") {
			guide = append(guide, string(r))
		}
		if random.IntN(2) == 0 {
			guide = words
		}
		if len(strings.Join(words, "")) > 8*3 {
			continue
		}
		e := newExample(words, fixed(guide))
		seq, most, several := p.best(&e.text)
		back, found := make([][tags]uint8, len(e.tags)), make([]uint8, len(e.tags))
		decode(l, &e.text, back, found)
		if s := p.score(&e.text, found); s != most {
			t.Fatalf("found tags %v of sum %d, the largest is %d", found, s, most)
		}
		if several {
			seq = found // which of them is not laid down
		}
		l.learn(&e)
		p.steps++
		for w, n := range weightsOf(&e.text, e.tags) {
			p.now[w] += n
		}
		for w, n := range weightsOf(&e.text, seq) {
			p.now[w] -= n
		}
		for w, n := range p.now {
			p.sum[w] += n
		}
	}
	got, nonzero := l.average(), 0
	for w, sum := range p.sum {
		var kind string
		var a, b int
		parts := strings.Fields(w)
		kind, b = parts[0], int(parts[2][0]-'0')
		for _, digit := range parts[1] {
			a = 10*a + int(digit-'0')
		}
		weight := got.weights[0][0]
		if kind == "row" {
			weight = got.weights[a][b]
		} else {
			weight = got.transitions[a][b]
		}
		want := roundHalf(sum*unit, p.steps)
		if int64(weight) != want {
			t.Errorf("%s: got %d, want %d", w, weight, want)
		}
		if weight != 0 {
			nonzero++
		}
	}
	for row, weights := range got.weights {
		for tag, w := range weights {
			if _, met := p.sum[key("row", row, tag)]; !met && w != 0 {
				t.Errorf("row %d, which no sentence has, has the weights %v", row, weights)
			}
		}
	}
	if nonzero < 50 {
		t.Errorf("only %d weights have been learned", nonzero)
	}
}

// roundHalf rounds away from zero at a half, by rational arithmetic.
func roundHalf(a, b int64) int64 {
	r := new(big.Rat).SetFrac64(a, b)
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	r.Add(r, half)
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64()
}

// fixed is a guide of words that are given.
type fixed []string

func (f fixed) Words(string) []string { return slices.Clone(f) }

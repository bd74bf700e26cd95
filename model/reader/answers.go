package reader

import "fmt"

// Answers says what the questions to be answered ask for, in shares of all
// questions. A text's blanks are all its nouns that repeat; those who ask choose
// what the passage is about, and where it is looked for. Blanks are weighed to
// have these shares, each list on its own. A list that is nil, and a share of 0
// per cent, leave it as the texts have it.
type Answers struct {
	Times   []float64 // of answers that stand 1, 2, ... times elsewhere in the passage, the last for that many and more
	Lengths []float64 // of answers of 1, 2, ... characters, the last for that many and more
	Places  []float64 // of blanks in so many equal parts of the passage, from its beginning

	// In per cent.
	Earlier  float64 // the answer stands before the blank
	Sentence float64 // it stands in the blank's sentence again
	Beside   float64 // a noun stands next to the blank
	Unknown  float64 // the answer is a word that is taken for unknown; see [Dropout].Rare
	Other    float64 // the answer is no noun, but another candidate; with 0 such are no blanks

	// Lightest is the least that a blank weighs, where the mean is 1: of lighter ones as
	// many are drawn in each step as make up their weight. With 0 all are asked for.
	Lightest float64
}

// mostShares is the most that a list of [Answers] may have.
const mostShares = 16

// traits are what a blank is weighed by.
const (
	timesTrait = iota
	lengthTrait
	placeTrait
	earlierTrait
	sentenceTrait
	besideTrait
	unknownTrait
	otherTrait
	traits
)

var traitNames = [traits]string{"times", "lengths", "places", "earlier", "sentence", "beside", "unknown", "other"}

// shares are those of each trait's values.
func (a Answers) shares() (all [traits][]float64) {
	all[timesTrait], all[lengthTrait], all[placeTrait] = a.Times, a.Lengths, a.Places
	for i, share := range []float64{a.Earlier, a.Sentence, a.Beside, a.Unknown, a.Other} {
		if share > 0 {
			all[earlierTrait+i] = []float64{100 - share, share}
		}
	}
	return all
}

func (a Answers) check() error {
	for trait, shares := range a.shares() {
		if len(shares) > mostShares {
			return fmt.Errorf("reader: %d shares of %s of answers, expected at most %d", len(shares), traitNames[trait], mostShares)
		}
		sum := 0.0
		for i, s := range shares {
			if !(s >= 0 && s <= 1e6) {
				return fmt.Errorf("reader: share number %d of %s of answers is %g, expected 0 or more", i+1, traitNames[trait], s)
			}
			sum += s
		}
		if len(shares) > 0 && sum == 0 {
			return fmt.Errorf("reader: the shares of %s of answers are all 0", traitNames[trait])
		}
	}
	if !(a.Lightest >= 0 && a.Lightest <= mostTimes) {
		return fmt.Errorf("reader: the lightest blank weighs %g, expected 0 to %d times the mean", a.Lightest, mostTimes)
	}
	for _, share := range []float64{a.Earlier, a.Sentence, a.Beside, a.Unknown, a.Other} {
		if !(share >= 0 && share < 100) {
			return fmt.Errorf("reader: %g %% of the answers, expected 0 to less than 100", share)
		}
	}
	return nil
}

// describe notes what the passage's blanks are weighed by.
func (n *Network[T]) describe(p *passage) {
	first, count := map[int32]int32{}, map[int32]int{}
	for i, id := range p.words {
		if _, ok := first[id]; !ok {
			first[id] = int32(i)
		}
		count[id]++
	}
	p.traits = make([][traits]uint8, len(p.blanks))
	for a, at := range p.blanks {
		id := p.words[at]
		t := &p.traits[a]
		t[timesTrait] = uint8(min(mostShares, count[id]-1)) - 1
		t[lengthTrait] = uint8(min(mostShares, max(1, len(n.lexicon.spelling(p, id))))) - 1
		if parts := len(n.o.Answers.Places); parts > 0 {
			t[placeTrait] = uint8(int(at) * parts / len(p.words))
		}
		is := func(trait int, yes bool) {
			if yes {
				t[trait] = 1
			}
		}
		is(earlierTrait, first[id] < at)
		is(sentenceTrait, p.inSentence(at))
		is(besideTrait, n.isNoun(p, at-1) || n.isNoun(p, at+1))
		is(unknownTrait, !n.isKnown(id))
		is(otherTrait, !n.lexicon.target[id])
	}
}

// inSentence tells whether the word at a position stands in its sentence again.
func (p *passage) inSentence(at int32) bool {
	for _, step := range []int32{-1, 1} {
		for i := at + step; i >= 0 && int(i) < len(p.words) && p.sentence[i] == p.sentence[at]; i += step {
			if p.words[i] == p.words[at] {
				return true
			}
		}
	}
	return false
}

// isNoun tells whether a noun stands at a position.
func (n *Network[T]) isNoun(p *passage, at int32) bool {
	id := p.at(at)
	return id >= 0 && int(id) < n.vocabulary && n.lexicon.target[id]
}

const (
	rakings   = 20 // rounds in which the weights come near the shares of all traits
	mostTimes = 10 // a blank weighs at most this often the mean
)

// setAnswers finds the weights of blanks by raking (Deming and Stephan 1940): a
// blank's weight is the product of a factor for each of its traits, and each
// trait's factors are set in turn until all have the shares asked for.
func (n *Network[T]) setAnswers(passages [][]*passage) {
	n.weights = nil
	shares := n.o.Answers.shares()
	var weights [traits][]float64
	raked := false
	for trait, s := range shares {
		weights[trait] = make([]float64, max(1, len(s)))
		for i := range weights[trait] {
			weights[trait][i] = 1
		}
		raked = raked || len(s) > 0
	}
	if !raked {
		return
	}
	n.weights = &weights
	for range rakings {
		for trait, s := range shares {
			if len(s) > 0 {
				n.rake(passages, trait, s)
			}
		}
	}
}

// rake sets one trait's factors so that its values have their shares.
func (n *Network[T]) rake(passages [][]*passage, trait int, shares []float64) {
	factors := n.weights[trait]
	sums := make([]float64, len(shares))
	blanks, wanted := 0.0, 0.0
	for _, step := range passages {
		for _, p := range step {
			for _, t := range p.traits {
				sums[min(int(t[trait]), len(shares)-1)] += n.weight(t)
				blanks++
			}
		}
	}
	for i, s := range shares {
		if sums[i] > 0 {
			wanted += s
		}
	}
	// The weights' mean stays about 1, so that their bound means something.
	for i, s := range shares {
		if sums[i] > 0 && wanted > 0 {
			factors[i] *= s / wanted * blanks / sums[i]
		}
	}
}

// weight is that of a blank with these traits.
func (n *Network[T]) weight(t [traits]uint8) float64 {
	if n.weights == nil {
		return 1
	}
	w := 1.0
	for trait, factors := range n.weights {
		w *= factors[min(int(t[trait]), len(factors)-1)]
	}
	return min(w, mostTimes)
}

// weigh gives each blank of the batch its share of the loss.
func (n *Network[T]) weigh(b *batch) {
	b.shares = grow(b.shares, len(b.blanks.at))
	sum := 0.0
	for i, p := range b.passages {
		for a := range b.blanks.of(i) {
			w := 1.0
			if len(p.traits) > 0 {
				w = max(n.weight(p.traits[a]), n.o.Answers.Lightest)
			}
			b.shares[b.blanks.first[i]+a] = w
			sum += w
		}
	}
	for i := range b.shares {
		b.shares[i] /= max(sum, 1e-9)
	}
}

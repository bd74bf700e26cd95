package perceptron

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
)

// A Guide is a segmenter whose words are looked at. They have to be the text,
// joined; where they are not, what follows is seen as single characters. It must be
// safe for concurrent use where the segmenter is used so.
type Guide interface {
	Words(text string) []string
}

// TrainOptions say how to learn.
type TrainOptions struct {
	Guide Guide // needed
	// Epochs are passes over the sentences; 0 means DefaultEpochs.
	Epochs int
	// Seed is that of the sentences' order, which is another one in each epoch.
	Seed uint64
	// MostCharacters bounds what is learned from: the sentences that come first.
	// 0 means DefaultMostCharacters.
	MostCharacters int
	// Progress, if not nil, is called now and then with the sentences seen.
	Progress func(done, total int64)
}

// Defaults of TrainOptions. A character takes some 25 bytes of memory.
const (
	DefaultEpochs         = 8
	DefaultMostCharacters = 20_000_000
)

// ErrNothing is that there is no sentence to learn from.
var ErrNothing = errors.New("perceptron: there is no segmented sentence to learn from")

var errNoGuide = errors.New("perceptron: a segmenter needs a Guide")

// An example is a sentence with its tags.
type example struct {
	text text
	tags []uint8
}

// Train learns from segmented sentences. The error is that of the sentences, the
// context's, or ErrNothing.
func Train(ctx context.Context, sentences iter.Seq2[[]string, error], o TrainOptions) (*Segmenter, error) {
	if o.Guide == nil {
		return nil, errNoGuide
	}
	if o.Epochs < 0 || o.MostCharacters < 0 {
		return nil, fmt.Errorf("perceptron: found %d epochs and at most %d characters, expected 0 or more", o.Epochs, o.MostCharacters)
	}
	if o.Epochs == 0 {
		o.Epochs = DefaultEpochs
	}
	if o.MostCharacters == 0 {
		o.MostCharacters = DefaultMostCharacters
	}
	examples, err := readExamples(ctx, sentences, o)
	if err != nil {
		return nil, err
	}
	l := newLearner()
	random := rand.New(rand.NewPCG(o.Seed, 0x776f726473))
	total := int64(o.Epochs * len(examples))
	for range o.Epochs {
		random.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		for i := range examples {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			l.learn(&examples[i])
			if o.Progress != nil && l.step%256 == 0 {
				o.Progress(l.step, total)
			}
		}
	}
	if o.Progress != nil {
		o.Progress(total, total)
	}
	return &Segmenter{guide: o.Guide, table: l.average()}, nil
}

func readExamples(ctx context.Context, sentences iter.Seq2[[]string, error], o TrainOptions) ([]example, error) {
	var examples []example
	characters := 0
	for words, err := range sentences {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if characters >= o.MostCharacters {
			break
		}
		if e := newExample(words, o.Guide); len(e.tags) > 0 {
			examples = append(examples, e)
			characters += len(e.tags)
		}
	}
	if len(examples) == 0 {
		return nil, ErrNothing
	}
	return examples, nil
}

func newExample(words []string, guide Guide) example {
	var runes []rune
	var tags []uint8
	for _, w := range words {
		from := len(runes)
		runes = append(runes, []rune(w)...)
		for i := from; i < len(runes); i++ {
			tags = append(tags, tagOf(i-from, len(runes)-from))
		}
	}
	return example{newText(runes, guide.Words(string(runes))), tags}
}

// A learner holds weights that change, and what their mean over the steps is
// computed from (Daumé, "Practical structured learning techniques for natural
// language processing", 2006): of each change, step times change.
type learner struct {
	weights          [][tags]int32
	timed            [][tags]int64
	transitions      [tags][tags]int32
	timedTransitions [tags][tags]int64
	step             int64

	back  [][tags]uint8
	found []uint8
}

func newLearner() *learner {
	return &learner{weights: make([][tags]int32, 1<<tableBits), timed: make([][tags]int64, 1<<tableBits)}
}

func (l *learner) score(rows *[templates]uint32) (sums [tags]int64) {
	for _, row := range rows {
		for tag, w := range l.weights[row] {
			sums[tag] += int64(w)
		}
	}
	return sums
}

func (l *learner) transition(from, to int) int64 { return int64(l.transitions[from][to]) }

// learn tags a sentence, and moves the weights of what it got wrong.
func (l *learner) learn(e *example) {
	l.step++
	n := len(e.tags)
	for len(l.found) < n {
		l.found, l.back = append(l.found, 0), append(l.back, [tags]uint8{})
	}
	found := l.found[:n]
	decode(l, &e.text, l.back, found)
	var rows [templates]uint32
	for i, right := range e.tags {
		wrong := found[i]
		if wrong != right {
			e.text.rows(i, &rows)
			for _, row := range rows {
				l.change(row, right, 1)
				l.change(row, wrong, -1)
			}
		}
		if i > 0 && (wrong != right || found[i-1] != e.tags[i-1]) {
			l.changeTransition(e.tags[i-1], right, 1)
			l.changeTransition(found[i-1], wrong, -1)
		}
	}
}

func (l *learner) change(row uint32, tag uint8, by int32) {
	l.weights[row][tag] += by
	l.timed[row][tag] += l.step * int64(by)
}

func (l *learner) changeTransition(from, to uint8, by int32) {
	l.transitions[from][to] += by
	l.timedTransitions[from][to] += l.step * int64(by)
}

// average gives the mean of the weights over the steps.
func (l *learner) average() *table {
	t := newTable()
	mean := func(weight int32, timed int64) int16 {
		// The weight before each step, summed up: (steps+1) * weight - timed.
		sum := (l.step+1)*int64(weight) - timed
		return int16(max(-maxWeight, min(maxWeight, roundedQuotient(sum*unit, l.step))))
	}
	for row := range l.weights {
		for tag := range tags {
			t.weights[row][tag] = mean(l.weights[row][tag], l.timed[row][tag])
		}
	}
	for from := range tags {
		for to := range tags {
			t.transitions[from][to] = mean(l.transitions[from][to], l.timedTransitions[from][to])
		}
	}
	return t
}

func roundedQuotient(a, b int64) int64 {
	if a < 0 {
		return -((-a + b/2) / b)
	}
	return (a + b/2) / b
}

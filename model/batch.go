package model

import "errors"

// A Batch is B examples side by side. An empty context counts as the single id
// 0, so that every length is at least 1.
type Batch struct {
	Size         int       // B
	Left         []int32   // [B, LeftWidth] word ids, 0 beyond LeftLengths
	Right        []int32   // [B, RightWidth]
	LeftLengths  []int     // [B], each at least 1
	RightLengths []int     // [B]
	LeftWidth    int       // the largest of LeftLengths
	RightWidth   int       // the largest of RightLengths
	Target       []float64 // [B, LeftWidth+RightWidth]: 1/occurrences where the answer stands
	Answerable   []bool    // [B]: whether the example's target has a place at all
	Words        int       // real words, left and right of the blanks
}

// Width is T, the number of positions of a padded example.
func (b *Batch) Width() int { return b.LeftWidth + b.RightWidth }

// NewBatch pads examples and builds their multi-hot targets. An example
// without an answer in its passage gets a target of zeros and Answerable
// false; it adds nothing to a loss.
func NewBatch(examples []Example) (*Batch, error) {
	b := &Batch{}
	return b, b.Set(examples)
}

// Set makes b a batch of these examples, as NewBatch does, in the memory that
// b already has where that suffices.
func (b *Batch) Set(examples []Example) error {
	if len(examples) == 0 {
		return errors.New("model: a batch needs at least one example")
	}
	b.Size = len(examples)
	b.LeftLengths, b.RightLengths = grow(b.LeftLengths, b.Size), grow(b.RightLengths, b.Size)
	b.Answerable = grow(b.Answerable, b.Size)
	b.LeftWidth, b.RightWidth, b.Words = 0, 0, 0
	for i, e := range examples {
		b.LeftLengths[i] = max(1, len(e.Left))
		b.RightLengths[i] = max(1, len(e.Right))
		b.LeftWidth = max(b.LeftWidth, b.LeftLengths[i])
		b.RightWidth = max(b.RightWidth, b.RightLengths[i])
		b.Words += e.Words()
	}
	b.Left, b.Right = grow(b.Left, b.Size*b.LeftWidth), grow(b.Right, b.Size*b.RightWidth)
	b.Target = grow(b.Target, b.Size*b.Width())
	clear(b.Left)
	clear(b.Right)
	clear(b.Target)
	for i, e := range examples {
		copy(b.Left[i*b.LeftWidth:], e.Left)
		copy(b.Right[i*b.RightWidth:], e.Right)
		b.Answerable[i] = b.mark(i, e)
	}
	return nil
}

// mark writes example i's target and tells whether the answer occurs. An
// answer of 0 never matches: 0 is padding too.
func (b *Batch) mark(i int, e Example) bool {
	if e.Answer == 0 {
		return false
	}
	target := b.Target[i*b.Width():][:b.Width()]
	occurrences := 0
	for at, side := range [][]int32{e.Left, e.Right} {
		for j, id := range side {
			if id == e.Answer {
				target[at*b.LeftWidth+j] = 1
				occurrences++
			}
		}
	}
	for j := range target {
		if occurrences > 0 {
			target[j] /= float64(occurrences)
		}
	}
	return occurrences > 0
}

// context gives the ids of example i's left (side 0) or right (side 1) context.
func (b *Batch) context(side, i int) []int32 {
	if side == 0 {
		return b.Left[i*b.LeftWidth:][:b.LeftLengths[i]]
	}
	return b.Right[i*b.RightWidth:][:b.RightLengths[i]]
}

// target gives the part of example i's target over one side's real positions.
func (b *Batch) target(side, i int) []float64 {
	t := b.Target[i*b.Width():][:b.Width()]
	if side == 0 {
		return t[:b.LeftLengths[i]]
	}
	return t[b.LeftWidth:][:b.RightLengths[i]]
}

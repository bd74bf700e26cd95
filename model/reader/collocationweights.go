package reader

import (
	"fmt"

	"wakong/model"
)

// collocationsTensor are the collocations in rows of counting, word, candidate and
// texts; words are ids or characters, by the counting's unit.
func (l *Lexicon) collocationsTensor() model.Tensor {
	t := model.Tensor{Shape: []int{l.collocations.length, collocationColumns}}
	for _, row := range l.collocationRows() {
		for _, x := range row {
			t.Data = append(t.Data, float32(x))
		}
	}
	return t
}

const collocationColumns = 4

func (l *Lexicon) collocationRows() [][collocationColumns]int32 {
	rows := make([][collocationColumns]int32, 0, l.collocations.length)
	for _, pair := range l.collocations.sorted() {
		counting, word, candidate := pair.split()
		rows = append(rows, [...]int32{int32(counting), word, candidate, int32(l.collocations.count(pair))})
	}
	return rows
}

// checkCollocations reports numbers that [Network.SetWeights] would refuse.
func (n *Network[T]) checkCollocations(t model.Tensor) error {
	for i, x := range t.Data {
		row := t.Data[i-i%collocationColumns:]
		least, limit := 1, n.collocationLimit(row[0], i%collocationColumns)
		if i%collocationColumns == 0 {
			least = 0 // only countings begin at 0: no word is, no character is, and a pair that no text has is no row
		}
		if !(x >= float32(least) && x < float32(limit)) || x != float32(int32(x)) {
			return fmt.Errorf("reader: row %d of the weights' \"collocations\" has %g in column %d, expected a whole number from %d to %d", i/collocationColumns+1, x, i%collocationColumns+1, least, limit-1)
		}
	}
	return nil
}

// collocationLimit is what the numbers of a column are less than, in a row of a
// counting.
func (n *Network[T]) collocationLimit(counting float32, column int) int {
	words, letters := n.vocabulary, n.lexicon.Characters()
	u := unit(int(counting) / relations)
	switch {
	case column == 0:
		return countings
	case column == 3:
		return mostTexts + 1
	case u == wordWord, u == wordLetter && column == 1:
		return words
	}
	return letters
}

func (l *Lexicon) loadCollocations(t model.Tensor) {
	l.collocations = makeCollocations(len(t.Data) / collocationColumns)
	for i := 0; i < len(t.Data); i += collocationColumns {
		row := t.Data[i:][:collocationColumns]
		l.collocations.set(collocationOf(int(row[0]), int32(row[1]), int32(row[2])), uint16(row[3]))
	}
	l.own = nil
	l.countEndings()
}

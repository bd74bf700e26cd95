// Package scaletext makes large corpora with known copies, and judges what a
// deduplication has made of them.
//
// A document is a number of sentences drawn from given tales, in an order of its
// own, about half of them rewritten: some of their characters are replaced by
// synthetic words. A tenth of the documents are exact copies of another one, and a
// tenth are near copies, in which single characters were replaced, put in and
// removed. All draws come from one seed.
package scaletext

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"

	"wakong/corpus"
)

// Options say what is made.
type Options struct {
	Sentences []string // to draw from
	Bytes     int64    // of text in all, reached with the last document
	Seed      uint64
}

// A Copy is a line of the truth: the document ID was made of the document Of.
type Copy struct {
	ID    string `json:"id"`
	Of    string `json:"of"`
	Kind  string `json:"kind"`  // "exact" or "near"
	Edits int    `json:"edits"` // characters replaced, put in or removed
	// Characters of the document that was copied.
	Characters int `json:"characters"`
}

const (
	exact = "exact"
	near  = "near"
	// keptOriginals is how many of the latest originals copies are made of, so
	// that memory does not grow.
	keptOriginals = 4096
	// copyShare of the documents are exact copies, and as many near ones.
	copyShare = 0.1
	// A near copy has at most one edit for so many characters.
	charactersPerEdit = 80
)

// original is a document that can be copied.
type original struct{ id, text string }

// Generate writes documents as JSON Lines with "id" and "text", and the truth, a
// Copy a line.
func Generate(documents, truth io.Writer, o Options) error {
	if len(o.Sentences) == 0 {
		return fmt.Errorf("no sentences to draw from")
	}
	g := generator{r: rand.New(rand.NewPCG(o.Seed, 1)), sentences: o.Sentences}
	out, list := bufio.NewWriterSize(documents, 1<<20), bufio.NewWriter(truth)
	lines, copies := json.NewEncoder(out), json.NewEncoder(list)
	lines.SetEscapeHTML(false)
	for written, n := int64(0), 0; written < o.Bytes; n++ {
		d, c := g.next(strconv.Itoa(n))
		if err := lines.Encode(d); err != nil {
			return err
		}
		if c != nil {
			if err := copies.Encode(c); err != nil {
				return err
			}
		}
		written += int64(len(d.Text))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return list.Flush()
}

type generator struct {
	r         *rand.Rand
	sentences []string
	originals []original
	made      int
}

// next makes a document, and a line of the truth where it is a copy.
func (g *generator) next(n string) (corpus.Document, *Copy) {
	// The number is spread, so that ids are in another order than the documents.
	id := fmt.Sprintf("%08x-%s", g.r.Uint32(), n)
	draw := g.r.Float64()
	if draw >= 2*copyShare || len(g.originals) == 0 {
		text := g.text()
		g.remember(original{id, text})
		return corpus.Document{ID: id, Text: text}, nil
	}
	of := g.originals[g.r.IntN(len(g.originals))]
	runes := []rune(of.text)
	if draw < copyShare {
		return corpus.Document{ID: id, Text: of.text}, &Copy{id, of.id, exact, 0, len(runes)}
	}
	edits := 1 + g.r.IntN(max(1, len(runes)/charactersPerEdit))
	for range edits {
		runes = g.edit(runes)
	}
	return corpus.Document{ID: id, Text: string(runes)}, &Copy{id, of.id, near, edits, len(runes)}
}

func (g *generator) remember(o original) {
	if len(g.originals) < keptOriginals {
		g.originals = append(g.originals, o)
	} else {
		g.originals[g.made%keptOriginals] = o
	}
	g.made++
}

// text is 20 to 80 sentences, a line for about five of them.
func (g *generator) text() string {
	var b []byte
	for range 20 + g.r.IntN(61) {
		sentence := g.sentences[g.r.IntN(len(g.sentences))]
		if g.r.IntN(2) == 0 {
			sentence = g.rewritten(sentence)
		}
		b = append(b, sentence...)
		if g.r.IntN(5) == 0 {
			b = append(b, '\n')
		}
	}
	return string(b)
}

// rewritten replaces a piece of a sentence by a synthetic word.
func (g *generator) rewritten(sentence string) string {
	runes := []rune(sentence)
	at := g.r.IntN(len(runes))
	end := min(len(runes)-1, at+1+g.r.IntN(3)) // the mark at the end stays
	if end <= at {
		return sentence
	}
	word := make([]rune, 1+g.r.IntN(3))
	for i := range word {
		word[i] = g.character()
	}
	return string(runes[:at]) + string(word) + string(runes[end:])
}

// character is one of 4,000 of the basic block of Chinese characters.
func (g *generator) character() rune { return rune(0x4E00 + 5*g.r.IntN(4000)) }

func (g *generator) edit(runes []rune) []rune {
	at := g.r.IntN(len(runes))
	switch g.r.IntN(3) {
	case 0:
		runes[at] = g.character()
	case 1:
		runes = append(runes[:at+1], runes[at:]...)
		runes[at] = g.character()
	default:
		if len(runes) > 1 {
			runes = append(runes[:at], runes[at+1:]...)
		}
	}
	return runes
}

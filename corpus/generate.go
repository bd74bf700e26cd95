package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"
)

// DefaultMaxWords is the length at which passages are cut: the longest of the
// contest's questions.
const DefaultMaxWords = 480

// A Generator makes cloze questions of segmented documents by the recipe of
// CMRC 2017 (Cui et al., "Consensus Attention-based Neural Networks for
// Chinese Reading Comprehension", 2016): choose a noun that occurs at least
// twice, blank one of its occurrences. The zero value is ready to use.
//
// Draws depend on Seed and the document's id, never on its place, so that the same
// document gives the same questions wherever it stands in a corpus. An id that is
// missing or ends in # and a number, as readers give to a line or sample that has
// none of its own, may be no more than a place: there the document's words stand
// for it.
type Generator struct {
	PerPassage     int    // most questions a document; 0 means 20
	Seed           uint64 // of the draws, together with the document's id
	MinOccurrences int    // of the answer in the document, the blank included; 0 means 2, and less is not possible
	MaxOccurrences int    // 0 means no bound
	MinWords       int    // shorter passages are skipped; 0 means 20
	MaxWords       int    // longer passages are cut around the blank; 0 means DefaultMaxWords
	MinCharacters  int    // of the answer; 0 means no bound
	MaxCharacters  int    // of the answer; 0 means no bound
	MinDistance    int    // words from the blank to the nearest other occurrence; 0 means no bound
	MaxDistance    int    // 0 means no bound
	AnyScript      bool   // answers need not consist of Chinese characters
}

func (g Generator) withDefaults() Generator {
	set := func(value *int, standard int) {
		if *value <= 0 {
			*value = standard
		}
	}
	set(&g.PerPassage, 20)
	set(&g.MinOccurrences, 2)
	set(&g.MinWords, 20)
	set(&g.MaxWords, DefaultMaxWords)
	g.MinOccurrences = max(g.MinOccurrences, 2)
	return g
}

// Questions makes up to PerPassage questions, each with another pair of word
// and position, with the ids "<document id>#1", "#2", ... Each word for which
// wanted is true ([Jieba.IsNoun], as in the contest, or [Tagged]) and that fits
// the bounds is asked for once before any is asked for again. The answer stands
// at least once more in each question. The documents' words are shared with the
// questions only where nothing changes them.
//
// A passage of more than MaxWords words is cut at sentence ends to a window
// around the blank in which the answer occurs again; where there is no such
// window the pair is passed over.
func (g Generator) Questions(d Document, wanted func(word string) bool) []Question {
	g = g.withDefaults()
	p := newPassage(d.Sentences)
	if len(p.words) < g.MinWords {
		return nil
	}
	random := g.random(d)
	var questions []Question
	for _, drawn := range g.draw(p, wanted, random) {
		if len(questions) == g.PerPassage {
			break
		}
		position := drawn.position
		start, end, ok := p.window(drawn, g.MaxWords, random)
		if !ok || end-start < g.MinWords {
			continue
		}
		words := make([]string, 0, end-start-1)
		words = append(words, p.words[start:position]...)
		words = append(words, p.words[position+1:end]...)
		questions = append(questions, Question{
			ID:       fmt.Sprintf("%s#%d", d.ID, len(questions)+1),
			Words:    words,
			Blank:    position - start,
			Answer:   p.words[position],
			Document: d.ID,
			File:     d.File,
			Line:     d.Line,
		})
	}
	return questions
}

// random is the generator of one document's draws.
func (g Generator) random(d Document) *rand.Rand {
	h := sha256.New()
	b := binary.LittleEndian.AppendUint64(nil, g.Seed)
	sentences := d.Sentences
	if !isPlace(d.ID) {
		b, sentences = append(append(b, "id "...), d.ID...), nil
	}
	for _, sentence := range sentences {
		if len(sentence) == 0 {
			continue
		}
		for _, word := range sentence {
			b = append(append(b, word...), ' ')
		}
		h.Write(append(b, '\n'))
		b = b[:0]
	}
	h.Write(b)
	sum := h.Sum(nil)
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])))
}

// isPlace tells whether an id may be no more than a place in a file: the number of
// a line or of a sample, or of a passage of it ("tales.jsonl#12@3").
func isPlace(id string) bool {
	at := strings.LastIndexByte(id, '#')
	if at < 0 {
		return id == ""
	}
	number, _, _ := strings.Cut(id[at+1:], "@")
	return strings.Trim(number, "0123456789") == ""
}

// An occurrence is a place of a word and the nearest other place of it, the
// earlier one of two that are equally near.
type occurrence struct{ position, other int }

// occurrences of a word by its places in rising order, at least two.
func occurrences(places []int) []occurrence {
	all := make([]occurrence, len(places))
	for i, position := range places {
		other := -1
		if i > 0 {
			other = places[i-1]
		}
		if i+1 < len(places) && (other < 0 || places[i+1]-position < position-other) {
			other = places[i+1]
		}
		all[i] = occurrence{position, other}
	}
	return all
}

// draw gives places to blank in the order in which they are to be tried:
// rounds over the nouns in random order, in each round one occurrence of each.
func (g Generator) draw(p passage, wanted func(string) bool, random *rand.Rand) []occurrence {
	var nouns []string // in the order of their first occurrence
	at := map[string][]int{}
	for i, w := range p.words {
		if _, ok := at[w]; !ok {
			nouns = append(nouns, w)
		}
		at[w] = append(at[w], i)
	}
	nouns = slices.DeleteFunc(nouns, func(w string) bool {
		return !g.fits(w, len(at[w])) || !wanted(w)
	})
	shuffled := make(map[string][]occurrence, len(nouns))
	for _, w := range nouns {
		all := occurrences(at[w])
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		shuffled[w] = slices.DeleteFunc(all, func(o occurrence) bool { return !g.reaches(o) })
	}
	nouns = slices.DeleteFunc(nouns, func(w string) bool { return len(shuffled[w]) == 0 })
	var drawn []occurrence
	for round := 0; len(nouns) > 0; round++ {
		random.Shuffle(len(nouns), func(i, j int) { nouns[i], nouns[j] = nouns[j], nouns[i] })
		for _, w := range nouns {
			drawn = append(drawn, shuffled[w][round])
		}
		nouns = slices.DeleteFunc(nouns, func(w string) bool { return len(shuffled[w]) == round+1 })
	}
	return drawn
}

// fits tells whether a word that occurs so often may be an answer.
func (g Generator) fits(word string, occurrences int) bool {
	characters := utf8.RuneCountInString(word)
	return occurrences >= g.MinOccurrences && (g.MaxOccurrences <= 0 || occurrences <= g.MaxOccurrences) &&
		characters >= g.MinCharacters && (g.MaxCharacters <= 0 || characters <= g.MaxCharacters) &&
		(g.AnyScript || allHan(word)) && !strings.Contains(word, Blank)
}

// reaches tells whether the nearest other occurrence is as far away as it shall be.
func (g Generator) reaches(o occurrence) bool {
	distance := max(o.position-o.other, o.other-o.position)
	return distance >= g.MinDistance && (g.MaxDistance <= 0 || distance <= g.MaxDistance)
}

// Tagged chooses the words whose part of speech begins with one of the prefixes:
// "n" chooses nouns of any kind, "x" words that the dictionary lacks.
func Tagged(tag func(word string) string, prefixes ...string) func(word string) bool {
	return func(word string) bool {
		t := tag(word)
		return t != "" && slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(t, p) })
	}
}

package tales

import (
	"bytes"
	"fmt"
	"strings"
)

const blank = "XXXXX"

// A Question is one line of the hand-made list with its tale.
type Question struct {
	Line     int // in the list, from 1
	Tale     Tale
	Sentence string // as written in the tale
	Offset   int    // where the answer starts in Sentence, in bytes
	Answer   string
}

// ReadQuestions reads the hand-made list: lines
// `tale ||| sentence with XXXXX ||| answer`; lines that start with # are notes.
// Each sentence, its blank filled, must stand in its tale exactly once.
func ReadQuestions(name, list string, heldout []Tale) ([]Question, error) {
	byID := map[string]Tale{}
	for _, t := range heldout {
		byID[t.ID] = t
	}
	var out []Question
	for i, line := range strings.Split(list, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		fail := func(format string, args ...any) error {
			return fmt.Errorf("%s:%d: %s", name, i+1, fmt.Sprintf(format, args...))
		}
		f := strings.Split(line, " ||| ")
		if len(f) != 3 {
			return nil, fail("found %d fields, expected tale ||| sentence ||| answer", len(f))
		}
		tale, ok := byID[f[0]]
		if !ok {
			return nil, fail("found tale %q, expected a held-out tale", f[0])
		}
		if n := strings.Count(f[1], blank); n != 1 {
			return nil, fail("found %d blanks, expected one %s", n, blank)
		}
		q := Question{
			Line:     i + 1,
			Tale:     tale,
			Sentence: strings.Replace(f[1], blank, f[2], 1),
			Offset:   strings.Index(f[1], blank),
			Answer:   f[2],
		}
		n := 0
		for _, s := range tale.Sentences() {
			if s == q.Sentence {
				n++
			}
		}
		if n != 1 {
			return nil, fail("the sentence stands %d times in tale %s, expected once", n, tale.ID)
		}
		out = append(out, q)
	}
	return out, nil
}

// Words gives the question's passage as sentences of words; the answer's
// place holds XXXXX and the number of its sentence is returned beside them.
// Sentences are segmented before the blank is put in, so that the blank cannot
// change the words around it.
func (q Question) Words(segment func(string) []string) (passage [][]string, query int, err error) {
	for _, s := range q.Tale.Sentences() {
		words := segment(s)
		if s == q.Sentence {
			query = len(passage)
			at := 0
			found := false
			for i, w := range words {
				if at == q.Offset && w == q.Answer {
					words[i] = blank
					found = true
				}
				at += len(w)
			}
			if !found {
				return nil, 0, fmt.Errorf("question on line %d: %s is not a word of %v", q.Line, q.Answer, words)
			}
		}
		passage = append(passage, words)
	}
	return passage, query, nil
}

// Contest writes questions in the format of the CMRC 2017 contest:
// `n ||| words` for each sentence, then `<qid_k> ||| the sentence with XXXXX`;
// and the answers as `<qid_k> ||| word`.
func Contest(qs []Question, segment func(string) []string) (docQuery, answers []byte, err error) {
	var d, a bytes.Buffer
	for k, q := range qs {
		passage, query, err := q.Words(segment)
		if err != nil {
			return nil, nil, err
		}
		for i, words := range passage {
			fmt.Fprintf(&d, "%d ||| %s\n", i+1, strings.Join(words, " "))
		}
		fmt.Fprintf(&d, "<qid_%d> ||| %s\n", k, strings.Join(passage[query], " "))
		fmt.Fprintf(&a, "<qid_%d> ||| %s\n", k, q.Answer)
	}
	return d.Bytes(), a.Bytes(), nil
}

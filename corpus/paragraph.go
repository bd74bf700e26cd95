package corpus

import (
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

// A paragraph is a run of lines between blank ones, or the fault for which there
// is none.
type paragraph struct {
	text string
	line int // of its beginning
	err  error
}

// paragraphs cuts a text at its blank lines. A fault takes the whole paragraph in
// which it stands, and a paragraph has at most one.
func paragraphs(lines *lineReader) iter.Seq[paragraph] {
	return func(yield func(paragraph) bool) {
		var text strings.Builder
		var p paragraph
		finish := func() bool {
			if p.err == nil && text.Len() == 0 {
				return true
			}
			p.text = text.String()
			done := p
			p = paragraph{}
			text.Reset()
			return yield(done)
		}
		for {
			b, err := lines.next()
			var fatal *fatalError
			switch {
			case errors.Is(err, io.EOF):
				finish()
				return
			case errors.As(err, &fatal):
				p.err = err
				finish()
				return
			case p.err != nil && err != nil:
			case err != nil:
				p.err = err
				text.Reset()
			case strings.TrimSpace(string(b)) == "":
				if !finish() {
					return
				}
			case p.err != nil:
			case text.Len()+len(b) > MaxLine:
				p.err = &InputError{File: lines.name, Line: p.line, Found: longPassage, Want: "passages separated by blank lines"}
				text.Reset()
			default:
				if text.Len() == 0 {
					p.line = lines.line
				}
				text.Write(b)
				text.WriteByte('\n')
			}
		}
	}
}

// textQuestions reads passages separated by blank lines, with the ids qid_0,
// qid_1, ... in their order, faulty ones counted.
func (s QuestionSource) textQuestions(lines *lineReader, o QuestionOptions) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		n := 0
		for p := range paragraphs(lines) {
			var q Question
			err := p.err
			if err == nil {
				q, err = textQuestion("qid_"+strconv.Itoa(n), p.text, lines.name, p.line, o)
			}
			n++
			if !yield(q, err) {
				return
			}
		}
		if n == 0 {
			yield(Question{}, &InputError{File: lines.name, Found: foundEmpty, Want: "passages with one " + Blank + " each"})
		}
	}
}

package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// A Sample is one question of a contest file as it stands there.
type Sample struct {
	ID        string   // "qid_7" in CMRC 2017; "" in PD&CFT, which has no ids
	Sentences []string // the passage, a sentence a line, words separated by spaces
	Query     string   // words separated by spaces
	Answer    string   // PD&CFT only

	File      string
	Line      int   // of the first sentence
	Lines     []int // of each sentence
	QueryLine int
}

const separator = "|||"

// ReadCMRC2017 iterates over the samples of a CMRC 2017 file: lines
// "n ||| sentence" numbered 1, 2, 3, ..., then "<qid_k> ||| query".
//
// A fault is yielded as an *InputError; a caller that goes on gets the next
// whole sample. Faults are: a line of another form, a number out of turn, a
// sample without passage or without query, an id that comes twice or is longer than MaxID, no sample
// at all, invalid UTF-8, NUL, a line of more than 16 MiB, a passage whose lines have
// more than that together. Lines of white space are passed over, and a sentence may
// be empty.
func ReadCMRC2017(r io.Reader, name string) iter.Seq2[Sample, error] {
	return readSamples(newLineReader(r, name, nil), cmrc2017)
}

// ReadPDCFT iterates over the samples of a PD&CFT file (People Daily and
// Children's Fairy Tale): lines "n ||| sentence" numbered from 1, the last of
// which is "n ||| query ||| answer". Faults are treated as in [ReadCMRC2017].
func ReadPDCFT(r io.Reader, name string) iter.Seq2[Sample, error] {
	return readSamples(newLineReader(r, name, nil), pdcft)
}

// sampleFormat tells the two contest formats apart.
type sampleFormat struct {
	want string // a line of the format, for messages
	end  string // the line that ends a sample
	// fields classifies the fields of a line: a sentence, the end of a
	// sample, or (by its error) neither.
	fields func(f []string) (kind lineKind, found string)
}

type lineKind int

const (
	badLine lineKind = iota
	sentenceLine
	queryLine
)

var cmrc2017 = sampleFormat{
	want: "`n ||| sentence` or `<qid_k> ||| query`",
	end:  "`<qid_k> ||| query`",
	fields: func(f []string) (lineKind, string) {
		if len(f) > 2 {
			return badLine, fmt.Sprintf("%d fields (is the format pdcft?)", len(f))
		}
		if isBracketed(f[0]) {
			return queryLine, ""
		}
		return sentenceLine, ""
	},
}

var pdcft = sampleFormat{
	want: "`n ||| sentence` or `n ||| query ||| answer`",
	end:  "`n ||| query ||| answer`",
	fields: func(f []string) (lineKind, string) {
		switch {
		case len(f) > 3:
			return badLine, fmt.Sprintf("%d fields", len(f))
		case isBracketed(f[0]):
			return badLine, fmt.Sprintf("%s (is the format cmrc2017?)", quote(f[0]))
		case len(f) == 3:
			return queryLine, ""
		}
		return sentenceLine, ""
	},
}

// isBracketed tells whether s is an id such as <qid_7>.
func isBracketed(s string) bool {
	return len(s) > 2 && s[0] == '<' && s[len(s)-1] == '>' && !strings.ContainsAny(s[1:len(s)-1], "<> \t")
}

func fieldsOf(line []byte) []string {
	fields := strings.Split(markBlanks(string(line)), separator)
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	// Files that were joined have byte order marks inside.
	fields[0] = strings.TrimLeft(fields[0], "\uFEFF")
	return fields
}

// longPassage is the Found of a passage whose lines have more than MaxLine bytes: a
// sample is held in memory until its last line has come.
var longPassage = fmt.Sprintf("a passage of more than %d MiB", MaxLine>>20)

// readSamples is the reader of both formats. After a fault it drops the
// sample in which it stands: whatever follows up to the sample's last line, or
// up to a line numbered 1.
func readSamples(lines *lineReader, format sampleFormat) iter.Seq2[Sample, error] {
	return func(yield func(Sample, error) bool) {
		seen := map[string]int{} // line of each id
		var s Sample
		size := 0       // bytes of its lines
		broken := false // inside a sample that has been reported
		any := false
		for {
			b, err := lines.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = lines.checkNUL(b)
			}
			if err != nil {
				any = true
				wasBroken := broken
				broken, s = true, Sample{}
				var fatal *fatalError
				if !errors.As(err, &fatal) && wasBroken {
					continue
				}
				if !yield(Sample{}, err) || fatal != nil {
					return
				}
				continue
			}
			if len(bytes.TrimSpace(b)) == 0 {
				continue
			}
			any = true
			f := fieldsOf(b)
			if len(s.Lines) == 0 {
				size = 0
			}
			size += len(b) + 1
			done, found, want := s.add(f, format, lines, seen, broken)
			line := lines.line
			if found == "" && !done && !broken && size > MaxLine {
				found, want, line = longPassage+" without "+format.end, fmt.Sprintf("at most %d MiB before it", MaxLine>>20), s.Line
			}
			switch {
			case found != "":
				wasBroken := broken
				restart := f[0] == "1" && len(f) == 2 && len(s.Sentences) > 0
				s, broken = Sample{}, !done
				if restart {
					// The line belongs to the next sample, which is whole.
					s.add(f, format, lines, seen, false)
					broken, size = false, len(b)+1
				}
				if !wasBroken && !yield(Sample{}, &InputError{File: lines.name, Line: line, Found: found, Want: want}) {
					return
				}
			case done:
				if !broken && !yield(s, nil) {
					return
				}
				s, broken = Sample{}, false
			case broken && f[0] == "1" && len(f) == 2:
				broken, s, size = false, Sample{}, len(b)+1
				s.add(f, format, lines, seen, false)
			}
		}
		switch {
		case !any:
			yield(Sample{}, &InputError{File: lines.name, Found: foundEmpty, Want: format.want + " lines"})
		case len(s.Sentences) > 0 && !broken:
			yield(Sample{}, &InputError{File: lines.name, Line: lines.line, Found: "the end of the file", Want: format.end})
		}
	}
}

// add puts one line's fields into the sample. done tells that the line is a
// sample's last; found and want describe a fault. Inside a broken sample
// nothing is checked, only the sample's end is looked for.
func (s *Sample) add(f []string, format sampleFormat, lines *lineReader, seen map[string]int, broken bool) (done bool, found, want string) {
	if len(f) < 2 {
		return false, quote(f[0]), format.want
	}
	kind, found := format.fields(f)
	if broken {
		return kind == queryLine, "", ""
	}
	if kind == badLine {
		return false, found, format.want
	}
	if !isBracketed(f[0]) {
		n, err := strconv.Atoi(f[0])
		next := len(s.Lines) + 1
		switch {
		case err != nil:
			return kind == queryLine, quote(f[0]), "the number of the sentence, " + strconv.Itoa(next)
		case n == 1 && next > 1:
			return kind == queryLine, "sentence number 1, the start of another sample", format.end + " first"
		case n != next && (kind != queryLine || next > 1):
			return kind == queryLine, "sentence number " + f[0], "number " + strconv.Itoa(next) + " or " + format.end
		}
	}
	if kind == sentenceLine {
		if len(s.Lines) == 0 {
			s.File, s.Line = lines.name, lines.line
		}
		s.Sentences = append(s.Sentences, f[1])
		s.Lines = append(s.Lines, lines.line)
		return false, "", ""
	}
	s.Query, s.QueryLine = f[1], lines.line
	if isBracketed(f[0]) {
		s.ID = f[0][1 : len(f[0])-1]
		if found := longID(s.ID); found != "" {
			return true, found, wantID
		}
		if first, ok := seen[s.ID]; ok {
			return true, fmt.Sprintf("%s again (first in line %d)", f[0], first), "an id that occurs once"
		}
		seen[s.ID] = lines.line
	} else {
		s.Answer = f[2]
	}
	if strings.TrimSpace(strings.Join(s.Sentences, "")) == "" {
		return true, "a query without a passage", "`n ||| sentence` lines before it"
	}
	if !isBracketed(f[0]) && s.Answer == "" {
		return true, "no answer after the query", format.end
	}
	if found := longAnswer(s.Answer); found != "" {
		return true, found, wantAnswerWord
	}
	if strings.Contains(s.Answer, Blank) {
		return true, "the blank as its own answer", "a word"
	}
	return true, "", ""
}

package corpus

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
)

// WriteCMRC2017 writes samples as ReadCMRC2017 reads them and returns how many. A
// sample without id is called after its number, "qid_0" first. What could not be
// read back is an *InputError: an id that comes twice, a line break or ||| in a text,
// a passage of more than MaxLine bytes. Where answers is not nil, each sample's answer
// goes there, a line "<qid_k> ||| word"; a sample without one is an error then.
func WriteCMRC2017(w, answers io.Writer, samples iter.Seq2[Sample, error]) (int, error) {
	out, words := bufio.NewWriterSize(w, 1<<16), bufio.NewWriterSize(orDiscard(answers), 1<<16)
	seen := map[string]bool{}
	n := 0
	for s, err := range samples {
		if err != nil {
			return n, err
		}
		if s.ID == "" {
			s.ID = fmt.Sprintf("qid_%d", n)
		}
		if found := s.unwritable(seen); found != "" {
			return n, &InputError{File: s.File, Line: s.Line, Found: found, Want: "what format cmrc2017 can hold"}
		}
		if answers != nil && s.Answer == "" {
			return n, &InputError{File: s.File, Line: s.Line, Found: "no answer to <" + s.ID + ">", Want: "one for each question"}
		}
		seen[s.ID] = true
		for i, sentence := range s.Sentences {
			fmt.Fprintf(out, "%d %s %s\n", i+1, separator, sentence)
		}
		fmt.Fprintln(out, FormatAnswer(s.ID, s.Query))
		fmt.Fprintln(words, FormatAnswer(s.ID, s.Answer))
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("writing questions: %w", err)
	}
	if err := words.Flush(); err != nil {
		return n, fmt.Errorf("writing answers: %w", err)
	}
	return n, nil
}

func orDiscard(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}

// unwritable is what of a sample the format of CMRC 2017 cannot hold.
func (s Sample) unwritable(seen map[string]bool) string {
	switch {
	case seen[s.ID]:
		return "the id " + quote(s.ID) + " twice"
	case len(s.ID) > MaxID || strings.ContainsAny(s.ID, "<>|\n\r \t"):
		return "the id " + quote(s.ID)
	case len(s.Sentences) == 0:
		return "no passage"
	case strings.TrimSpace(s.Query) == "":
		return "no query"
	}
	size := 0
	for i, sentence := range s.Sentences {
		size += len(fmt.Sprint(i+1, separator)) + len(sentence) + 3 // two spaces and the line's end
	}
	if size > MaxLine {
		return longPassage
	}
	texts := append([]string{s.Query, s.Answer}, s.Sentences...)
	for _, text := range texts {
		if strings.Contains(text, separator) || strings.ContainsAny(text, "\n\r\x00") || len(text) > MaxLine/2 {
			return "the text " + quote(text)
		}
	}
	return ""
}

// sampleObject is a sample in JSON Lines. The passage is there for those who want
// one text with one blank, format jsonl of questions among them.
type sampleObject struct {
	ID        string   `json:"id"`
	Passage   string   `json:"passage"`
	Answer    string   `json:"answer,omitempty"`
	Sentences []string `json:"sentences"`
	Query     string   `json:"query"`
}

// WriteSamples writes samples as JSON Lines, objects with id, passage, answer,
// sentences and query, and returns how many. A sample without id is called after its
// number, "qid_0" first. What could not be read back, by [ReadSamples] or as format
// jsonl of questions, is an *InputError: an id that comes twice or is longer than
// MaxID, a sample without passage or query, one that makes a line of more than MaxLine
// bytes.
func WriteSamples(w io.Writer, samples iter.Seq2[Sample, error]) (int, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	seen := map[string]bool{}
	n := 0
	for s, err := range samples {
		if err != nil {
			return n, err
		}
		if s.ID == "" {
			s.ID = fmt.Sprintf("qid_%d", n)
		}
		fault := func(found, want string) (int, error) {
			return n, &InputError{File: s.File, Line: s.Line, Found: found, Want: want}
		}
		id := strings.TrimSpace(s.ID) // as the questions' reader takes it
		switch {
		case seen[id]:
			return fault("the id "+quote(id)+" twice", "an id that occurs once")
		case longID(s.ID) != "":
			return fault(longID(s.ID), wantID)
		case len(s.Sentences) == 0:
			return fault("no passage", "sentences with words")
		case s.Query == "":
			return fault("no query", "one for each passage")
		}
		seen[id] = true
		line.Reset()
		if err := encoder.Encode(sampleObject{s.ID, strings.Join(s.Sentences, " "), s.Answer, s.Sentences, s.Query}); err != nil {
			return n, fmt.Errorf("writing question %s: %w", s.ID, err)
		}
		if line.Len() > MaxLine {
			return fault(fmt.Sprintf("the question %s, which makes a line of %d bytes", quote(s.ID), line.Len()), fmt.Sprintf("one of at most %d MiB, in which the passage stands twice", MaxLine>>20))
		}
		if _, err := out.Write(line.Bytes()); err != nil {
			return n, fmt.Errorf("writing question %s: %w", s.ID, err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("writing questions: %w", err)
	}
	return n, nil
}

const wantSample = `an object with "id", "sentences" and "query" in each line`

// ReadSamples iterates over what WriteSamples writes. Faults are *InputErrors; an id
// longer than MaxID is one.
func ReadSamples(r io.Reader, name string) iter.Seq2[Sample, error] {
	lines := newLineReader(r, name, nil)
	return func(yield func(Sample, error) bool) {
		for b, err := range jsonLines(lines, wantSample) {
			var o sampleObject
			if err == nil {
				err = json.Unmarshal(bytes.TrimSpace(b), &o)
				if err != nil || o.ID == "" || len(o.Sentences) == 0 || o.Query == "" {
					err = &InputError{File: name, Line: lines.line, Found: quote(string(b)), Want: wantSample}
				} else if found := longID(o.ID); found != "" {
					err = &InputError{File: name, Line: lines.line, Found: found, Want: wantID}
				}
			}
			s := Sample{ID: o.ID, Sentences: o.Sentences, Query: o.Query, Answer: o.Answer, File: name, Line: lines.line}
			if !yield(s, err) {
				return
			}
		}
	}
}

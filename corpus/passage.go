package corpus

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// sampleQuestions makes questions of contest samples.
func (s QuestionSource) sampleQuestions(lines *lineReader, answers *Answers, o QuestionOptions) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		format, build := cmrc2017, Sample.cmrcQuestion
		if s.Format == FormatPDCFT {
			format, build = pdcft, Sample.pdcftQuestion
		}
		asked := map[string]bool{}
		for sample, err := range readSamples(lines, format) {
			var q Question
			if err == nil {
				asked[sample.ID] = true
				q, err = build(sample, answers, o)
			}
			if !yield(q, err) {
				return
			}
		}
		// Where faults are skipped, the ids of faulty questions are unknown.
		if answers != nil && s.OnError != OnErrorSkip {
			if err := answers.unknown(asked); err != nil {
				yield(Question{}, err)
			}
		}
	}
}

// cmrcQuestion needs exactly one blank in the passage; the query, which
// repeats the blank's sentence, is not used.
func (s Sample) cmrcQuestion(answers *Answers, o QuestionOptions) (Question, error) {
	p, err := s.passage(o.Cleaner)
	if err != nil {
		return Question{}, err
	}
	q, err := p.question(s.ID, s.File, s.Line, o)
	if err != nil {
		return Question{}, err
	}
	if answers != nil {
		word, ok := answers.Word(s.ID)
		if !ok || word == "" {
			return Question{}, &InputError{File: s.File, Line: s.QueryLine,
				Found: "a question <" + s.ID + "> without an answer in " + answers.Name(), Want: "an answer for each question"}
		}
		q.Answer = cleanAnswer(word, o.Cleaner)
	}
	return q, nil
}

// pdcftQuestion: the blank stands in the query, and the words are the passage
// followed by the query. In the part made by people (cft.human) the passage
// holds the query's sentence with its blank too; then the passage alone is the
// question, as in CMRC 2017, since the sentence would stand there twice.
func (s Sample) pdcftQuestion(_ *Answers, o QuestionOptions) (Question, error) {
	blanks := strings.Count(s.Query, Blank)
	if blanks != 1 {
		return Question{}, &InputError{File: s.File, Line: s.QueryLine,
			Found: strconv.Itoa(blanks) + " blanks in the query", Want: "exactly one " + Blank}
	}
	whole := s
	if !strings.Contains(strings.Join(s.Sentences, " "), Blank) {
		whole.Sentences = append(append([]string{}, s.Sentences...), s.Query)
		whole.Lines = append(append([]int{}, s.Lines...), s.QueryLine)
	}
	p, err := whole.passage(o.Cleaner)
	if err != nil {
		return Question{}, err
	}
	q, err := p.question(strconv.Itoa(s.Line), s.File, s.Line, o)
	if err != nil {
		return Question{}, err
	}
	q.Answer = cleanAnswer(s.Answer, o.Cleaner)
	return q, nil
}

func cleanAnswer(word string, c *Cleaner) string {
	return strings.Join(c.Word(word, nil), "")
}

// passageWords are the words of a passage around its blank while it is read.
type passageWords struct {
	words, surface []string
	blank          int // -1 before the blank has been met
	changed        bool
	long           int // words dropped for their length
}

func (p *passageWords) add(word, surface string) {
	if strings.Contains(word, Blank) {
		return // hidden behind invisible characters; no blank, and never a word
	}
	if tooLong(word) {
		p.long++
		return
	}
	p.words = append(p.words, word)
	p.surface = append(p.surface, surface)
	p.changed = p.changed || word != surface
}

// addSegmented takes the words of a segmented line, which are cleaned together
// up to a blank.
func (p *passageWords) addSegmented(line string, c *Cleaner) {
	words := splitWords(line)
	for len(words) > 0 {
		n := slices.Index(words, Blank)
		if n == 0 {
			p.blank = len(p.words)
			words = words[1:]
			continue
		}
		if n < 0 {
			n = len(words)
		}
		p.addCleaned(words[:n], c)
		words = words[n:]
	}
}

func (p *passageWords) addCleaned(words []string, c *Cleaner) {
	cleaned, from := c.Words(words, nil)
	for i, w := range cleaned {
		alone := (i == 0 || from[i-1] != from[i]) && (i+1 == len(from) || from[i+1] != from[i])
		if alone {
			p.add(w, words[from[i]])
		} else {
			p.add(w, w) // one word that was cut into several
		}
	}
}

// question makes a question of the words, which begin in this line.
func (p *passageWords) question(id, file string, line int, o QuestionOptions) (Question, error) {
	found, want := "", ""
	switch {
	case len(p.words) == 0 && !o.allowEmpty:
		found, want = "a passage of nothing but the blank", "words around it"
	case len(p.words) > MaxPassage:
		found, want = strconv.Itoa(len(p.words))+" words in a passage", fmt.Sprintf("at most %d", MaxPassage)
	}
	if found != "" {
		return Question{}, &InputError{File: file, Line: line, Found: found, Want: want}
	}
	if o.Report != nil {
		o.Report.WordsTooLong += p.long
	}
	q := Question{ID: id, Words: p.words, Blank: p.blank, File: file, Line: line}
	if p.changed {
		q.Surface = p.surface
	}
	return q, nil
}

// passage collects the words of the sample's sentences, in which there must
// be exactly one blank.
func (s Sample) passage(c *Cleaner) (*passageWords, error) {
	p := &passageWords{blank: -1}
	first := 0 // line of the first blank
	for i, line := range s.Sentences {
		n := strings.Count(line, Blank)
		if n == 0 {
			p.addSegmented(line, c)
			continue
		}
		if n > 1 || first > 0 {
			found := strconv.Itoa(n) + " blanks"
			if first > 0 {
				found = "another blank (the first is in line " + strconv.Itoa(first) + ")"
			}
			return nil, &InputError{File: s.File, Line: s.Lines[i], Found: found, Want: wantOneBlank}
		}
		first = s.Lines[i]
		p.addSegmented(line, c)
	}
	if first == 0 {
		return nil, &InputError{File: s.File, Line: s.Line, Found: "no blank in the passage", Want: wantOneBlank}
	}
	return p, nil
}

const wantOneBlank = "exactly one " + Blank + " in the passage"

// jsonQuestions reads objects {"id": ..., "passage": "... XXXXX ...", "answer": "..."}.
func (s QuestionSource) jsonQuestions(lines *lineReader, o QuestionOptions) iter.Seq2[Question, error] {
	const want = `a JSON object with "id" and "passage" in each line`
	return func(yield func(Question, error) bool) {
		seen := map[string]int{}
		for b, err := range jsonLines(lines, want) {
			var q Question
			if err == nil {
				q, err = decodeQuestion(b, lines, seen, o, want)
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

func decodeQuestion(b []byte, lines *lineReader, seen map[string]int, o QuestionOptions, want string) (Question, error) {
	fault := func(found, want string) (Question, error) {
		return Question{}, &InputError{File: lines.name, Line: lines.line, Found: found, Want: want}
	}
	members, err := decodeObject(b)
	if err != nil {
		return fault(err.Error(), want)
	}
	id := strings.TrimSpace(scalar(members["id"]))
	if id == "" {
		return fault(`an object without "id"`, want)
	}
	if found := longID(id); found != "" {
		return fault(found, wantID)
	}
	if first, ok := seen[id]; ok {
		return fault(fmt.Sprintf("id %s again (first in line %d)", quote(id), first), "an id that occurs once")
	}
	seen[id] = lines.line
	var text, answer string
	raw, ok := members["passage"]
	if !ok {
		return fault(`an object without "passage"`, want)
	}
	if err := json.Unmarshal(raw, &text); err != nil {
		return fault(`"passage" of another type: `+quote(string(raw)), "a string")
	}
	if raw, ok := members["answer"]; ok {
		if err := json.Unmarshal(raw, &answer); err != nil {
			return fault(`"answer" of another type: `+quote(string(raw)), "a string")
		}
		if found := longAnswer(answer); found != "" {
			return fault(found, wantAnswerWord)
		}
	}
	q, err := textQuestion(id, text, lines.name, lines.line, o)
	q.Answer = cleanAnswer(answer, o.Cleaner)
	return q, err
}

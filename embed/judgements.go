package embed

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of files of judgements, which people made and people read.
const (
	maxJudgements    = 1 << 22
	maxJudgementLine = 1 << 16 // bytes
)

// A WordPair is two words and how alike people find them, on any scale.
type WordPair struct {
	A, B  string
	Score float64
}

// ReadPairs reads pairs of words with judgements, as wordsim-240, wordsim-297,
// COS960 and WordSim-353 have them: a pair a line, two words and a number, by
// tabs where the line has one, otherwise by white space. What follows the number
// (the judges' own) is left out, and so are empty lines, lines that begin with
// "#" and a first line without a number, the heading. name is for errors, which
// name file and line.
func ReadPairs(r io.Reader, name string) ([]WordPair, error) {
	var pairs []WordPair
	err := judgements(r, name, func(line int, text string) error {
		fields := strings.Fields(text)
		if strings.Contains(text, "\t") {
			fields = strings.Split(text, "\t")
			for i := range fields {
				fields[i] = strings.TrimSpace(fields[i])
			}
		}
		if len(fields) < 3 || fields[0] == "" || fields[1] == "" {
			return fmt.Errorf("found %.60q, expected two words and a number", text)
		}
		score, err := strconv.ParseFloat(fields[2], 64)
		if err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
			if line == 1 {
				return nil
			}
			return fmt.Errorf("found %.60q, expected a number behind the two words", fields[2])
		}
		pairs = append(pairs, WordPair{fields[0], fields[1], score})
		return nil
	})
	if err == nil && len(pairs) == 0 {
		err = fmt.Errorf("%s: found no pairs, expected lines of two words and a number", name)
	}
	return pairs, err
}

// An AnalogyQuestion asks for D: A is to B as C is to D.
type AnalogyQuestion struct{ A, B, C, D string }

// An AnalogySection is a named group of questions.
type AnalogySection struct {
	Name      string // "" where the file names none
	Questions []AnalogyQuestion
}

// ReadAnalogies reads analogies in the layout of word2vec's questions-words.txt,
// which CA8 and CA-translated have too: four words a line by white space, and
// lines ": NAME" that begin a section. name is for errors, which name file and
// line.
func ReadAnalogies(r io.Reader, name string) ([]AnalogySection, error) {
	var sections []AnalogySection
	questions := 0
	err := judgements(r, name, func(line int, text string) error {
		if section, ok := strings.CutPrefix(text, ":"); ok {
			sections = append(sections, AnalogySection{Name: strings.TrimSpace(section)})
			return nil
		}
		words := strings.Fields(text)
		if len(words) != 4 {
			return fmt.Errorf("found %d words, expected four: A is to B as C is to D", len(words))
		}
		if len(sections) == 0 {
			sections = append(sections, AnalogySection{})
		}
		last := &sections[len(sections)-1]
		last.Questions = append(last.Questions, AnalogyQuestion{words[0], words[1], words[2], words[3]})
		questions++
		return nil
	})
	if err == nil && questions == 0 {
		err = fmt.Errorf("%s: found no analogies, expected lines of four words", name)
	}
	return sections, err
}

// judgements goes through the lines that say something.
func judgements(r io.Reader, name string, take func(line int, text string) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxJudgementLine)
	line := 0
	for lines.Scan() {
		line++
		text := lines.Text()
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		err := error(nil)
		switch {
		case line > maxJudgements:
			err = fmt.Errorf("found more than %d lines", maxJudgements)
		case !utf8.ValidString(text):
			err = fmt.Errorf("found %.60q, expected UTF-8", text)
		default:
			err = take(line, text)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("%s:%d: found a line of more than %d bytes", name, line+1, maxJudgementLine)
	} else if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

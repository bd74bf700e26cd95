package corpusplot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"wakong/corpus"
)

// text is a corpus in which the word n occurs about 1,000/n times.
func text(sentences int) corpus.StatisticsSummary {
	s := corpus.NewStatistics()
	for i := range sentences {
		words := []string{"狐狸"}
		for n := 1; n <= 1+i%200; n++ {
			words = append(words, fmt.Sprint(n))
		}
		s.Add(corpus.Document{Sentences: [][]string{words}})
	}
	return s.Summary()
}

// Every picture is well-formed, the same each time, and holds what it should.
func TestPlots(t *testing.T) {
	for _, sentences := range []int{0, 1, 2, 1000} {
		s := text(sentences)
		for _, c := range []struct {
			name   string
			draw   func(io.Writer, corpus.StatisticsSummary) error
			labels []string
			law    string
		}{
			{"growth", Growth, []string{"words, n", "different words"}, " n^0."},
			{"frequencies", Frequencies, []string{"rank, r", "occurrences"}, " r^-"},
			{"lengths", Lengths, []string{"words in a document", "words in a sentence", "characters in a word"}, ""},
		} {
			var one, two bytes.Buffer
			if err := c.draw(&one, s); err != nil {
				t.Fatalf("%s of %d sentences: %v", c.name, sentences, err)
			}
			if err := c.draw(&two, s); err != nil || one.String() != two.String() {
				t.Errorf("%s is another picture the second time, %v", c.name, err)
			}
			var content strings.Builder
			decoder := xml.NewDecoder(&one)
			for {
				token, err := decoder.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				if chars, ok := token.(xml.CharData); ok {
					content.Write(chars)
				}
			}
			for _, label := range c.labels {
				if !strings.Contains(content.String(), label) {
					t.Errorf("%s of %d sentences has no %q", c.name, sentences, label)
				}
			}
			if strings.Contains(two.String(), "NaN") || strings.Contains(two.String(), "Inf") {
				t.Errorf("%s of %d sentences has a place that is no number", c.name, sentences)
			}
			if sentences == 1000 && !strings.Contains(content.String(), c.law) {
				t.Errorf("%s does not show the law: %s", c.name, content.String())
			}
		}
	}
}

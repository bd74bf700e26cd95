package report

import (
	"iter"
	"math"
	"sort"
	"strings"
	"unicode"

	"gonum.org/v1/plot/plotter"

	"wakong/corpus"
	"wakong/vocab"
)

// A Corpus is what the page shows of the text.
type Corpus struct {
	Sources []*corpus.SourceReport
	// Cleaned is the report of the cleaning, nil if unknown.
	Cleaned *corpus.Report

	documents, sentences, words lengths // in words, in words, in characters
	total                       int64   // words
	vocabulary                  *vocab.Vocabulary
	Samples                     []Sample
}

// A Sample is the beginning of a document.
type Sample struct {
	Title, Source, Text string
	Words               int
	More                bool // the document goes on
}

// The bounds of what is shown of the text.
const (
	shownSamples    = 6
	sampleWords     = 160
	shownWords      = 40
	frequencyPoints = 80
)

// ReadCorpus looks at all documents once. expected is their number, by which
// samples are spread over them. It calls progress, if not nil, after each.
func ReadCorpus(documents iter.Seq2[corpus.Document, error], expected int64, progress func(done int64)) (*Corpus, error) {
	c := &Corpus{documents: lengths{}, sentences: lengths{}, words: lengths{}}
	counts := vocab.Counter{}
	every := max(1, expected/shownSamples)
	n := int64(0)
	for d, err := range documents {
		if err != nil {
			return nil, err
		}
		if n%every == every/2 && len(c.Samples) < shownSamples {
			c.Samples = append(c.Samples, sample(d))
		}
		for _, s := range d.Sentences {
			c.sentences[len(s)]++
			for _, w := range s {
				counts.Add(w)
			}
		}
		c.documents[d.Words()]++
		n++
		if progress != nil {
			progress(n)
		}
	}
	if n == 0 {
		return c, nil
	}
	var err error
	if c.vocabulary, err = counts.Build(1); err != nil {
		return nil, err
	}
	for id := int32(1); int(id) < c.vocabulary.Len(); id++ {
		count := c.vocabulary.Count(id)
		c.words[len([]rune(c.vocabulary.Word(id)))] += count
		c.total += count
	}
	return c, nil
}

func sample(d corpus.Document) Sample {
	s := Sample{Title: d.Title, Source: orElse(d.URL, d.Source), Words: d.Words()}
	var words []string
	for _, sentence := range d.Sentences {
		if len(words)+len(sentence) > sampleWords && len(words) > 0 {
			break
		}
		words = append(words, sentence...)
	}
	if len(words) > sampleWords {
		words = words[:sampleWords]
	}
	s.Text, s.More = corpus.JoinWords(words), len(words) < s.Words
	return s
}

// frequencies are the counts of the words by their rank, at ranks that lie
// evenly on a logarithmic axis.
func (c *Corpus) frequencies() (points plotter.XYs) {
	if c.vocabulary == nil {
		return nil
	}
	most := c.vocabulary.Len() - 1
	last := 0
	for i := range frequencyPoints {
		rank := int(math.Round(math.Pow(float64(most), float64(i)/(frequencyPoints-1))))
		if rank > last {
			points = append(points, plotter.XY{X: float64(rank), Y: float64(c.vocabulary.Count(int32(rank)))})
			last = rank
		}
	}
	return points
}

// A WordCount is a word with its count.
type WordCount struct {
	Word  string
	Count int64
}

// frequent are the most frequent words that are no punctuation.
func (c *Corpus) frequent() (words []WordCount) {
	for id := int32(1); c.vocabulary != nil && int(id) < c.vocabulary.Len() && len(words) < shownWords; id++ {
		if w := c.vocabulary.Word(id); hasLetter(w) {
			words = append(words, WordCount{w, c.vocabulary.Count(id)})
		}
	}
	return words
}

// once is how many distinct words occur a single time.
func (c *Corpus) once() int {
	words := c.distinct()
	return words - sort.Search(words, func(i int) bool { return c.vocabulary.Count(int32(i+1)) <= 1 })
}

// distinct is the number of distinct words.
func (c *Corpus) distinct() int {
	if c.vocabulary == nil {
		return 0
	}
	return c.vocabulary.Len() - 1
}

func hasLetter(word string) bool { return strings.ContainsFunc(word, unicode.IsLetter) }

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

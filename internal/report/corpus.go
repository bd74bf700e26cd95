package report

import (
	"iter"

	"gonum.org/v1/plot/plotter"

	"wakong/corpus"
)

// A Corpus is what the page shows of the text.
type Corpus struct {
	Sources []*corpus.SourceReport
	// Cleaned is the report of the cleaning, nil if unknown.
	Cleaned *corpus.Report

	Statistics corpus.StatisticsSummary
	Samples    []Sample
}

// A Sample is the beginning of a document.
type Sample struct {
	Title, Source, Text string
	Words               int
	More                bool // the document goes on
}

// The bounds of what is shown of the text.
const (
	shownSamples = 6
	sampleWords  = 160
)

// ReadCorpus looks at all documents once. expected is their number, by which
// samples are spread over them. It calls progress, if not nil, after each.
func ReadCorpus(documents iter.Seq2[corpus.Document, error], expected int64, progress func(done int64)) (*Corpus, error) {
	c := &Corpus{}
	statistics := corpus.NewStatistics()
	every := max(1, expected/shownSamples)
	n := int64(0)
	for d, err := range documents {
		if err != nil {
			return nil, err
		}
		if n%every == every/2 && len(c.Samples) < shownSamples {
			c.Samples = append(c.Samples, sample(d))
		}
		statistics.Add(d)
		n++
		if progress != nil {
			progress(n)
		}
	}
	c.Statistics = statistics.Summary()
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

// lengths are those of documents, sentences or words; nothing without text.
func (c *Corpus) lengths(of string) (l corpus.Lengths) {
	for _, l := range c.Statistics.Lengths {
		if l.Of == of {
			return l
		}
	}
	return l
}

// frequencies are the counts of the words by their rank.
func (c *Corpus) frequencies() (points plotter.XYs) {
	for _, p := range c.Statistics.Frequency.Points {
		points = append(points, plotter.XY{X: float64(p.Rank), Y: float64(p.Count)})
	}
	return points
}

// growth is the number of different words by that of all words.
func (c *Corpus) growth() (points plotter.XYs) {
	for _, p := range c.Statistics.Growth.Points {
		points = append(points, plotter.XY{X: float64(p.Words), Y: float64(p.Vocabulary)})
	}
	return points
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

package pipeline

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"wakong/corpus"
	"wakong/embed"
	"wakong/internal/report"
	"wakong/internal/wordplot"
)

// What the report shows of the vectors.
const (
	mappedWords     = 250
	neighbourWords  = 16
	shownNeighbours = 6
)

// reportCorpus looks at the documents of the stage segment.
func (p *Pipeline) reportCorpus(ctx context.Context, page *report.Page) error {
	path, ok, err := p.resultFile(Segment, documentsFile)
	if !ok || err != nil {
		return err
	}
	counts, _, err := p.resultFile(Segment, reportFile)
	if err != nil {
		return err
	}
	var cleaned segmentReport
	if err := readJSON(counts, &cleaned); err != nil {
		return err
	}
	err = p.work("report", "documents", func() error {
		page.Corpus, err = report.ReadCorpus(documentsIn(ctx, path), cleaned.Documents, func(done int64) {
			p.progress(done, cleaned.Documents)
		})
		return err
	})
	if err != nil {
		return err
	}
	page.Corpus.Sources, page.Corpus.Cleaned = cleaned.Sources, &cleaned.Report
	return nil
}

// documentsIn reads a file of documents until ctx is done.
func documentsIn(ctx context.Context, path string) iter.Seq2[corpus.Document, error] {
	return func(yield func(corpus.Document, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(corpus.Document{}, err)
			return
		}
		defer f.Close()
		for d, err := range corpus.ReadDocuments(f, path) {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// reportVectors shows the vectors of the stage embed.
func (p *Pipeline) reportVectors(ctx context.Context, page *report.Page) error {
	path, ok, err := p.resultFile(Embed, vectorsFile)
	if !ok || err != nil {
		return err
	}
	words, _, err := p.resultFile(Embed, vocabularyFile)
	if err != nil {
		return err
	}
	v, err := readVectors(words, path)
	if err != nil {
		return err
	}
	shown := &report.Vectors{Words: v.Vocabulary.Len() - 1, Size: v.Size}
	jieba, err := p.segmenter(false)
	if err != nil {
		return err
	}
	mapped, asked := wordsToShow(v, func(word string) bool { return strings.HasPrefix(jieba.Tag(word), "n") })
	if len(mapped) >= leastPlotted {
		places, share, err := v.Project(mapped)
		if err != nil {
			return err
		}
		shown.Share = share
		for i, id := range mapped {
			shown.Map = append(shown.Map, wordplot.Point{Word: v.Vocabulary.Word(id), X: places[i][0], Y: places[i][1]})
		}
	}
	for _, id := range asked {
		if err := ctx.Err(); err != nil {
			return err
		}
		near, err := v.Nearest(v.Vocabulary.Word(id), shownNeighbours)
		if err != nil {
			return err
		}
		shown.Neighbours = append(shown.Neighbours, report.Neighbours{Word: v.Vocabulary.Word(id), Count: v.Vocabulary.Count(id), Near: near})
	}
	metrics, _, err := p.resultFile(Embed, metricsFile)
	if err != nil {
		return err
	}
	if shown.Losses, err = readLosses(metrics); err != nil {
		return err
	}
	page.Vectors = shown
	return nil
}

// wordsToShow are the most frequent words with a letter, and of them nouns of at
// least two characters, whose neighbours say most.
func wordsToShow(v *embed.Vectors, noun func(word string) bool) (mapped, asked []int32) {
	for id := int32(1); int(id) < v.Vocabulary.Len() && (len(mapped) < mappedWords || len(asked) < neighbourWords); id++ {
		word := v.Vocabulary.Word(id)
		if r, _ := utf8.DecodeRuneInString(word); !unicode.IsLetter(r) {
			continue
		}
		if len(mapped) < mappedWords {
			mapped = append(mapped, id)
		}
		if len(asked) < neighbourWords && utf8.RuneCountInString(word) >= 2 && noun(word) {
			asked = append(asked, id)
		}
	}
	return mapped, asked
}

// readLosses reads metrics.jsonl of the stage embed.
func readLosses(path string) (all []embed.LossPoint, err error) {
	err = open(path, func(in io.Reader) error {
		lines := bufio.NewScanner(in)
		for n := 1; lines.Scan(); n++ {
			var point embed.LossPoint
			if err := json.Unmarshal(lines.Bytes(), &point); err != nil {
				return fmt.Errorf("%s:%d: %w; 'pipeline verify' tells whether the file was changed", path, n, err)
			}
			all = append(all, point)
		}
		return lines.Err()
	})
	return all, err
}

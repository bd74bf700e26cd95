package pipeline

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"wakong/corpus"
	"wakong/internal/stage"
	"wakong/model"
	"wakong/vocab"
)

// passagesFormat is the entry of build.train that stands for the documents.
const passagesFormat = "passages"

// passagesReport counts the documents that the network reader is trained on.
type passagesReport struct {
	Documents int `json:"documents"`
	model.ExamplesReport
}

// hasPassages tells whether the documents are wanted.
func (p *Pipeline) hasPassages() bool {
	for _, entry := range p.config.Build.Train {
		if entry.Format == passagesFormat {
			return true
		}
	}
	return false
}

// buildPassages writes the documents as ids, and the words' parts of speech.
// Without an entry for them it writes nothing.
func (p *Pipeline) buildPassages(r *stage.Run, words *vocab.Vocabulary) (*passagesReport, error) {
	if !p.hasPassages() {
		return nil, nil
	}
	path, err := r.Need(Segment, documentsFile)
	if err != nil {
		return nil, err
	}
	report := &passagesReport{}
	err = create(r.Dir, passagesFile, func(w io.Writer) error {
		header := model.ExampleHeader{Vocabulary: words.Len(), Batch: p.config.Build.Batch}
		report.Documents, err = model.WriteExamples(w, header, model.Examples(p.documentTexts(path), words, false, &report.ExamplesReport))
		return err
	})
	if err != nil {
		return nil, err
	}
	if report.Documents == 0 {
		return nil, fmt.Errorf("%s: found no documents, expected text for the network to be trained on", path)
	}
	return report, p.tagsFile(r, words)
}

// documentTexts gives the documents as questions without a blank: all words
// stand left of it.
func (p *Pipeline) documentTexts(path string) iter.Seq2[corpus.Question, error] {
	return func(yield func(corpus.Question, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(corpus.Question{}, err)
			return
		}
		defer f.Close()
		p.count("bytes")
		for d, err := range corpus.ReadDocuments(ofFiles(p.progress, path).reader(f), path) {
			if err != nil {
				yield(corpus.Question{}, err)
				return
			}
			for q := range documentPieces(d, path) {
				if !yield(q, nil) {
					return
				}
			}
		}
	}
}

// documentPieces are a document of a file as questions without a blank. A text
// longer than a passage may be is as good in pieces.
func documentPieces(d corpus.Document, file string) iter.Seq[corpus.Question] {
	return func(yield func(corpus.Question) bool) {
		for _, piece := range corpus.Passages(d, corpus.MaxPassage) {
			q := corpus.Question{ID: piece.ID, File: file}
			for _, sentence := range piece.Sentences {
				q.Words = append(q.Words, sentence...)
			}
			q.Blank = len(q.Words)
			if len(q.Words) > 0 && !yield(q) {
				return
			}
		}
	}
}

// tagsFile writes tags.tsv: each word of the vocabulary with its part of speech
// in jieba's notation.
func (p *Pipeline) tagsFile(r *stage.Run, words *vocab.Vocabulary) error {
	jieba, err := p.segmenter(p.config.Segment.HMM)
	if err != nil {
		return err
	}
	return create(r.Dir, tagsFile, func(w io.Writer) error { return writeTags(w, words, jieba) })
}

func writeTags(w io.Writer, words *vocab.Vocabulary, jieba *corpus.Jieba) error {
	for id := int32(1); int(id) < words.Len(); id++ {
		word := words.Word(id)
		if _, err := fmt.Fprintf(w, "%s\t%s\n", word, jieba.Tag(word)); err != nil {
			return err
		}
	}
	return nil
}

// readTags reads tags.tsv, in the order of ids, of which 0 has none.
func readTags(path string, words *vocab.Vocabulary) ([]string, error) {
	tags := make([]string, words.Len())
	err := open(path, func(in io.Reader) error {
		lines := bufio.NewScanner(in)
		id := int32(1)
		for ; lines.Scan(); id++ {
			word, tag, ok := strings.Cut(lines.Text(), "\t")
			if !ok || int(id) >= len(tags) || word != words.Word(id) {
				return fmt.Errorf("%s:%d: found %.100q, expected the word %q and its tag; 'pipeline verify' tells whether the file was changed", path, id, lines.Text(), words.Word(id))
			}
			tags[id] = tag
		}
		if err := lines.Err(); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if int(id) != len(tags) {
			return fmt.Errorf("%s: found %d words, expected %d", path, id-1, len(tags)-1)
		}
		return nil
	})
	return tags, err
}

package pipeline

import (
	"io"

	"wakong/corpus"
	"wakong/internal/config"
)

// TextWork is what the stages segment and build take from a configuration, for
// programs that do their work on another engine.
type TextWork struct{ p *Pipeline }

// NewTextWork is for a configuration, of which only the sections segment and build
// are looked at.
func NewTextWork(c *config.Config) TextWork { return TextWork{&Pipeline{config: c}} }

// DocumentCleaner cleans documents.
func (t TextWork) DocumentCleaner() (*corpus.Cleaner, error) { return t.p.documentCleaner() }

// QuestionCleaner cleans the words of questions.
func (t TextWork) QuestionCleaner() *corpus.Cleaner { return t.p.cleaner(t.p.text()) }

// Sources are the sources of text, in the order of their ranks. One that lies in
// another file system has FS still to be set.
func (t TextWork) Sources() []corpus.Source {
	var sources []corpus.Source
	for _, s := range t.p.textSources() {
		sources = append(sources, s.source)
	}
	return sources
}

// Questions are the sources of questions in the list "train" or "valid".
func (t TextWork) Questions(list string) []corpus.QuestionSource {
	var sources []corpus.QuestionSource
	for _, s := range t.p.questionSources(list) {
		sources = append(sources, s.source)
	}
	return sources
}

// Dedup says which copies are removed.
func (t TextWork) Dedup() *corpus.DedupOptions { return t.p.dedup("") }

// LeakQuestions are the options that the questions are read with whose text is
// looked for: whole sentences will do.
func LeakQuestions() corpus.QuestionOptions {
	return corpus.QuestionOptions{Segmenter: corpus.WholeText{}, Cleaner: corpus.NewCleaner()}
}

// Generator makes the questions of an entry of build.train with the format
// generate, and maxWords is the length at which documents are cut for it.
func (t TextWork) Generator(entry config.QuestionSource) (g corpus.Generator, maxWords int) {
	return t.p.generator(entry)
}

// DocumentQuestion gives a document as a question without a blank: all words
// stand left of it.
func DocumentQuestion(d corpus.Document, file string) corpus.Question {
	return documentQuestion(d, file)
}

// SegmentReport is report.json of the stage segment.
type SegmentReport = segmentReport

// WriteJSON writes a value for people to read, as the stages' reports are.
func WriteJSON(w io.Writer, v any) error { return encodeJSON(w, v) }

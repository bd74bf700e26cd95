package pipeline

import (
	"context"
	"io"
	"iter"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/vocab"
)

// TextWork is what the stages segment and build take from a configuration, for
// programs that do their work on another engine.
type TextWork struct{ p *Pipeline }

// NewTextWork is for a configuration, of which only the sections segment and build
// are looked at.
func NewTextWork(c *config.Config) TextWork { return TextWork{&Pipeline{config: c}} }

// DocumentCleaner cleans documents.
func (t TextWork) DocumentCleaner() (*corpus.Cleaner, error) { return t.p.documentCleaner() }

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

// DocumentQuestions makes the questions of a segmented document as an entry of
// build.train says, generate or passages. File is for messages.
func (t TextWork) DocumentQuestions(d corpus.Document, entry config.QuestionSource, jieba *corpus.Jieba, file string) iter.Seq[corpus.Question] {
	if entry.Format == passagesFormat {
		return documentPieces(d, file)
	}
	return t.p.questionsOf(d, entry, jieba)
}

// IsPassages tells whether an entry of build.train stands for the documents
// themselves.
func IsPassages(entry config.QuestionSource) bool { return entry.Format == passagesFormat }

// FileQuestions reads the questions of a file. Each must have its answer where
// needAnswers is set.
func (t TextWork) FileQuestions(ctx context.Context, s corpus.QuestionSource, jieba *corpus.Jieba, needAnswers bool, report *QuestionsReport) iter.Seq2[corpus.Question, error] {
	o := corpus.QuestionOptions{Segmenter: jieba, Cleaner: t.p.cleaner(t.p.text())}
	return t.p.readQuestions(ctx, questionSource{source: s}, o, needAnswers, report)
}

// WithoutLeaks drops the questions of files that share text with leaks, which may
// be nil.
func (t TextWork) WithoutLeaks(questions iter.Seq2[corpus.Question, error], leaks *corpus.Leaks, report *QuestionsReport) iter.Seq2[corpus.Question, error] {
	return t.p.withoutLeaks(questions, leaks, report)
}

// Params is what text.json of the stage build holds.
func (t TextWork) Params() any { return t.p.text() }

// StoryPages takes the stories from the pages of an archive.
func StoryPages(story config.Story) func(io.Reader) iter.Seq2[corpus.Document, error] {
	return storyPages(story)
}

// BuildReport is report.json of the stage build, and QuestionsReport and
// PassagesReport are parts of it.
type (
	BuildReport     = buildReport
	QuestionsReport = questionsReport
	PassagesReport  = passagesReport
)

// WriteTags writes the words of a vocabulary with their parts of speech.
func WriteTags(w io.Writer, words *vocab.Vocabulary, jieba *corpus.Jieba) error {
	return writeTags(w, words, jieba)
}

// SegmentReport is report.json of the stage segment.
type SegmentReport = segmentReport

// WriteJSON writes a value for people to read, as the stages' reports are.
func WriteJSON(w io.Writer, v any) error { return encodeJSON(w, v) }

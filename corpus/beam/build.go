package beam

import (
	"context"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
	"wakong/internal/pipeline"
	"wakong/model"
	"wakong/vocab"
)

func init() {
	beam.RegisterType(reflect.TypeFor[examplesFn]())
	beam.RegisterType(reflect.TypeFor[filesFn]())
	register.Emitter1[BuildTally]()
	register.Function2x1(mergeBuildTallies)
}

// The parts of the stage build.
const (
	validFile    = "valid.bin"
	tagsFile     = "tags.tsv"
	validEntry   = -1 // in place of the number of an entry of build.train
	passagesPart = "passages"
)

// trainFolder holds the examples of an entry of build.train.
func trainFolder(entry int) string { return fmt.Sprintf("train-%03d", entry) }

// A BuildTally counts the examples of entries.
type BuildTally struct {
	Entries map[int]pipeline.QuestionsReport // validEntry is that of all validation questions
	// Passages is nil where none are wanted.
	Passages *pipeline.PassagesReport
}

func mergeBuildTallies(a, b BuildTally) BuildTally {
	merged := BuildTally{Entries: map[int]pipeline.QuestionsReport{}, Passages: a.Passages}
	for _, t := range []BuildTally{a, b} {
		for i, r := range t.Entries {
			sum := merged.Entries[i]
			addQuestions(&sum, r)
			merged.Entries[i] = sum
		}
	}
	if b.Passages != nil {
		p := *b.Passages
		if a.Passages != nil {
			p.Documents += a.Passages.Documents
			p.Add(a.Passages.ExamplesReport)
		}
		merged.Passages = &p
	}
	return merged
}

// addQuestions adds the counts of one entry, whose sources are the same.
func addQuestions(to *pipeline.QuestionsReport, r pipeline.QuestionsReport) {
	if len(to.Sources) == 0 {
		to.Sources = r.Sources
	} else if len(r.Sources) > 0 {
		one := *to.Sources[0]
		one.Merge(*r.Sources[0])
		one.Files = 1 // the documents
		to.Sources = []*corpus.SourceReport{&one}
	}
	to.Leaks += r.Leaks
	to.Examples += r.Examples
	to.Add(r.ExamplesReport)
}

// examplesFn makes the examples of a unit's documents.
type examplesFn struct {
	Base
	words *vocab.Vocabulary
}

func (f *examplesFn) ProcessElement(ctx context.Context, unit Written, vocabulary string, tallies func(BuildTally)) (err error) {
	if f.words == nil {
		if f.words, err = readVocabulary(vocabulary); err != nil {
			return err
		}
	}
	documents, err := readDocuments(unit.Path)
	if err != nil {
		return err
	}
	t := BuildTally{Entries: map[int]pipeline.QuestionsReport{}}
	for i, entry := range f.settings.Train {
		if entry.File != nil {
			continue
		}
		var r pipeline.QuestionsReport
		passages := pipeline.IsPassages(entry.QuestionSource)
		folder := trainFolder(i)
		if passages {
			folder = passagesPart
		}
		made := 0
		questions := func(yield func(corpus.Question, error) bool) {
			for _, d := range documents {
				for q := range f.work.text.DocumentQuestions(d, entry.QuestionSource, f.work.jieba, unit.Path) {
					made++
					if !yield(q, nil) {
						return
					}
				}
			}
		}
		r.Examples, err = f.settings.writeExamples(ctx, f.settings.part(folder, unit.Unit, ".bin"), f.words, questions, !passages, &r.ExamplesReport)
		if err != nil {
			return err
		}
		if passages {
			t.Passages = &pipeline.PassagesReport{Documents: r.Examples, ExamplesReport: r.ExamplesReport}
			continue
		}
		r.Sources = []*corpus.SourceReport{{Name: "segment/documents.jsonl", Format: "generate", Files: 1, Samples: len(documents), Documents: made}}
		t.Entries[i] = r
	}
	tallies(t)
	return nil
}

// writeExamples writes a file of examples.
func (s Settings) writeExamples(ctx context.Context, path string, words *vocab.Vocabulary, questions iter.Seq2[corpus.Question, error], trainable bool, report *model.ExamplesReport) (n int, err error) {
	header := model.ExampleHeader{Vocabulary: words.Len(), Batch: s.Build.Batch}
	err = writeFile(ctx, path, func(w io.Writer) error {
		n, err = model.WriteExamples(w, header, model.Examples(questions, words, trainable, report))
		return err
	})
	return n, err
}

// readDocuments reads the documents of a unit back.
func readDocuments(path string) ([]corpus.Document, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var documents []corpus.Document
	for d, err := range corpus.ReadDocuments(f, path) {
		if err != nil {
			return nil, err
		}
		documents = append(documents, d)
	}
	return documents, nil
}

// filesFn makes the examples of files of questions: those of an entry of
// build.train, or of all of build.valid with the parts of speech of the vocabulary.
type filesFn struct {
	Base
}

func (f *filesFn) ProcessElement(ctx context.Context, entry int, vocabulary string, tallies func(BuildTally)) error {
	words, err := readVocabulary(vocabulary)
	if err != nil {
		return err
	}
	path, sources := f.settings.at(validFile), f.settings.Valid
	if entry != validEntry {
		path, sources = f.settings.at(trainFolder(entry), "questions.bin"), []corpus.QuestionSource{*f.settings.Train[entry].File}
	}
	var r pipeline.QuestionsReport
	questions := f.questions(ctx, sources, entry == validEntry, &r)
	if entry != validEntry {
		questions = f.work.text.WithoutLeaks(questions, f.work.leaks, &r)
	}
	if r.Examples, err = f.settings.writeExamples(ctx, path, words, questions, entry != validEntry, &r.ExamplesReport); err != nil {
		return err
	}
	// Parts of speech serve a network that is trained on passages.
	if entry == validEntry && slices.ContainsFunc(f.settings.Train, func(e TrainEntry) bool { return pipeline.IsPassages(e.QuestionSource) }) {
		err = writeFile(ctx, f.settings.at(tagsFile), func(w io.Writer) error { return pipeline.WriteTags(w, words, f.work.jieba) })
	}
	tallies(BuildTally{Entries: map[int]pipeline.QuestionsReport{entry: r}})
	return err
}

func (f *filesFn) questions(ctx context.Context, sources []corpus.QuestionSource, needAnswers bool, report *pipeline.QuestionsReport) iter.Seq2[corpus.Question, error] {
	return func(yield func(corpus.Question, error) bool) {
		for _, s := range sources {
			s.FS = fileSystem(s.Path)
			for q, err := range f.work.text.FileQuestions(ctx, s, f.work.jieba, needAnswers, report) {
				if !yield(q, err) || err != nil {
					return
				}
			}
		}
	}
}

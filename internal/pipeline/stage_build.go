package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"wakong/corpus"
	"wakong/internal/stage"
	"wakong/model"
	"wakong/vocab"
)

// buildReport is report.json of the stage build.
type buildReport struct {
	Train    questionsReport `json:"train"`
	Valid    questionsReport `json:"valid"`
	Passages *passagesReport `json:"passages,omitempty"`
}

// questionsReport says what became of one list of questions.
type questionsReport struct {
	Sources  []*corpus.SourceReport `json:"sources"`
	Leaks    int                    `json:"leaks"`   // share text with a validation question
	Dropped  int                    `json:"dropped"` // the answer does not stand in the passage
	Examples int                    `json:"examples"`
	// Matches tell how like their references generated questions are.
	Matches []matchReport `json:"matches,omitempty"`
	model.ExamplesReport
}

// runBuild is the stage build.
func (p *Pipeline) runBuild(ctx context.Context, r *stage.Run) error {
	words, err := needVocabulary(r)
	if err != nil {
		return err
	}
	learned, err := needSegmenter(r)
	if err != nil {
		return err
	}
	options, err := p.questionOptions(ctx, p.text(), learned)
	if err != nil {
		return err
	}
	leaks, err := p.leaks(ctx)
	if err != nil {
		return err
	}
	sheet, err := p.newQuestionSheet()
	if err != nil {
		return err
	}
	var report buildReport
	write := func(name, list string, into *questionsReport, questions iter.Seq2[corpus.Question, error]) error {
		return create(r.Dir, name, func(w io.Writer) error {
			var err error
			header := model.ExampleHeader{Vocabulary: words.Len(), Batch: p.config.Build.Batch}
			into.Examples, err = model.WriteExamples(w, header, model.Examples(questions, words, list == "train", &into.ExamplesReport))
			return err
		})
	}
	valid := sheet.validating(p.fileQuestions(ctx, "valid", options, &report.Valid))
	if err := write(validFile, "valid", &report.Valid, valid); err != nil {
		return err
	}
	train := sheet.training(p.withoutLeaks(p.trainQuestions(ctx, r, options, &report.Train), leaks, &report.Train))
	if err := write(trainFile, "train", &report.Train, train); err != nil {
		return err
	}
	if report.Passages, err = p.buildPassages(r, words); err != nil {
		return err
	}
	report.Train.Dropped = report.Train.Questions - report.Train.Examples
	// The report comes first: where the stage fails, it tells why.
	if err := writeJSON(r.Dir, reportFile, report); err != nil {
		return err
	}
	if err := p.built(&report); err != nil {
		return err
	}
	if err := sheet.write(r); err != nil {
		return err
	}
	return writeJSON(r.Dir, textFile, p.text())
}

// questionOptions cut and clean questions as the text was; learned is the path of
// the segmenter that text.json speaks of.
func (p *Pipeline) questionOptions(ctx context.Context, t textParams, learned string) (corpus.QuestionOptions, error) {
	if err := p.sameDictionary(t); err != nil {
		return corpus.QuestionOptions{}, err
	}
	segmenter, err := p.cutter(ctx, t, learned)
	if err != nil {
		return corpus.QuestionOptions{}, err
	}
	return corpus.QuestionOptions{Segmenter: segmenter, Cleaner: p.cleaner(t)}, nil
}

// trainQuestions chains the entries of build.train in their order.
func (p *Pipeline) trainQuestions(ctx context.Context, r *stage.Run, o corpus.QuestionOptions, report *questionsReport) iter.Seq2[corpus.Question, error] {
	return func(yield func(corpus.Question, error) bool) {
		files := p.questionSources("train")
		for _, entry := range p.config.Build.Train {
			if entry.Format == passagesFormat {
				continue
			}
			questions := p.generated(ctx, r, entry, o, report)
			if !entry.FromDocuments() {
				p.count("questions")
				questions = counting(p.readQuestions(ctx, files[0], o, false, report), p.progress)
				files = files[1:]
			}
			for q, err := range questions {
				if !yield(q, err) || err != nil {
					return
				}
			}
		}
	}
}

// fileQuestions chains the entries of a list that are files.
func (p *Pipeline) fileQuestions(ctx context.Context, list string, o corpus.QuestionOptions, report *questionsReport) iter.Seq2[corpus.Question, error] {
	return func(yield func(corpus.Question, error) bool) {
		for _, s := range p.questionSources(list) {
			for q, err := range p.readQuestions(ctx, s, o, list == "valid", report) {
				if !yield(q, err) || err != nil {
					return
				}
			}
		}
	}
}

func (p *Pipeline) readQuestions(ctx context.Context, s questionSource, o corpus.QuestionOptions, needAnswers bool, report *questionsReport) iter.Seq2[corpus.Question, error] {
	return func(yield func(corpus.Question, error) bool) {
		o.Report = &corpus.SourceReport{}
		report.Sources = append(report.Sources, o.Report)
		for q, err := range s.source.Questions(ctx, o) {
			q.File = shown(s.source.Path)
			if err == nil && needAnswers {
				err = answerGiven(q)
				if err != nil && s.source.OnError == corpus.OnErrorSkip {
					passOver(o.Report, q, err)
					continue
				}
			}
			if !yield(q, showFile(err, s.path, s.answers)) || err != nil {
				return
			}
		}
	}
}

// passOver counts a question that was read without fault as one with.
func passOver(report *corpus.SourceReport, q corpus.Question, err error) {
	report.Samples--
	report.Documents--
	report.Skipped++
	var in *corpus.InputError
	if errors.As(err, &in) && len(report.Skips) < mostSkips {
		report.Skips = append(report.Skips, corpus.Skipped{File: report.Name, Line: q.Line, Reason: in.Reason()})
	}
}

// withoutLeaks drops questions that share text with a validation question: those
// of the sources of text are gone already, those of files of questions are not.
func (p *Pipeline) withoutLeaks(questions iter.Seq2[corpus.Question, error], leaks *corpus.Leaks, report *questionsReport) iter.Seq2[corpus.Question, error] {
	if leaks == nil {
		return questions
	}
	return func(yield func(corpus.Question, error) bool) {
		for q, err := range questions {
			// Generated questions come of documents that were looked at.
			if err == nil && q.Document == "" {
				text := strings.Join(q.Left(), "") + q.Answer + strings.Join(q.Right(), "")
				if _, leak := leaks.Find(text); leak {
					report.Leaks++
					if !p.config.Segment.KeepLeaks() {
						continue
					}
				}
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

// built sums the stage up on the terminal and refuses what nothing can be
// learned from.
func (p *Pipeline) built(report *buildReport) error {
	t, v := &report.Train, &report.Valid
	for _, s := range append(append([]*corpus.SourceReport{}, t.Sources...), v.Sources...) {
		if s.Skipped > 0 {
			p.ui.Warn(Build, "%s: %s skipped, listed in %s", s.Name, counted(s.Skipped, "faulty question"), reportFile)
		}
	}
	if ps := report.Passages; ps != nil {
		p.ui.Info(Build, "%d documents of %d words to train on", ps.Documents, ps.Words)
	}
	for _, m := range t.Matches {
		p.matched(m)
	}
	p.ui.Info(Build, "%d questions to train on, %d to validate with", t.Examples, v.Examples)
	switch {
	case t.Leaks > 0 && p.config.Segment.KeepLeaks():
		p.ui.Warn(Build, "%s that shares text with validation questions, kept as segment.leaks asks for", counted(t.Leaks, "training question"))
	case t.Leaks > 0:
		p.ui.Info(Build, "%d training questions dropped: they share text with validation questions", t.Leaks)
	}
	if t.Dropped > 0 {
		p.ui.Info(Build, "%d training questions dropped: the answer does not stand in the passage", t.Dropped)
	}
	names, validNames := sourceNames(t.Sources), sourceNames(v.Sources)
	skips := p.skips(append(append([]*corpus.SourceReport{}, v.Sources...), t.Sources...))
	switch {
	case len(v.Sources) > 0 && v.Questions == 0:
		return fmt.Errorf("no validation questions in %s%s", listed(validNames), skips)
	case v.Questions > 0 && v.NoAnswer+v.Absent == v.Questions:
		return fmt.Errorf("none of the %d validation questions in %s has its answer in its passage: no network could answer them, and none could be chosen by them", v.Questions, listed(validNames))
	case len(t.Sources) == 0:
	case t.Questions == 0:
		return fmt.Errorf("no training questions in %s; generated ones need a noun that occurs twice in a document of at least min_words words%s", listed(names), skips)
	case t.Examples == 0:
		return fmt.Errorf("none of the %d training questions in %s has its answer in its passage", t.Questions, listed(names))
	case t.OutOfVocab == t.Examples:
		return fmt.Errorf("the vocabulary lacks the answer of every one of the %d training questions in %s; train vectors on text like theirs (segment.sources), or lower embed.min_count", t.Examples, listed(names))
	case v.Questions > 0 && v.OutOfVocab == v.Questions:
		p.ui.Warn(Build, "the vocabulary lacks the answer of every validation question")
	}
	return nil
}

func sourceNames(sources []*corpus.SourceReport) []string {
	var names []string
	for _, s := range sources {
		names = append(names, s.Name)
	}
	return names
}

// needVocabulary reads the vocabulary of the stage embed.
func needVocabulary(r *stage.Run) (v *vocab.Vocabulary, err error) {
	path, err := r.Need(Embed, vocabularyFile)
	if err != nil {
		return nil, err
	}
	return readVocabulary(path)
}

func readVocabulary(path string) (v *vocab.Vocabulary, err error) {
	err = open(path, func(in io.Reader) error {
		v, err = vocab.Read(in, path)
		return err
	})
	return v, err
}

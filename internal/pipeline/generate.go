package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/internal/stage"
)

// A matchReport tells how like a reference generated questions are.
type matchReport struct {
	Name string `json:"name"` // the file that is the reference
	corpus.MatchReport
}

// generated makes questions of the documents of the stage segment.
func (p *Pipeline) generated(ctx context.Context, r *stage.Run, entry config.QuestionSource, o corpus.QuestionOptions, report *questionsReport) iter.Seq2[corpus.Question, error] {
	return func(yield func(corpus.Question, error) bool) {
		counts := &corpus.SourceReport{Name: "segment/" + documentsFile, Format: "generate"}
		report.Sources = append(report.Sources, counts)
		path, err := r.Need(Segment, documentsFile)
		keep := func(corpus.Question) bool { return true }
		if err == nil && !entry.Match.Path.IsZero() {
			keep, err = p.match(ctx, path, entry, o, report)
		}
		if err == nil {
			err = p.generate(ctx, path, entry, counts, func(q corpus.Question) bool {
				if !keep(q) {
					return true
				}
				counts.Documents++
				return yield(q, nil)
			})
		}
		if err != nil {
			yield(corpus.Question{}, err)
		}
	}
}

// generate calls f with each question that can be made, until it returns false.
func (p *Pipeline) generate(ctx context.Context, path string, entry config.QuestionSource, counts *corpus.SourceReport, f func(corpus.Question) bool) error {
	jieba, err := p.segmenter(p.config.Segment.HMM)
	if err != nil {
		return err
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	counts.Files = 1
	p.count("bytes")
	for d, err := range corpus.ReadDocuments(ofFiles(p.progress, path).reader(in), path) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		counts.Samples++
		for q := range p.questionsOf(d, entry, jieba) {
			if !f(q) {
				return nil
			}
		}
	}
	return nil
}

// questionsOf makes the questions of a document as an entry of build.train says.
func (p *Pipeline) questionsOf(d corpus.Document, entry config.QuestionSource, jieba *corpus.Jieba) iter.Seq[corpus.Question] {
	g, size := p.generator(entry)
	parts := entry.PartsOfSpeech
	if len(parts) == 0 {
		parts = []string{"n"}
	}
	wanted := corpus.Tagged(jieba.Tag, parts...)
	return func(yield func(corpus.Question) bool) {
		// A book is many passages, each with questions of its own.
		for _, passage := range corpus.Passages(d, size) {
			for _, q := range g.Questions(passage, wanted) {
				if !yield(q) {
					return
				}
			}
		}
	}
}

// generator is that of an entry, with the length at which documents are cut.
func (p *Pipeline) generator(entry config.QuestionSource) (g corpus.Generator, maxWords int) {
	g = corpus.Generator{
		PerPassage: entry.PerPassage, Seed: p.config.Build.Seed,
		MinOccurrences: entry.MinOccurrences, MaxOccurrences: entry.MaxOccurrences,
		MinWords: entry.MinWords, MaxWords: entry.MaxWords,
		MinCharacters: entry.MinCharacters, MaxCharacters: entry.MaxCharacters,
		MinDistance: entry.MinDistance, MaxDistance: entry.MaxDistance,
		AnyScript: entry.AnyScript,
	}
	if g.MaxWords == 0 {
		return g, corpus.DefaultMaxWords
	}
	return g, g.MaxWords
}

// matchSources lists the references of generated questions.
func (p *Pipeline) matchSources() []questionSource {
	var out []questionSource
	for i, entry := range p.config.Build.Train {
		if !entry.Match.Path.IsZero() {
			s := matchSource(entry.Match)
			s.key = fmt.Sprintf("build.train[%d].match", i)
			out = append(out, s)
		}
	}
	return out
}

func matchSource(m config.Match) questionSource {
	return questionSource{path: m.Path, answers: m.Answers, source: corpus.QuestionSource{
		Format: m.Format, Path: m.Path.Resolved(), Name: m.Path.Written(), Encoding: m.Encoding,
		Answers: m.Answers.Resolved(), AnswersName: m.Answers.Written(), OnError: corpus.OnErrorFail,
	}}
}

// notMatched is the total variation distance above which a user is warned.
const notMatched = 0.1

// match chooses among the questions that an entry makes those whose answers are
// distributed as the reference's.
func (p *Pipeline) match(ctx context.Context, path string, entry config.QuestionSource, o corpus.QuestionOptions, report *questionsReport) (keep func(corpus.Question) bool, err error) {
	jieba, err := p.segmenter(p.config.Segment.HMM)
	if err != nil {
		return nil, err
	}
	m := corpus.NewAnswerMatch(jieba.Tag, p.config.Build.Seed)
	m.Most = entry.Match.Variation
	s := matchSource(entry.Match)
	for q, err := range s.source.Questions(ctx, o) {
		if err != nil {
			return nil, showFile(err, s.path, s.answers)
		}
		m.AddReference(q)
	}
	err = p.generate(ctx, path, entry, &corpus.SourceReport{}, func(q corpus.Question) bool {
		m.Offer(q)
		return true
	})
	if err != nil {
		return nil, err
	}
	settled, err := m.Settle()
	if errors.Is(err, corpus.ErrNoReference) {
		return nil, &corpus.InputError{File: shown(s.source.Path), Found: "no question with an answer", Want: "questions to match (build.train, match)"}
	}
	if err != nil {
		return nil, err
	}
	report.Matches = append(report.Matches, matchReport{s.source.Name, settled})
	return m.Keep, nil
}

// matched tells how well questions were matched.
func (p *Pipeline) matched(m matchReport) {
	p.ui.Info(Build, "%d of %d generated questions kept, with answers as in %s: total variation %.3f (frequency %.3f, characters %.3f, part of speech %.3f)",
		m.Kept, m.Candidates, m.Name, m.Variation, m.Frequency, m.Characters, m.Kind)
	if m.Variation > notMatched {
		why := ""
		if m.MissingMost != "" {
			why = ": the text gives none such as: " + m.MissingMost
		}
		p.ui.Warn(Build, "the generated questions' answers are not distributed as those of %s%s", m.Name, why)
	}
}

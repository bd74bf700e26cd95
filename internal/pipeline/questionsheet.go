package pipeline

import (
	"io"
	"iter"
	"slices"

	"wakong/corpus"
	"wakong/internal/stage"
)

// sampledQuestions is how many questions of a list stand in the sheet to read.
const sampledQuestions = 30

// questionSheet collects what the questions of the stage build are like.
type questionSheet struct {
	Train *corpus.QuestionStatistics `json:"train"`
	Valid *corpus.QuestionStatistics `json:"valid"`
	// Variation is the total variation distance between the two lists' distributions
	// of each aspect.
	Variation map[string]float64 `json:"variation"`

	samples *corpus.QuestionSampler
}

// newQuestionSheet makes the sheet of a build; nil where documents alone are
// trained on.
func (p *Pipeline) newQuestionSheet() (*questionSheet, error) {
	questions := false
	for _, entry := range p.config.Build.Train {
		questions = questions || entry.Format != passagesFormat
	}
	if !questions {
		return nil, nil
	}
	jieba, err := p.segmenter(p.config.Segment.HMM)
	if err != nil {
		return nil, err
	}
	return &questionSheet{
		Train:     corpus.NewQuestionStatistics(jieba.Tag),
		Valid:     corpus.NewQuestionStatistics(jieba.Tag),
		Variation: map[string]float64{},
		samples:   corpus.NewQuestionSampler(sampledQuestions, p.config.Build.Seed),
	}, nil
}

// training counts questions that pass and are trained on: those of which the answer
// is known, and a word of the passage.
func (s *questionSheet) training(questions iter.Seq2[corpus.Question, error]) iter.Seq2[corpus.Question, error] {
	if s == nil {
		return questions
	}
	return passing(questions, func(q corpus.Question) {
		if q.Answer == "" || !slices.Contains(q.Words, q.Answer) {
			return
		}
		s.Train.Add(q)
		s.samples.Add(q)
	})
}

// validating counts questions to validate with that pass.
func (s *questionSheet) validating(questions iter.Seq2[corpus.Question, error]) iter.Seq2[corpus.Question, error] {
	if s == nil {
		return questions
	}
	return passing(questions, s.Valid.Add)
}

func passing(questions iter.Seq2[corpus.Question, error], f func(corpus.Question)) iter.Seq2[corpus.Question, error] {
	return func(yield func(corpus.Question, error) bool) {
		for q, err := range questions {
			if err == nil {
				f(q)
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

// write writes statistics.json and questions.md.
func (s *questionSheet) write(r *stage.Run) error {
	if s == nil {
		return nil
	}
	sets := []corpus.QuestionSet{{Name: "training", Statistics: s.Train, Samples: s.samples.Questions()}}
	if s.Valid.Questions > 0 {
		sets = append(sets, corpus.QuestionSet{Name: "validation", Statistics: s.Valid})
		for i, aspect := range s.Train.Aspects {
			s.Variation[aspect.By] = s.Train.Variation(s.Valid, i)
		}
	}
	if err := writeJSON(r.Dir, statisticsFile, s); err != nil {
		return err
	}
	return create(r.Dir, sheetFile, func(w io.Writer) error { return corpus.WriteQuestionSheet(w, sets...) })
}

package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"wakong/corpus"
	"wakong/model"
)

// clozeAnswer is the answer to one passage.
type clozeAnswer struct {
	Answers []model.Candidate `json:"answers"`
	// LeftOut counts the words of a long passage that were not looked at.
	LeftOut int `json:"words_left_out,omitempty"`
	*detail
}

// detail is added where it was asked for.
type detail struct {
	Words     []string  `json:"words"`     // as the passage spells them, without the blank
	Blank     int       `json:"blank"`     // how many of the words stand left of it
	Positions []float64 `json:"positions"` // the probability of each word
}

func (s *server) cloze(w http.ResponseWriter, r *http.Request) {
	var request clozeRequest
	answers, err := s.clozeAnswers(w, r, &request)
	switch {
	case err != nil:
		s.fail(w, err)
	case request.Passages == nil:
		writeJSON(w, http.StatusOK, answers[0])
	default:
		writeJSON(w, http.StatusOK, map[string]any{"results": answers})
	}
}

func (s *server) clozeAnswers(w http.ResponseWriter, r *http.Request, request *clozeRequest) ([]clozeAnswer, error) {
	if err := readBody(w, r, request); err != nil {
		return nil, err
	}
	if err := request.check(); err != nil {
		return nil, &statusError{http.StatusUnprocessableEntity, err.Error()}
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.options.AnswerTime)
	defer cancel()
	passages := request.Passages
	if request.Passage != nil {
		passages = []string{*request.Passage}
	}
	questions := make([]corpus.Question, len(passages))
	leftOut := make([]int, len(passages))
	for i, passage := range passages {
		q, err := s.question(ctx, passage)
		if err != nil {
			if request.Passages != nil {
				err = fmt.Errorf("passage %d: %w", i+1, err)
			}
			return nil, err
		}
		questions[i], leftOut[i] = cut(q, s.options.MaxWords)
	}
	found, err := s.batcher.answer(ctx, questions)
	if err != nil {
		return nil, err
	}
	top := DefaultTop
	if request.Top != nil {
		top = *request.Top
	}
	answers := make([]clozeAnswer, len(found))
	for i, a := range found {
		answers[i] = clozeAnswer{Answers: a.Candidates[:min(top, len(a.Candidates))], LeftOut: leftOut[i]}
		if request.Detail {
			answers[i].detail = &detail{Words: spelled(questions[i]), Blank: questions[i].Blank, Positions: a.Positions}
		}
	}
	return answers, nil
}

// words cuts a text into words, of which the page makes a question.
func (s *server) words(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Text string `json:"text"`
	}
	if err := readBody(w, r, &request); err != nil {
		s.fail(w, err)
		return
	}
	q, err := s.question(r.Context(), corpus.Blank+"\n"+request.Text)
	if err != nil {
		s.fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"words": spelled(q)})
}

// question segments a passage when it is its turn.
func (s *server) question(ctx context.Context, passage string) (corpus.Question, error) {
	select {
	case s.cutting <- struct{}{}:
		defer func() { <-s.cutting }()
		return s.model.Question(passage)
	case <-ctx.Done():
		return corpus.Question{}, ctx.Err()
	}
}

// fail answers with the status that belongs to an error.
func (s *server) fail(w http.ResponseWriter, err error) {
	var status *statusError
	var input *corpus.InputError
	switch {
	case errors.As(err, &status):
		writeError(w, status.status, status.text)
	case errors.As(err, &input):
		writeError(w, http.StatusUnprocessableEntity, err.Error())
	case errors.Is(err, errFull):
		w.Header().Set("Retry-After", "1")
		writeError(w, http.StatusTooManyRequests, err.Error())
	case errors.Is(err, errEnding):
		writeError(w, http.StatusServiceUnavailable, err.Error())
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		w.Header().Set("Retry-After", "5")
		writeError(w, http.StatusServiceUnavailable, "the answer took longer than "+s.options.AnswerTime.String()+"; try again later, or with fewer passages at once")
	default:
		writeError(w, http.StatusInternalServerError, err.Error())
	}
}

// spelled are the words as the passage spells them.
func spelled(q corpus.Question) []string {
	if q.Surface != nil {
		return q.Surface
	}
	return q.Words
}

// cut keeps at most most words around the blank and counts the others. Both
// sides have the same share, and what one does not need the other has.
func cut(q corpus.Question, most int) (corpus.Question, int) {
	n := len(q.Words)
	if n <= most {
		return q, 0
	}
	from := min(max(0, q.Blank-most/2), n-most)
	q.Words = q.Words[from : from+most]
	if q.Surface != nil {
		q.Surface = q.Surface[from : from+most]
	}
	q.Blank -= from
	return q, n - most
}

package serve

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"wakong/corpus"
	"wakong/model"
)

// counting is a model that answers with each passage's first word, and counts.
type counting struct {
	gate chan struct{} // if not nil, each pass takes one

	mutex   sync.Mutex
	batches []int
	began   chan struct{} // if not nil, told of each pass
}

func (c *counting) Question(passage string) (corpus.Question, error) {
	return corpus.TextQuestion("1", passage, corpus.QuestionOptions{Segmenter: characters{}})
}

func (c *counting) Answer(questions []corpus.Question) ([]Answer, error) {
	if c.began != nil {
		c.began <- struct{}{}
	}
	if c.gate != nil {
		<-c.gate
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.batches = append(c.batches, len(questions))
	var answers []Answer
	for _, q := range questions {
		positions := make([]float64, len(q.Words))
		positions[0] = 1
		answers = append(answers, Answer{Candidates: []model.Candidate{{Word: q.Words[0], Probability: 1}}, Positions: positions})
	}
	return answers, nil
}

// characters segments into single characters.
type characters struct{}

func (characters) Words(text string) []string { return strings.Split(text, "") }

// testServer serves m on a loopback port.
func testServer(t *testing.T, m Model, o Options) (*server, *httptest.Server) {
	t.Helper()
	s := newServer(m, o)
	h := httptest.NewServer(s.handler(true))
	t.Cleanup(func() { h.Close(); s.batcher.end() })
	return s, h
}

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	status, text, err := send(t.Context(), url, body)
	if err != nil {
		t.Fatal(err)
	}
	return status, text
}

func send(ctx context.Context, url, body string) (int, string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

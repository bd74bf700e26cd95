package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"wakong/corpus"
)

func TestStatus(t *testing.T) {
	_, h := testServer(t, &counting{}, Options{Queue: 4})
	long := strings.Repeat("猫", MaxBody)
	for _, c := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"passage":"狐狸提灯，XXXXX走过桥。"}`, 200, `{"answers":[{"word":"狐","probability":1}]}`},
		{`{"passage":"狐狸 提 灯 XXXXX 过 桥"}`, 200, `"狐狸"`},
		{`{"passages":["狐XXXXX","猫XXXXX"],"top":1}`, 200, `{"results":[{"answers":[{"word":"狐","probability":1}]},{"answers":[{"word":"猫","probability":1}]}]}`},
		{`{"passage":"狐XXXXX","detail":true}`, 200, `"words":["狐"],"blank":1,"positions":[1]`},
		{`{"passage":"<b>XXXXX</b>"}`, 200, `\u003c`},
		{`{`, 400, "no JSON"},
		{``, 400, "no JSON"},
		{`{"passage":"狐XXXXX"} 1`, 400, "behind the object"},
		{`{"passage":1}`, 422, `\"passage\" is of the kind number, expected a string`},
		{`{"passage":"狐XXXXX","top":"3"}`, 422, `\"top\" is of the kind string, expected a whole number`},
		{`{"passages":"狐XXXXX"}`, 422, "expected a list"},
		{`{"passage":"狐XXXXX","detail":1}`, 422, "expected true or false"},
		{`["狐XXXXX"]`, 422, "the body is of the kind array, expected an object"},
		{`{"passag":"狐XXXXX"}`, 422, "unknown field"},
		{`{}`, 422, "either"},
		{`{"passage":"狐XXXXX","passages":["狐XXXXX"]}`, 422, "either"},
		{`{"passages":[]}`, 422, "expected 1 to 64"},
		{`{"passage":"狐"}`, 422, "no blank"},
		{`{"passage":"XXXXX狐XXXXX"}`, 422, "2 blanks"},
		{`{"passage":"XXXXX"}`, 422, "nothing but the blank"},
		{`{"passages":["狐XXXXX","狐"]}`, 422, "passage 2: "},
		{`{"passage":"狐XXXXX","top":0}`, 422, "expected 1 to 100"},
		{`{"passages":["a XXXXX","a XXXXX","a XXXXX","a XXXXX","a XXXXX"]}`, 429, "too many"},
		{`{"passage":"` + long + `"}`, 413, "longer than"},
	} {
		status, text := post(t, h.URL+"/v1/cloze", c.body)
		if status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%.80s: %d %s, want %d with %s", c.body, status, text, c.status, c.want)
		}
	}
}

// TestTooLongUnread sends the head of a request alone: the answer must come
// without the body.
func TestTooLongUnread(t *testing.T) {
	_, h := testServer(t, &counting{}, Options{})
	c, err := net.Dial("tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /v1/cloze HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", MaxBody+1)
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", response.StatusCode)
	}
}

// TestTooLongChunked has no Content-Length.
func TestTooLongChunked(t *testing.T) {
	_, h := testServer(t, &counting{}, Options{})
	body := io.MultiReader(strings.NewReader(`{"passage":"`), strings.NewReader(strings.Repeat("a", MaxBody)))
	response, err := http.Post(h.URL+"/v1/cloze", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestForeignHostAndSite(t *testing.T) {
	_, h := testServer(t, &counting{}, Options{})
	for _, c := range []struct {
		name, value string
		status      int
	}{{"Host", "tales.example", 421}, {"Host", "localhost:1", 200}, {"Sec-Fetch-Site", "cross-site", 403}} {
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL+"/v1/cloze", strings.NewReader(`{"passage":"狐XXXXX"}`))
		request.Header.Set(c.name, c.value)
		if c.name == "Host" {
			request.Host = c.value
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != c.status {
			t.Errorf("%s %s: %d, want %d", c.name, c.value, response.StatusCode, c.status)
		}
	}
}

// TestFiftyClients holds the network at its first pass until all others wait.
func TestFiftyClients(t *testing.T) {
	const clients = 50
	m := &counting{gate: make(chan struct{}), began: make(chan struct{}, clients)}
	s, h := testServer(t, m, Options{})
	var wait sync.WaitGroup
	for i := range clients {
		wait.Go(func() {
			word := fmt.Sprintf("w%d", i)
			status, text, err := send(t.Context(), h.URL+"/v1/cloze", `{"passage":"`+word+` XXXXX"}`)
			if err != nil || status != 200 || !strings.Contains(text, `"`+word+`"`) {
				t.Errorf("client %d: %d %s %v", i, status, text, err)
			}
		})
	}
	<-m.began
	// The first pass took at least one; the others queue up behind it.
	for s.batcher.asked.Load() < clients && t.Context().Err() == nil {
		runtime.Gosched()
	}
	close(m.gate)
	wait.Wait()
	total := 0
	for _, n := range m.batches {
		total += n
	}
	if total != clients || len(m.batches) > 2 {
		t.Errorf("passes of %v, want %d passages in at most two", m.batches, clients)
	}
}

// TestEnding answers what was begun, refuses what comes later, and ends.
func TestEnding(t *testing.T) {
	m := &counting{gate: make(chan struct{}), began: make(chan struct{}, 1)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, listener, m, Options{}) }()
	answered := make(chan int, 1)
	go func() {
		status, _, _ := send(t.Context(), "http://"+listener.Addr().String()+"/v1/cloze", `{"passage":"狐XXXXX"}`)
		answered <- status
	}()
	<-m.began
	cancel()
	close(m.gate)
	if status := <-answered; status != 200 {
		t.Errorf("what was begun is answered with %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	s, h := testServer(t, &counting{}, Options{})
	s.ending.Store(true)
	if status, _ := post(t, h.URL+"/v1/cloze", `{"passage":"狐XXXXX"}`); status != 503 {
		t.Errorf("ending: %d", status)
	}
}

func TestCut(t *testing.T) {
	words := strings.Split("0123456789", "")
	for _, c := range []struct {
		blank, most int
		want        string
		wantBlank   int
	}{{0, 4, "0123", 0}, {10, 4, "6789", 4}, {5, 4, "3456", 2}, {1, 4, "0123", 1}, {5, 10, "0123456789", 5}} {
		q, out := cut(corpus.Question{Words: words, Surface: words, Blank: c.blank}, c.most)
		if got := strings.Join(q.Words, ""); got != c.want || q.Blank != c.wantBlank || out != 10-len(c.want) || len(q.Surface) != len(q.Words) {
			t.Errorf("%+v: %s %d %d", c, got, q.Blank, out)
		}
	}
}

// faulty fails at questions with a certain word: with an error, or worse.
type faulty struct{ counting }

func (f *faulty) Answer(questions []corpus.Question) ([]Answer, error) {
	for _, q := range questions {
		switch q.Words[0] {
		case "错":
			return nil, errors.New("a wrong word")
		case "崩":
			panic("a worse word")
		}
	}
	return f.counting.Answer(questions)
}

// TestOneFails: what is wrong with one passage does not take those with it that
// are answered in the same pass, nor the server.
func TestOneFails(t *testing.T) {
	b := newBatcher(&faulty{}, 8, func(int) {})
	defer b.end()
	var questions []corpus.Question
	for _, word := range []string{"狐", "错", "崩", "猫"} {
		questions = append(questions, corpus.Question{Words: []string{word, "说"}, Blank: 1})
	}
	for i, o := range b.outcomes(questions) {
		word := questions[i].Words[0]
		if failed := word == "错" || word == "崩"; (o.err != nil) != failed || !failed && o.answer.Candidates[0].Word != word {
			t.Errorf("%s: %+v", word, o)
		}
	}
	_, h := testServer(t, &faulty{}, Options{})
	for passage, want := range map[string]int{"错XXXXX": 500, "崩XXXXX": 500, "狐XXXXX": 200} {
		if status, text := post(t, h.URL+"/v1/cloze", `{"passage":"`+passage+`"}`); status != want {
			t.Errorf("%s: %d %s, want %d", passage, status, text, want)
		}
	}
}

// TestOtherAddresses: what there is not is told in JSON too.
func TestOtherAddresses(t *testing.T) {
	_, h := testServer(t, &counting{}, Options{})
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/v1/cloze", 405, "POST"}, {"DELETE", "/v1/words", 405, "POST"}, {"POST", "/healthz", 405, "GET"},
		{"GET", "/v2", 404, ""}, {"POST", "/", 405, "GET"}, {"HEAD", "/healthz", 200, ""},
	} {
		request, _ := http.NewRequestWithContext(t.Context(), c.method, h.URL+c.path, nil)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != c.status || response.Header.Get("Allow") != c.allow || c.status >= 400 && !strings.HasPrefix(string(body), `{"error":`) {
			t.Errorf("%s %s: %d %q %s", c.method, c.path, response.StatusCode, response.Header.Get("Allow"), body)
		}
	}
}

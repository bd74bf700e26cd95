package serve

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// TestOpenAPI holds requests and answers against the document.
func TestOpenAPI(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	s, h := testServer(t, &counting{}, Options{Queue: 2, MaxWords: 4})
	for _, c := range []struct {
		method, path, body string
		status             int
		valid              bool // by the document
	}{
		{"GET", "/healthz", "", 200, true},
		{"GET", "/metrics", "", 200, true},
		{"POST", "/v1/cloze", `{"passage":"狐狸提灯走XXXXX过桥","top":3,"detail":true}`, 200, true},
		{"POST", "/v1/cloze", `{"passages":["狐XXXXX","猫XXXXX"]}`, 200, true},
		{"POST", "/v1/cloze", `{"passages":["狐XXXXX","猫XXXXX","兔XXXXX"]}`, 429, true},
		{"POST", "/v1/cloze", `{"passage":"狐"}`, 422, true},
		{"POST", "/v1/cloze", `{"passage":"狐XXXXX","top":0}`, 422, false},
		{"POST", "/v1/cloze", `{"passage":"狐XXXXX","top":101}`, 422, false},
		{"POST", "/v1/cloze", `{"passages":[]}`, 422, false},
		{"POST", "/v1/cloze", `{"other":1}`, 422, false},
		{"POST", "/v1/cloze", `{`, 400, false},
		{"POST", "/v1/cloze", `{"passage":"` + strings.Repeat("a", MaxBody) + `"}`, 413, true},
		{"POST", "/v1/words", `{"text":"狐狸提灯。"}`, 200, true},
		{"POST", "/v1/words", `{"text":""}`, 422, true},
		{"GET", "/openapi.yaml", "", 200, true},
		// From here on it is ending.
		{"POST", "/v1/cloze", `{"passage":"狐XXXXX"}`, 503, true},
		{"POST", "/v1/words", `{"text":"狐"}`, 503, true},
		{"GET", "/healthz", "", 503, true},
		{"GET", "/metrics", "", 200, true},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, h.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		asked := request.Clone(t.Context())
		asked.Body = io.NopCloser(strings.NewReader(c.body))
		asked.URL.Host, asked.URL.Scheme = "", ""
		route, parameters, err := router.FindRoute(asked)
		if err != nil {
			t.Errorf("%s %s: %v", c.method, c.path, err)
			continue
		}
		input := &openapi3filter.RequestValidationInput{Request: asked, PathParams: parameters, Route: route}
		if err := openapi3filter.ValidateRequest(t.Context(), input); (err == nil) != c.valid {
			t.Errorf("%s %.60s: the document says %v", c.path, c.body, err)
		}
		if c.status == 503 {
			s.ending.Store(true)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != c.status {
			t.Errorf("%s %.60s: %d %.100s, want %d", c.path, c.body, response.StatusCode, text, c.status)
		}
		output := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: response.StatusCode, Header: response.Header,
			Body: io.NopCloser(bytes.NewReader(text)), Options: &openapi3filter.Options{IncludeResponseStatus: true},
		}
		if err := openapi3filter.ValidateResponse(t.Context(), output); err != nil {
			t.Errorf("%s %.60s answers %.100s: %v", c.path, c.body, text, err)
		}
	}
}

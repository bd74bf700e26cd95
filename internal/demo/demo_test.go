package demo

import (
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"testing"

	"wakong/corpus"
)

func TestConfig(t *testing.T) {
	c, err := Config(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Crawl.Sites) != 1 || c.Predict.Input.IsZero() || len(c.Build.Valid) != 1 {
		t.Errorf("the demonstration lacks an input: %+v", c)
	}
	source := corpus.QuestionSource{Format: "cmrc2017", Path: c.Build.Valid[0].Path.Resolved(), Answers: c.Build.Valid[0].Answers.Resolved()}
	n := 0
	for _, err := range source.Questions(context.Background(), corpus.QuestionOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 40 {
		t.Errorf("%d questions, want 40", n)
	}
}

func TestServe(t *testing.T) {
	address, stop, err := Serve()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, kind string
		status     int
	}{
		{"/", "text/html", 200},
		{"/tales/001.html", "text/html", 200},
		{"/robots.txt", "text/plain", 200},
		{"/none.html", "text/html", 404},
		{"/../../demo.yaml", "text/html", 404},
	} {
		answer, err := http.Get("http://" + address + c.path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || len(body) == 0 {
			t.Errorf("%s: body of %d bytes, error %v", c.path, len(body), err)
		}
		if answer.StatusCode != c.status || answer.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s: status %d, type %q", c.path, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
		if answer.Header.Get("Date") != "" {
			t.Errorf("%s: has a Date, which differs from run to run", c.path)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get("http://" + address + "/"); err == nil {
		t.Error("still served after stop")
	}
}

func TestDigest(t *testing.T) {
	a, err := Digest()
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Digest()
	if a != b || len(a) != 64 {
		t.Errorf("digests %q and %q", a, b)
	}
}

func TestMeasure(t *testing.T) {
	nouns := []string{"狐狸", "山羊", "兔子", "灯笼"}
	answers := map[string]string{"1": "狐狸", "2": "山羊", "3": "跑", "4": "兔子"}
	got := Measure([]corpus.Question{
		{ID: "1", Words: []string{"狐狸", "狐狸", "山羊", "跑"}},            // most frequent; one of two
		{ID: "2", Words: []string{"狐狸", "狐狸", "山羊", "跑"}},            // one of two
		{ID: "3", Words: []string{"狐狸", "跑"}},                        // no noun
		{ID: "4", Words: []string{"狐狸", "兔子", "山羊", "灯笼", "跑", "跑"}}, // one of four, all as frequent
	}, func(id string) string { return answers[id] }, func(w string) bool { return slices.Contains(nouns, w) })
	want := Baselines{AnyNoun: (0.5 + 0.5 + 0.25) / 4, MostFrequentNoun: (1 + 0.25) / 4}
	if math.Abs(got.AnyNoun-want.AnyNoun) > 1e-12 || math.Abs(got.MostFrequentNoun-want.MostFrequentNoun) > 1e-12 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

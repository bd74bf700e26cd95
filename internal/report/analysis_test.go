package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"wakong/corpus"
	"wakong/model"
)

func TestReadTiming(t *testing.T) {
	log := `{"event":"started","stage":"train","time":"2026-01-02T03:04:05.5Z","resumed":false}
{"event":"validated","step":10,"time":"2026-01-02T03:04:15.5Z","words":1000}
not json
{"event":"validated","step":20,"time":"2026-01-02T03:04:20.5Z","words":2000}
{"event":"failed","stage":"train","time":"2026-01-02T03:04:25Z","seconds":20}
{"event":"started","stage":"train","time":"2026-01-02T04:00:00Z","resumed":true}
{"event":"validated","step":30,"time":"2026-01-02T04:00:02Z","words":3000}
{"event":"validated","step":40,"time":"2026-01-02T04:00:12Z","words":4000}
{"event":"finished","stage":"train","time":"2026-01-02T04:00:12Z","resumed":true,"seconds":12}
{"event":"validated","step":50,"time":"2026-01-02T04:00:11Z","words":5000}
`
	got := ReadTiming([]byte(log))
	// What was trained before the resumed attempt's first validation cannot be
	// known; nor can a rate when the clock has gone back.
	want := Timing{Attempts: 2, Seconds: 32, Speed: []Speed{{10, 100}, {20, 200}, {40, 100}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := ReadTiming(nil); !reflect.DeepEqual(got, Timing{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestDifferences(t *testing.T) {
	got, err := Differences([]json.RawMessage{
		json.RawMessage(`{"train":{"units":4,"list":[1,2],"same":true}}`),
		json.RawMessage(`{"train":{"units":8,"list":[1],"same":true,"new":"x"}}`),
	})
	want := []Setting{{"train.list", []string{"[1,2]", "[1]"}}, {"train.new", []string{"-", "x"}}, {"train.units", []string{"4", "8"}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v", got, err)
	}
	if _, err := Differences([]json.RawMessage{json.RawMessage(`{`)}); err == nil {
		t.Error("no error for what is no JSON")
	}
}

func TestTally(t *testing.T) {
	long := Aspect{By: "length", Order: []string{"short", "long"}, Group: func(a Answered) string {
		if len(a.Words) > 3 {
			return "long"
		}
		return "short"
	}}
	kinds := []string{"a", "b"}
	tally := NewTally([]Aspect{long}, kinds, func(w string) string { return kinds[len(w)-1] })
	add := func(answer string, best ...string) {
		a := Answered{Words: best, Positions: make([]float64, len(best)), Answer: answer}
		for _, w := range best {
			a.Best = append(a.Best, model.Candidate{Word: w})
		}
		tally.Add(a)
	}
	add("x", "x", "y")
	add("x", "y", "x")
	add("x", "yy", "z", "w", "x")
	add("", "x")          // the answer is no word of the passage
	add("x", "yy", "z")   // nor here
	add("yy", "xx", "yy") //
	add("x", "yy", "x", "z")
	got := tally.Answers()
	if got.Questions != 7 || got.Correct != 1 || got.Ranks != [6]int{1, 3, 0, 1} || got.Absent() != 2 {
		t.Errorf("%+v", got)
	}
	if want := [][]int{{1, 3}, {0, 1}}; !reflect.DeepEqual(got.Confusion, want) {
		t.Errorf("confusion %v, want %v", got.Confusion, want)
	}
	if want := []Mistake{{"x", "yy", 3}, {"x", "y", 1}, {"yy", "xx", 1}}; !reflect.DeepEqual(got.Mistakes, want) {
		t.Errorf("mistakes %v, want %v", got.Mistakes, want)
	}
	if want := []model.Group{{Name: "short", Total: 6, Correct: 1, Accuracy: 1.0 / 6}, {Name: "long", Total: 1}}; !reflect.DeepEqual(got.Breakdown[0].Groups, want) {
		t.Errorf("groups %+v, want %+v", got.Breakdown[0].Groups, want)
	}
	if len(got.Right) != 1 || len(got.Wrong) != 5 {
		t.Errorf("%d right and %d wrong samples", len(got.Right), len(got.Wrong))
	}
}

// Samples are spread over all questions, however many there are.
func TestSampleOfMany(t *testing.T) {
	for _, n := range []int{1, shownWrong, shownWrong + 1, 1000, 4097} {
		tally := NewTally(nil, []string{"a"}, func(string) string { return "a" })
		for i := range n {
			tally.Add(Answered{ID: fmt.Sprint(i), Words: []string{"y"}, Positions: []float64{1}, Answer: "x", Best: []model.Candidate{{Word: "y"}}})
		}
		wrong := tally.Answers().Wrong
		if len(wrong) < min(n, shownWrong/2) || len(wrong) > shownWrong || wrong[0].ID != "0" {
			t.Errorf("%d questions: %d samples", n, len(wrong))
		}
		var last int
		fmt.Sscan(wrong[len(wrong)-1].ID, &last)
		if last < n/2-1 {
			t.Errorf("%d questions: the last sample is %d", n, last)
		}
	}
}

func TestAround(t *testing.T) {
	a := Answered{Blank: 900, Words: make([]string, 1000), Positions: make([]float64, 1000)}
	a.Positions[899], a.Positions[900] = 1, 2
	got := a.around()
	if len(got.Words) != passageWords || got.Before != 760 || got.After != 0 || got.Positions[got.Blank-1] != 1 || got.Positions[got.Blank] != 2 {
		t.Errorf("%d words, blank %d, %d before, %d after", len(got.Words), got.Blank, got.Before, got.After)
	}
}

func TestSample(t *testing.T) {
	v := newSample(Answered{Words: []string{"他", "a", "b", "说", "好"}, Blank: 3, Positions: []float64{0.5, 0, 0, 0.25, 0.001}, Answer: "好",
		Best: []model.Candidate{{Word: "他"}, {Word: "好"}}})
	want := []piece{{"他", "left", 0.75, "50.0 %"}, {"a b", "", 0, ""}, {"他", "blank", 0, ""}, {"说", "right", 0.375, "25.0 %"}, {"好", "", 0, ""}}
	if !reflect.DeepEqual(v.Pieces, want) || v.Rank != 2 || v.Correct {
		t.Errorf("%+v", v)
	}
	if v := newSample(Answered{}); len(v.Pieces) != 1 || v.Pieces[0].Text != "?" {
		t.Errorf("of nothing: %+v", v)
	}
}

func TestReadCorpus(t *testing.T) {
	fault := errors.New("fault")
	if _, err := ReadCorpus(func(yield func(corpus.Document, error) bool) { yield(corpus.Document{}, fault) }, 1, nil); err != fault {
		t.Errorf("error %v", err)
	}
	documents := func(yield func(corpus.Document, error) bool) {
		for range 3 {
			if !yield(corpus.Document{Sentences: [][]string{{"a", "b", "，"}, {"a"}, strings.Fields(strings.Repeat("长 ", 200))}}, nil) {
				return
			}
		}
	}
	calls := 0
	c, err := ReadCorpus(documents, 3, func(int64) { calls++ })
	if err != nil || calls != 3 || c.Statistics.Words != 3*204 || len(c.Samples) != 3 {
		t.Fatalf("%+v %v", c, err)
	}
	if s := c.Samples[0]; !s.More || s.Words != 204 || s.Text != "a b，a" {
		t.Errorf("sample %+v", s)
	}
	if p := c.frequencies(); len(p) < 3 || p[0].X != 1 || p[0].Y != 600 || p[len(p)-1].X != 4 {
		t.Errorf("frequencies %v", p)
	}
	if p := c.growth(); len(p) < 3 || p[len(p)-1].X != 612 || p[len(p)-1].Y != 4 {
		t.Errorf("growth %v", p)
	}
	if l := c.lengths("documents"); l.Quantiles[3] != 204 || l.Quantiles[6] != 204 {
		t.Errorf("lengths %+v", l)
	}
}

// Bars of the histogram are as wide as the first; a long tail has one of them.
func TestHistogram(t *testing.T) {
	text, err := histogram("a", []corpus.LengthGroup{{From: 1, To: 10, Count: 5}, {From: 11, To: 20, Count: 7}, {From: 21, To: 9000, Count: 1}})
	if err != nil || !strings.Contains(string(text), ">30<") || strings.Contains(string(text), ">9000<") {
		t.Errorf("%v\n%s", err, text)
	}
}

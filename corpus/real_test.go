package corpus

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// realData is the folder of real text for measuring; tests that want it skip
// where it is not named.
func realData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("WAKONG_DATA")
	if dir == "" {
		t.Skip("WAKONG_DATA does not name the folder of real text (cmrc2017, cft, cmrc2019, c3, stories)")
	}
	if _, err := os.Stat(filepath.Join(dir, "cmrc2017")); err != nil {
		t.Skipf("WAKONG_DATA has no real text: %v", err)
	}
	return dir
}

func realSources(dir string) []Source {
	at := func(elements ...string) string { return filepath.Join(append([]string{dir}, elements...)...) }
	return []Source{
		{Format: FormatCMRC2017, Path: at("cmrc2017", "user.train.doc_query"), Answers: at("cmrc2017", "user.train.answer"), Name: "user.train"},
		{Format: FormatPDCFT, Path: at("cft", "cft.auto"), Name: "cft.auto"},
		{Format: FormatPDCFT, Path: at("cft", "cft.human"), Name: "cft.human"},
		{Format: FormatJSONLines, Path: at("cmrc2019", "passages.jsonl"), Name: "cmrc2019"},
		{Format: FormatJSONLines, Path: at("c3", "passages.jsonl"), Name: "c3"},
		{Format: FormatText, Path: at("stories"), Name: "stories"},
	}
}

func samplesOf(ctx context.Context, sources ...Source) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for _, s := range sources {
			for d, err := range s.Samples(ctx, nil) {
				if !yield(d, err) {
					return
				}
			}
		}
	}
}

func realLeaks(t testing.TB, dir string) *Leaks {
	t.Helper()
	leaks, err := NewLeaks(0)
	if err != nil {
		t.Fatal(err)
	}
	valid := QuestionSource{Format: FormatCMRC2017, Path: filepath.Join(dir, "cmrc2017", "cloze.dev.doc_query"),
		Answers: filepath.Join(dir, "cmrc2017", "cloze.dev.answer")}
	if err := valid.Probe(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for q, err := range valid.Questions(t.Context(), QuestionOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		leaks.AddQuestion(q)
		n++
	}
	if n != 1000 {
		t.Errorf("%d validation questions, want 1000", n)
	}
	return leaks
}

// The figures are those that the data's own description gives for runs of 16
// Chinese characters shared with cloze.dev.
func TestRealLeaks(t *testing.T) {
	dir := realData(t)
	leaks := realLeaks(t, dir)
	least := map[string][2]int{"user.train": {71, 40}, "cmrc2019": {4, 4}, "c3": {3, 3}}
	for _, s := range realSources(dir) {
		if err := s.Probe(); err != nil {
			t.Fatal(err)
		}
		started := time.Now()
		docs, report := Prepare(t.Context(), samplesOf(t.Context(), s), PrepareOptions{Segmenter: testJieba(t), Leaks: leaks})
		for _, err := range docs {
			if err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%s: %d samples, %d documents, %d duplicates, %d sentences (%d blank, %d foreign dropped), %d words, leaks: %d samples, %d documents; steps %v; %.2f s",
			s.Name, report.Samples, report.Documents, report.Duplicates, report.Sentences, report.SentencesBlank, report.SentencesForeign,
			report.Words, report.Leaks.Samples, report.Leaks.Documents, report.Steps, time.Since(started).Seconds())
		if want, ok := least[s.Name]; ok && (report.Leaks.Samples < want[0] || report.Leaks.Documents < want[1]) {
			t.Errorf("%s: leaks in %d samples, %d documents; want at least %d, %d",
				s.Name, report.Leaks.Samples, report.Leaks.Documents, want[0], want[1])
		}
	}
}

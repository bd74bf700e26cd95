package corpus

import (
	"bytes"
	"context"
	"iter"
	"os"
	"path/filepath"
	"slices"
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

// TestRealCorpus is the whole way on all of the real text at once: what the
// stages segment and build do.
func TestRealCorpus(t *testing.T) {
	dir := realData(t)
	leaks := realLeaks(t, dir)
	j := testJieba(t)
	var hashes []contentHash
	for _, threads := range []int{0, 1, 3} {
		started := time.Now()
		documents, report := Prepare(t.Context(), samplesOf(t.Context(), realSources(dir)...),
			PrepareOptions{Segmenter: j, Leaks: leaks, Threads: threads, DropText: true})
		var out bytes.Buffer
		var all []Document
		if _, err := WriteDocuments(&out, func(yield func(Document, error) bool) {
			for d, err := range documents {
				all = append(all, d)
				if !yield(d, err) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, hashText(out.String()))
		seconds := time.Since(started).Seconds()
		started = time.Now()
		n, ids := 0, map[string]bool{}
		answers := map[string]int{}
		for _, d := range all {
			if ids[d.ID] {
				t.Fatalf("two documents are called %s", d.ID)
			}
			ids[d.ID] = true
			for _, p := range Passages(d, 480) {
				for _, q := range (Generator{Seed: 1}).Questions(p, j.IsNoun) {
					n++
					answers[q.Answer]++
				}
			}
		}
		t.Logf("threads %d: %d samples, %d duplicates, %d documents, %d sentences, %d words, leaks %d samples, %d documents: %.2f s, %.0f words/s; %d questions on %d words in %.2f s",
			threads, report.Samples, report.Duplicates, report.Documents, report.Sentences, report.Words, report.Leaks.Samples, report.Leaks.Documents,
			seconds, float64(report.Words)/seconds, n, len(answers), time.Since(started).Seconds())
		if report.Leaks.Samples < 71+4+3 || report.Leaks.Documents < 40+4+3 {
			t.Errorf("leaks in only %d samples, %d documents", report.Leaks.Samples, report.Leaks.Documents)
		}
		if hashes[0] != hashes[len(hashes)-1] {
			t.Errorf("%d threads give another result", threads)
		}
	}
}

// Both parts of CFT as questions. Two samples of the human part have no blank
// or two passages' worth of them.
func TestRealQuestions(t *testing.T) {
	dir := realData(t)
	for name, want := range map[string][2]int{"cft.auto": {2691, 0}, "cft.human": {1934, 2}} {
		var report SourceReport
		n, answered := 0, 0
		s := QuestionSource{Format: FormatPDCFT, Path: filepath.Join(dir, "cft", name), Name: name, OnError: OnErrorSkip}
		for q, err := range s.Questions(t.Context(), QuestionOptions{Report: &report}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if slices.Contains(q.Words, q.Answer) {
				answered++
			}
		}
		t.Logf("%s: %d questions, %d with the answer in the passage, skipped %v", name, n, answered, report.Skips)
		if n != want[0] || report.Skipped != want[1] {
			t.Errorf("%s: %d questions, %d skipped, want %v", name, n, report.Skipped, want)
		}
	}
	// A contest's file without blanks is no file of questions.
	s := QuestionSource{Format: FormatCMRC2017, Path: filepath.Join(dir, "cmrc2017", "user.train.doc_query"), Name: "user.train"}
	if err := s.Probe(); err == nil || err.Error() != "user.train:1: found no blank in the passage, expected exactly one XXXXX in the passage" {
		t.Errorf("got %v", err)
	}
}

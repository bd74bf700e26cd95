package corpus

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// tagOf is a part of speech by the word's first letter.
func tagOf(word string) string {
	return map[byte]string{'a': "n", 'b': "nr", 'c': "ns", 'd': "x", 'e': "v"}[word[0]]
}

// drawQuestion draws one whose answer has one to three characters and stands in
// the passage up to four times.
func drawQuestion(r *rapid.T) Question {
	answer := rapid.StringMatching(`[a-e]{1,3}`).Draw(r, "answer")
	words := slices.Repeat([]string{answer}, rapid.IntRange(1, 4).Draw(r, "frequency"))
	words = append(words, rapid.StringMatching(`z{1,40}`).Draw(r, "other"))
	return Question{Words: words, Blank: rapid.IntRange(0, len(words)).Draw(r, "blank"), Answer: answer}
}

// keptOf offers questions in their order and lists those that are kept.
func keptOf(t interface{ Fatal(...any) }, reference, candidates []Question, seed uint64) ([]string, MatchReport) {
	m := NewAnswerMatch(tagOf, seed)
	for _, q := range reference {
		m.AddReference(q)
	}
	for _, q := range candidates {
		m.Offer(q)
	}
	report, err := m.Settle()
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, q := range candidates {
		if m.Keep(q) {
			kept = append(kept, fmt.Sprint(q))
		}
	}
	slices.Sort(kept)
	return kept, report
}

// What is kept does not depend on the order, and the report tells the truth.
func TestAnswerMatchAnyOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		questions := rapid.SliceOfN(rapid.Custom(drawQuestion), 1, 60)
		reference, candidates := questions.Draw(r, "reference"), questions.Draw(r, "candidates")
		one, report := keptOf(r, reference, candidates, 3)
		other, again := keptOf(r, rapid.Permutation(reference).Draw(r, "its order"), rapid.Permutation(candidates).Draw(r, "their order"), 3)
		if !slices.Equal(one, other) || report != again {
			r.Fatalf("the order matters: %v %v\n%v %v", one, report, other, again)
		}
		if report.Kept != len(one) || report.Candidates != len(candidates) || report.Reference != len(reference) {
			r.Fatalf("%d of %d kept, the report says %+v", len(one), len(candidates), report)
		}
		if report.Variation < report.Missing-1e-9 || max(report.Frequency, report.Characters, report.Kind) > report.Variation+1e-9 {
			r.Fatalf("%+v", report)
		}
	})
}

// Of many candidates of another distribution, enough are chosen to match.
func TestAnswerMatchReaches(t *testing.T) {
	var reference, candidates []Question
	add := func(to *[]Question, n int, answer string, frequency int) {
		for i := range n {
			words := append(slices.Repeat([]string{answer}, frequency), fmt.Sprint("z", i))
			*to = append(*to, Question{Words: words, Answer: answer})
		}
	}
	add(&reference, 500, "aa", 1)
	add(&reference, 300, "aa", 2)
	add(&reference, 150, "bbb", 1)
	add(&reference, 50, "d", 4)
	add(&candidates, 9000, "aa", 1)
	add(&candidates, 400, "aa", 2)
	add(&candidates, 3000, "bbb", 1)
	add(&candidates, 70, "d", 4)
	add(&candidates, 5000, "eee", 3) // of no use
	kept, report := keptOf(t, reference, candidates, 1)
	if report.Variation > DefaultVariation || report.Missing != 0 || report.MissingMost != "" {
		t.Errorf("%+v", report)
	}
	// 400 of 30 per cent alone would allow 1333; the distance that is left, more.
	if len(kept) < 1333 || len(kept) > 1700 {
		t.Errorf("%d kept", len(kept))
	}
	other, _ := keptOf(t, reference, candidates, 2)
	if len(other) != len(kept) || slices.Equal(other, kept) {
		t.Error("the seed does not matter")
	}
}

func TestAnswerMatchMissing(t *testing.T) {
	q := func(answer string, more string) Question {
		return Question{Words: []string{answer, more}, Answer: answer}
	}
	reference := []Question{q("a", ""), q("a", ""), q("a", ""), q("bb", "")}
	var candidates []Question
	for i := range 100 {
		candidates = append(candidates, q("a", strings.Repeat("z", i)))
	}
	kept, report := keptOf(t, reference, candidates, 1)
	if len(kept) != 100 || math.Abs(report.Variation-0.25) > 1e-9 || report.Missing != 0.25 ||
		report.MissingMost != "name of a person, 2 characters, 1 times in the passage" {
		t.Errorf("%d kept, %+v", len(kept), report)
	}
	if _, report = keptOf(t, reference, nil, 1); report.Kept != 0 || report.Variation != 1 {
		t.Errorf("%+v", report)
	}
	m := NewAnswerMatch(tagOf, 1)
	m.AddReference(Question{Words: []string{"a"}})
	if _, err := m.Settle(); !errors.Is(err, ErrNoReference) {
		t.Errorf("%v", err)
	}
}

func TestQuestionStatistics(t *testing.T) {
	one, other := NewQuestionStatistics(tagOf), NewQuestionStatistics(tagOf)
	for range 3 {
		one.Add(Question{Words: []string{"aa", "aa", "z"}, Blank: 2, Answer: "aa"})
	}
	one.Add(Question{Words: slices.Repeat([]string{"e"}, 400), Answer: "e"})
	one.Add(Question{Words: []string{"z"}})
	other.Add(Question{Words: []string{"bb", "bb"}, Answer: "bb"})
	if one.Questions != 4 || one.Words != 409 {
		t.Errorf("%d questions of %d words", one.Questions, one.Words)
	}
	var b strings.Builder
	for i, a := range one.Aspects {
		fmt.Fprintf(&b, "%s %.2f:", a.By, one.Variation(other, i))
		for _, g := range a.Groups {
			if g.Count > 0 {
				fmt.Fprintf(&b, " %s: %d;", g.Name, g.Count)
			}
		}
		b.WriteString("\n")
	}
	golden(t, "question_statistics.txt", b.String())
}

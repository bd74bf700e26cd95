package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestQuestionSheet(t *testing.T) {
	made, given := NewQuestionStatistics(tagOf), NewQuestionStatistics(tagOf)
	q := Question{ID: "tale_1#1", Words: strings.Fields("aa has a *lamp* , the lamp of <aa>"), Blank: 6, Answer: "lamp"}
	made.Add(q)
	given.Add(Question{Words: strings.Fields("bb bb"), Answer: "bb"})
	var b bytes.Buffer
	err := WriteQuestionSheet(&b, QuestionSet{"made", made, []Question{q}}, QuestionSet{"given", given, nil})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "questionsheet.md", b.String())
	if err := WriteQuestionSheet(&b); err != nil {
		t.Error(err)
	}
}

// The sample does not depend on the order, and is one of the questions.
func TestQuestionSampler(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		questions := rapid.SliceOfN(rapid.Custom(drawQuestion), 0, 40).Draw(r, "questions")
		for i := range questions {
			questions[i].ID = fmt.Sprint(i)
		}
		most := rapid.IntRange(0, 20).Draw(r, "most")
		sample := func(questions []Question) []Question {
			s := NewQuestionSampler(most, 3)
			for _, q := range questions {
				s.Add(q)
			}
			return s.Questions()
		}
		one, other := sample(questions), sample(rapid.Permutation(questions).Draw(r, "order"))
		if len(one) != min(most, len(questions)) || fmt.Sprint(one) != fmt.Sprint(other) {
			r.Fatalf("%v\n%v", one, other)
		}
	})
}

package reader

import (
	"slices"
	"strings"
	"testing"

	"wakong/model"
	"wakong/vocab"
)

// TestFindNouns: a word that stands where nouns stand is a candidate, whatever
// its part of speech, unless that is one of words that are never nouns.
func TestFindNouns(t *testing.T) {
	words := []string{"。", "的", "只", "跑", "花", "树", "里", "a"}
	tags := []string{"", "x", "uj", "q", "v", "v", "v", "f", "x"}
	v, err := vocab.New(words, []int64{80, 70, 60, 50, 40, 30, 20, 10})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{
		// 花 thrice of ten places: behind 的, behind a measure word before a mark, and before a verb.
		"的 花 。 只 花 。 只 花 跑 跑 花 跑 花 跑 花 跑 花 跑 花 跑 花 跑 花 跑",
		// 树 once of once, which is too little to tell; 跑 often, but not as nouns do.
		"的 树 跑 。 只 树 。 的 跑 里 只 跑 里 的 里 。 的 里 。 的 a 。 的 a 。",
	}
	var examples []model.Example
	for _, text := range texts {
		e := model.Example{Unknown: []string{"甲甲"}}
		for word := range strings.FieldsSeq(text) {
			e.Left = append(e.Left, v.ID(word))
		}
		// A word beyond the vocabulary is nobody's noun.
		e.Left = append(e.Left, int32(v.Len()), v.ID("。"))
		examples = append(examples, e)
	}
	l := NewLexicon(v, tags)
	l.findNouns(examples)
	var found []string
	for i := 1; i < v.Len(); i++ {
		if l.candidate[i] {
			found = append(found, v.Word(int32(i)))
		}
		if l.target[i] {
			t.Errorf("%s is a blank in training as a noun is", v.Word(int32(i)))
		}
	}
	if !slices.Equal(found, []string{"花"}) {
		t.Errorf("found %q, want 花 alone", found)
	}
}

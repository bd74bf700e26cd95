package corpus

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A QuestionAspect sorts answered questions into groups by what they are like.
type QuestionAspect struct {
	By     string   // what the groups differ in
	Groups []string // all of them, in their order
	// Of is the number of the question's group.
	Of func(q Question) int
}

// The aspects of questions, by their place in what [QuestionAspects] gives. The
// first three are those of the answer that [AnswerMatch] matches.
const (
	AspectFrequency = iota
	AspectCharacters
	AspectKind
	AspectWords
	AspectPosition
)

// QuestionAspects are the ways in which sets of questions are compared: how
// often the answer stands in the passage (besides the blank), how many characters
// it has, its part of speech by tag ([Jieba.Tag]), how many words the passage has,
// and where in it the blank stands.
func QuestionAspects(tag func(word string) string) []QuestionAspect {
	kinds := []string{"noun", "name of a person", "name of a place", "not in the dictionary", "other"}
	return []QuestionAspect{
		{"how often the answer stands in the passage", []string{"0", "1", "2", "3", "4", "5", "6", "7", "8 and more"}, func(q Question) int {
			return min(q.frequency(), 8)
		}},
		{"characters of the answer", []string{"1", "2", "3", "4 and more"}, func(q Question) int {
			return max(1, min(4, utf8.RuneCountInString(q.Answer))) - 1
		}},
		{"part of speech of the answer", kinds, func(q Question) int {
			switch t := tag(q.Answer); {
			case t == "x":
				return 3
			case strings.HasPrefix(t, "nr"):
				return 1
			case strings.HasPrefix(t, "ns"):
				return 2
			case strings.HasPrefix(t, "n"):
				return 0
			}
			return 4
		}},
		{"words of the passage", []string{"to 150", "151 to 250", "251 to 350", "351 and more"}, func(q Question) int {
			i, _ := slices.BinarySearch([]int{150, 250, 350}, len(q.Words))
			return i
		}},
		{"place of the blank in the passage", []string{"first fifth", "second fifth", "third fifth", "fourth fifth", "last fifth"}, func(q Question) int {
			return min(4, 5*q.Blank/max(1, len(q.Words)))
		}},
	}
}

// frequency is how often the answer stands in the passage, the blank not counted.
func (q Question) frequency() int {
	n := 0
	for _, w := range q.Words {
		if w == q.Answer {
			n++
		}
	}
	return n
}

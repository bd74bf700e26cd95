package model

import "strings"

// A Group is the score of some of the questions.
type Group struct {
	Name     string  `json:"name"`
	Total    int     `json:"questions"`
	Correct  int     `json:"correct"`
	Accuracy float64 `json:"accuracy"` // from 0 to 1
}

// EvaluateGroups scores the questions of each group that group puts them in, by
// id. order lists the groups' names; a name that is not in it leaves a question
// out. Predictions and answers are those that [Evaluate] takes.
func EvaluateGroups(predictions, answers []Labeled, order []string, group func(id string) string) []Group {
	predicted := make(map[string]string, len(predictions))
	for _, p := range predictions {
		predicted[p.ID] = strings.TrimSpace(p.Word)
	}
	place := make(map[string]int, len(order))
	groups := make([]Group, len(order))
	for i, name := range order {
		place[name], groups[i].Name = i, name
	}
	for _, a := range answers {
		i, ok := place[group(a.ID)]
		if !ok {
			continue
		}
		groups[i].Total++
		if word := strings.TrimSpace(a.Word); word != "" && predicted[a.ID] == word {
			groups[i].Correct++
		}
	}
	for i := range groups {
		if groups[i].Total > 0 {
			groups[i].Accuracy = float64(groups[i].Correct) / float64(groups[i].Total)
		}
	}
	return groups
}

package corpus

// QuestionStatistics count what the questions of a set are like. Make them with
// [NewQuestionStatistics].
type QuestionStatistics struct {
	Questions int `json:"questions"`
	// Words are the passages' words, without the blanks.
	Words   int64         `json:"words"`
	Aspects []AspectCount `json:"aspects"`

	aspects []QuestionAspect
}

// An AspectCount counts the groups of one [QuestionAspect].
type AspectCount struct {
	By     string       `json:"by"`
	Groups []GroupCount `json:"groups"`
}

// A GroupCount is the number of questions in a group.
type GroupCount struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// NewQuestionStatistics counts by [QuestionAspects]; tag is that of a word.
func NewQuestionStatistics(tag func(word string) string) *QuestionStatistics {
	s := &QuestionStatistics{aspects: QuestionAspects(tag)}
	for _, a := range s.aspects {
		count := AspectCount{By: a.By}
		for _, name := range a.Groups {
			count.Groups = append(count.Groups, GroupCount{Name: name})
		}
		s.Aspects = append(s.Aspects, count)
	}
	return s
}

// Add counts a question. Those without answer are passed over.
func (s *QuestionStatistics) Add(q Question) {
	if q.Answer == "" {
		return
	}
	s.Questions++
	s.Words += int64(len(q.Words))
	for i, a := range s.aspects {
		s.Aspects[i].Groups[a.Of(q)].Count++
	}
}

// Variation is the total variation distance between the distributions of one
// aspect in two sets: half the sum of the differences between the shares of its
// groups, 0 where they are the same, 1 where no group is in both.
func (s *QuestionStatistics) Variation(other *QuestionStatistics, aspect int) float64 {
	a, b := map[int]int{}, map[int]int{}
	for i, g := range s.Aspects[aspect].Groups {
		a[i], b[i] = g.Count, other.Aspects[aspect].Groups[i].Count
	}
	return variation(a, b)
}

// variation is the total variation distance between two distributions given by
// counts; that of an empty one to any other is 1.
func variation[K comparable](a, b map[K]int) float64 {
	sumA, sumB := 0, 0
	for _, n := range a {
		sumA += n
	}
	for _, n := range b {
		sumB += n
	}
	if sumA == 0 || sumB == 0 {
		return 1
	}
	// Shared mass is summed in whole numbers, so that no order of the map shows.
	var shared uint64
	for k, n := range a {
		shared += min(uint64(n)*uint64(sumB), uint64(b[k])*uint64(sumA))
	}
	return 1 - float64(shared)/(float64(sumA)*float64(sumB))
}

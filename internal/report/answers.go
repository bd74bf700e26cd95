package report

import (
	"cmp"
	"math"
	"slices"

	"wakong/model"
)

// Answers are how validation questions were answered.
type Answers struct {
	Questions, Correct int
	// Ranks counts the questions whose right word came first, second, ... by
	// the groups of rankGroups; those whose right word is no word of the passage
	// stand in none.
	Ranks [len(rankGroups)]int
	// Breakdown is the accuracy by what the questions are like.
	Breakdown []Breakdown
	Kinds     []string // of words, in the order of Confusion
	// Confusion counts wrong answers by the kind of the right word and that of
	// the chosen one.
	Confusion [][]int
	// Mistakes are the pairs of words that are confused most often.
	Mistakes     []Mistake
	Right, Wrong []Answered
}

// Absent counts the questions whose right word is no word of the passage, or not known.
func (a *Answers) Absent() int {
	n := a.Questions
	for _, ranked := range a.Ranks {
		n -= ranked
	}
	return n
}

// A Breakdown is the accuracy by one aspect.
type Breakdown struct {
	By     string
	Groups []model.Group
}

// A Mistake is a wrong word with the right one.
type Mistake struct {
	Right, Chosen string
	Count         int
}

// Answered is a question with its answers.
type Answered struct {
	ID        string
	Words     []string // without the blank
	Blank     int      // how many of them stand left of it
	Positions []float64
	// Before and After count the words at the ends that are left out.
	Before, After int
	Answer        string // "" where it is not known
	Best          []model.Candidate
}

// correct tells whether the most probable word is the right one.
func (a Answered) correct() bool {
	return a.Answer != "" && len(a.Best) > 0 && a.Best[0].Word == a.Answer
}

var rankGroups = [...]struct {
	name     string
	from, to int
}{{"1", 1, 1}, {"2", 2, 2}, {"3", 3, 3}, {"4 to 5", 4, 5}, {"6 to 10", 6, 10}, {"11 and more", 11, math.MaxInt}}

// The bounds of what is shown of answers.
const (
	shownRight    = 6
	shownWrong    = 12
	shownMistakes = 15
	passageWords  = 240 // around the blank
	shownBest     = 5
)

// An Aspect puts a question in one of some groups; a name that is not in Order leaves
// it out.
type Aspect struct {
	By    string
	Order []string
	Group func(Answered) string
}

// A Tally collects answers.
type Tally struct {
	aspects []Aspect
	kinds   []string
	kind    func(word string) string

	answers  Answers
	groups   []map[string]*model.Group
	mistakes map[Mistake]int
	rights   int
	wrongs   int
}

// NewTally collects answers. kind puts a word into one of kinds.
func NewTally(aspects []Aspect, kinds []string, kind func(word string) string) *Tally {
	t := &Tally{aspects: aspects, kinds: kinds, kind: kind, mistakes: map[Mistake]int{}}
	t.answers.Kinds = kinds
	for range kinds {
		t.answers.Confusion = append(t.answers.Confusion, make([]int, len(kinds)))
	}
	for range aspects {
		t.groups = append(t.groups, map[string]*model.Group{})
	}
	return t
}

// Add counts an answered question, whose Best holds all words of the passage.
func (t *Tally) Add(a Answered) {
	t.answers.Questions++
	right := a.correct()
	if right {
		t.answers.Correct++
	}
	for i, aspect := range t.aspects {
		name := aspect.Group(a)
		g := t.groups[i][name]
		if g == nil {
			g = &model.Group{Name: name}
			t.groups[i][name] = g
		}
		g.Total++
		if right {
			g.Correct++
		}
	}
	if at := slices.IndexFunc(a.Best, func(c model.Candidate) bool { return c.Word == a.Answer }); at >= 0 && a.Answer != "" {
		for i, g := range rankGroups {
			if at+1 >= g.from && at+1 <= g.to {
				t.answers.Ranks[i]++
			}
		}
	}
	if !right && a.Answer != "" && len(a.Best) > 0 {
		t.mistakes[Mistake{Right: a.Answer, Chosen: a.Best[0].Word}]++
		if from, to := slices.Index(t.kinds, t.kind(a.Answer)), slices.Index(t.kinds, t.kind(a.Best[0].Word)); from >= 0 && to >= 0 {
			t.answers.Confusion[from][to]++
		}
	}
	if right {
		t.answers.Right = t.keep(t.answers.Right, shownRight, &t.rights, a)
	} else if a.Answer != "" {
		t.answers.Wrong = t.keep(t.answers.Wrong, shownWrong, &t.wrongs, a)
	}
}

// keep keeps a sample of at most most of the questions seen, one in 1, 2, 4, ...
// of them, which needs neither their number nor chance.
func (t *Tally) keep(kept []Answered, most int, seen *int, a Answered) []Answered {
	defer func() { *seen++ }()
	every := 1
	for *seen/every >= most {
		every *= 2
	}
	if *seen%every != 0 {
		return kept
	}
	if len(kept) == most {
		var thinned []Answered
		for i := 0; i < len(kept); i += 2 {
			thinned = append(thinned, kept[i])
		}
		kept = thinned
	}
	a.Words, a.Positions = slices.Clone(a.Words), slices.Clone(a.Positions)
	a.Best = slices.Clone(a.Best[:min(shownBest, len(a.Best))])
	return append(kept, a.around())
}

// around keeps the words near the blank.
func (a Answered) around() Answered {
	n := len(a.Words)
	if n <= passageWords {
		return a
	}
	from := min(max(0, a.Blank-passageWords/2), n-passageWords)
	to := from + passageWords
	a.Words, a.Positions, a.Blank = a.Words[from:to], a.Positions[from:to], a.Blank-from
	a.Before, a.After = from, n-to
	return a
}

// Answers gives what was collected.
func (t *Tally) Answers() *Answers {
	out := t.answers
	for i, aspect := range t.aspects {
		b := Breakdown{By: aspect.By}
		for _, name := range aspect.Order {
			if g := t.groups[i][name]; g != nil {
				g.Accuracy = float64(g.Correct) / float64(g.Total)
				b.Groups = append(b.Groups, *g)
			}
		}
		out.Breakdown = append(out.Breakdown, b)
	}
	for m, n := range t.mistakes {
		m.Count = n
		out.Mistakes = append(out.Mistakes, m)
	}
	slices.SortFunc(out.Mistakes, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Right, b.Right), cmp.Compare(a.Chosen, b.Chosen))
	})
	out.Mistakes = out.Mistakes[:min(shownMistakes, len(out.Mistakes))]
	return &out
}

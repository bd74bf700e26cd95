package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"sort"

	"wakong/corpus"
	"wakong/internal/ui"
	"wakong/model"
)

// AverageOptions say what is averaged.
type AverageOptions struct {
	Files    []string // of "predict --format jsonl", of the same questions
	Output   string   // a file, or standardStream
	Format   string   // "contest" or "jsonl"
	Top      int      // words of a question in jsonl
	Reporter *ui.Reporter
}

// wholeProbability is what the probabilities of all words of a question add up
// to at least, each having six digits.
const wholeProbability = 0.995

// Average gives each word of each question the mean of the probabilities that
// several trainings gave it, and writes the most probable ones: an ensemble. A
// file that does not name a word gives it 0.
func Average(ctx context.Context, o AverageOptions) error {
	for _, name := range o.Files {
		if sameFile(name, o.Output) {
			return fmt.Errorf("%w: the output %s is an input too; choose another file", ErrUsage, o.Output)
		}
	}
	var mean averaged
	if err := work(o.Reporter, "average", "bytes", func(progress func(done, total int64)) error {
		return mean.readAll(ctx, o, ofFiles(progress, o.Files...))
	}); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := writeAnswers(&out, mean.answers(o.Format, o.Top), o.Format); err != nil {
		return err
	}
	if o.Output == standardStream || o.Output == "" {
		_, err := o.Reporter.Out().Write(out.Bytes())
		return err
	}
	return WriteFile(ctx, o.Output, out.Bytes())
}

// averaged are the questions of the first file in its order, and the sums of
// the probabilities of all files.
type averaged struct {
	files     int
	first     string // name of the first file
	questions []*averagedQuestion
	byID      map[string]*averagedQuestion
}

type averagedQuestion struct {
	id    string
	files int // that have it
	words []model.Candidate
	place map[string]int // of a word in words
}

// readAll adds the files.
func (a *averaged) readAll(ctx context.Context, o AverageOptions, count *readBytes) error {
	for _, name := range o.Files {
		whole, err := a.read(ctx, name, count)
		if err != nil {
			return err
		}
		if whole < wholeProbability {
			o.Reporter.Warn("", "%s leaves words out: those of one question have a probability of %.2f together; \"predict --top 10000\" names all", name, whole)
		}
	}
	return nil
}

// read adds a file and gives the least sum of the probabilities of a question's
// words in it.
func (a *averaged) read(ctx context.Context, name string, count *readBytes) (whole float64, err error) {
	whole = 1
	a.files++
	if a.files == 1 {
		a.first, a.byID = name, map[string]*averagedQuestion{}
	}
	err = openFile(ctx, name, func(in io.Reader) error {
		return eachPrediction(count.reader(in), name, func(line int, p model.Prediction) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			q, err := a.question(p.ID)
			if err != nil {
				return &corpus.InputError{File: name, Line: line, Err: err}
			}
			sum := 0.0
			for _, c := range p.Answers {
				if !(c.Probability >= 0 && c.Probability <= 1) {
					return &corpus.InputError{File: name, Line: line, Found: fmt.Sprintf("the probability %g", c.Probability), Want: "0 to 1"}
				}
				q.add(c)
				sum += c.Probability
			}
			if len(p.Answers) > 0 {
				whole = min(whole, sum)
			}
			return nil
		})
	})
	if err != nil {
		return 0, err
	}
	for _, q := range a.questions {
		if q.files != a.files {
			return 0, &corpus.InputError{File: name, Found: fmt.Sprintf("no question %q", q.id), Want: "the questions of " + a.first}
		}
	}
	return whole, nil
}

// question is that of an id, which the file being read has not named before.
func (a *averaged) question(id string) (*averagedQuestion, error) {
	q := a.byID[id]
	switch {
	case q == nil && a.files > 1:
		return nil, fmt.Errorf("found the question %q, which %s does not have", id, a.first)
	case q == nil:
		q = &averagedQuestion{id: id, place: map[string]int{}}
		a.byID[id] = q
		a.questions = append(a.questions, q)
	case q.files == a.files:
		return nil, fmt.Errorf("found the question %q a second time", id)
	}
	q.files++
	return q, nil
}

func (q *averagedQuestion) add(c model.Candidate) {
	at, ok := q.place[c.Word]
	if !ok {
		at = len(q.words)
		q.place[c.Word] = at
		q.words = append(q.words, model.Candidate{Word: c.Word})
	}
	q.words[at].Probability += c.Probability
}

// answers are the most probable words of each question; of equal ones that
// first which was read first.
func (a *averaged) answers(format string, top int) []answered {
	if format == "contest" {
		top = contestCandidates
	}
	out := make([]answered, 0, len(a.questions))
	for _, q := range a.questions {
		// By what was added, and not by the six digits that are written of it; sums that
		// differ by rounding alone are equal.
		sum := func(i int) float64 { return math.Round(1e9 * q.words[i].Probability) }
		sort.SliceStable(q.words, func(i, j int) bool { return sum(i) > sum(j) })
		for i := range q.words {
			q.words[i].Probability = sixDigits(q.words[i].Probability / float64(a.files))
		}
		out = append(out, answered{id: q.id, candidates: q.words[:min(top, len(q.words))]})
	}
	return out
}

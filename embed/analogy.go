package embed

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"wakong/vocab"
)

// Analogy gives the n words that stand to c as b stands to a, best first: the
// words whose vectors have the largest cosine with b - a + c, each of the three
// scaled to length 1 before (3CosAdd: T. Mikolov, W. Yih, G. Zweig, "Linguistic
// regularities in continuous space word representations", 2013). The three words
// themselves are left out, as usual. A word without a vector is an error as for
// [Vectors.Nearest].
func (v *Vectors) Analogy(a, b, c string, n int) ([]Neighbor, error) {
	var ids [3]int32
	for i, word := range []string{a, b, c} {
		id, err := v.id(word)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	sum := make([]float32, v.Size)
	v.threeCosAdd(sum, ids)
	return v.near(sum, n, ids[:]...), nil
}

// threeCosAdd writes b - a + c of unit vectors into sum.
func (v *Vectors) threeCosAdd(sum []float32, ids [3]int32) {
	var scale [3]float64
	for i, id := range ids {
		if n := norm(v.Vector(id)); n > 0 {
			scale[i] = 1 / n
		}
	}
	a, b, c := v.Vector(ids[0]), v.Vector(ids[1]), v.Vector(ids[2])
	for i := range sum {
		// Converted: not to be fused on some machines only.
		x := float64(float64(b[i])*scale[1]) - float64(float64(a[i])*scale[0])
		sum[i] = float32(x + float64(float64(c[i])*scale[2]))
	}
}

func norm(x []float32) float64 {
	s := 0.0
	for _, x := range x {
		s += float64(float64(x) * float64(x))
	}
	return math.Sqrt(s)
}

// An AnalogyScore is how many analogies of a section are solved.
type AnalogyScore struct {
	Section   string `json:"section"`
	Questions int    `json:"questions"`
	Covered   int    `json:"covered"` // those all of whose words have vectors
	Correct   int    `json:"correct"` // those whose first answer by [Vectors.Analogy] is D
}

// Accuracy is the share of right answers among covered questions, 0 where none
// is covered.
func (s AnalogyScore) Accuracy() float64 {
	if s.Covered == 0 {
		return 0
	}
	return float64(s.Correct) / float64(s.Covered)
}

// atOnce is how many questions are held against a vector while it is at hand.
const atOnce = 16

// ScoreAnalogies solves the analogies of each section. The time goes by
// questions times words, divided by threads. progress, if not nil, is told of the
// questions that are done, by one goroutine at a time.
func (v *Vectors) ScoreAnalogies(ctx context.Context, sections []AnalogySection, threads int, progress func(done, total int64)) ([]AnalogyScore, error) {
	unit := v.unit()
	scores := make([]AnalogyScore, len(sections))
	correct := make([]atomic.Int64, len(sections))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, threads))
	total := int64(0)
	for _, section := range sections {
		total += int64(len(section.Questions))
	}
	var mutex sync.Mutex
	done := int64(0)
	tell := func(questions int) {
		if progress != nil {
			mutex.Lock()
			defer mutex.Unlock()
			done += int64(questions)
			progress(done, total)
		}
	}
	for i, section := range sections {
		scores[i] = AnalogyScore{Section: section.Name, Questions: len(section.Questions)}
		var covered [][4]int32
		for _, q := range section.Questions {
			ids := [4]int32{v.Vocabulary.ID(q.A), v.Vocabulary.ID(q.B), v.Vocabulary.ID(q.C), v.Vocabulary.ID(q.D)}
			if ids[0] != vocab.UNK && ids[1] != vocab.UNK && ids[2] != vocab.UNK && ids[3] != vocab.UNK {
				covered = append(covered, ids)
			}
		}
		scores[i].Covered = len(covered)
		tell(len(section.Questions) - len(covered))
		for some := range slices.Chunk(covered, atOnce) {
			g.Go(func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				correct[i].Add(v.solve(unit, some))
				tell(len(some))
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i := range scores {
		scores[i].Correct = int(correct[i].Load())
	}
	return scores, nil
}

// unit is Data with each vector scaled to length 1.
func (v *Vectors) unit() []float32 {
	unit := make([]float32, len(v.Data))
	for id := range int32(v.Vocabulary.Len()) {
		row := v.Vector(id)
		if n := norm(row); n > 0 {
			for j, x := range row {
				unit[int(id)*v.Size+j] = float32(float64(x) / n)
			}
		}
	}
	return unit
}

// solve counts the right answers.
func (v *Vectors) solve(unit []float32, questions [][4]int32) (correct int64) {
	sums := make([]float32, len(questions)*v.Size)
	best := make([]float32, len(questions))
	answer := make([]int32, len(questions))
	for i, q := range questions {
		v.threeCosAdd(sums[i*v.Size:(i+1)*v.Size], [3]int32(q[:3]))
		best[i] = float32(math.Inf(-1))
	}
	for id := int32(1); int(id) < v.Vocabulary.Len(); id++ {
		row := unit[int(id)*v.Size : (int(id)+1)*v.Size]
		for i, q := range questions {
			if id == q[0] || id == q[1] || id == q[2] {
				continue
			}
			if s := dot(row, sums[i*v.Size:(i+1)*v.Size]); s > best[i] {
				best[i], answer[i] = s, id
			}
		}
	}
	for i, q := range questions {
		if answer[i] == q[3] {
			correct++
		}
	}
	return correct
}

func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += float32(a[i] * b[i])
		s1 += float32(a[i+1] * b[i+1])
		s2 += float32(a[i+2] * b[i+2])
		s3 += float32(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += float32(a[i] * b[i])
	}
	return s0 + s1 + (s2 + s3)
}

package embed

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wakong/vocab"
)

// kings are vectors in which royalty and sex are axes.
func kings(t testing.TB) *Vectors {
	t.Helper()
	words, err := vocab.New([]string{"国王", "王后", "男人", "女人", "苹果", "国王们"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Vectors{Vocabulary: words, Size: 3, Data: []float32{0, 0, 0,
		2, 1, 0, 2, -1, 0, 0.1, 1, 0, 0.1, -1, 0, 0, 0, 5, 0, 0.1, -3}}
}

func TestAnalogy(t *testing.T) {
	v := kings(t)
	best, err := v.Analogy("男人", "女人", "国王", 2)
	if err != nil || len(best) != 2 || best[0].Word != "王后" {
		t.Errorf("%v %v", best, err)
	}
	_, err = v.Analogy("男人", "女人", "国玉", 1)
	if !errors.Is(err, ErrUnknownWord) || !strings.Contains(err.Error(), `"国玉"; words like it are 国王`) {
		t.Error(err)
	}
	if _, err := v.Nearest("xyz", 1); !errors.Is(err, ErrUnknownWord) || !strings.Contains(err.Error(), "no word of the 6 looks like it") {
		t.Error(err)
	}
	sections, err := ReadAnalogies(strings.NewReader("\ufeff: royal\r\n男人 女人 国王 王后\r\n女人 男人 王后 国王\r\n\n: other\n男人 女人 苹果 梨\n男人 女人 王后 男人"), "a")
	if err != nil {
		t.Fatal(err)
	}
	for threads := range 4 {
		var last, of int64
		scores, err := v.ScoreAnalogies(t.Context(), sections, threads, func(done, total int64) {
			if done < last {
				t.Errorf("progress goes from %d to %d", last, done)
			}
			last, of = done, total
		})
		if last != of || of == 0 {
			t.Errorf("progress ends at %d of %d", last, of)
		}
		if err != nil {
			t.Fatal(err)
		}
		want := []AnalogyScore{{"royal", 2, 2, 2}, {"other", 2, 1, 0}}
		if !slices.Equal(scores, want) || scores[0].Accuracy() != 1 || (AnalogyScore{}).Accuracy() != 0 {
			t.Errorf("%v, expected %v", scores, want)
		}
	}
}

func TestSpearman(t *testing.T) {
	// The values of scipy.stats.spearmanr.
	for _, c := range []struct {
		x, y []float64
		want float64
	}{
		{[]float64{1, 2, 3}, []float64{2, 4, 9}, 1},
		{[]float64{1, 2, 3}, []float64{9, 4, 2}, -1},
		{[]float64{1, 2, 2, 3}, []float64{1, 2, 3, 4}, 0.9486832980505138},
		{[]float64{5, 1, 1, 1, 7}, []float64{2, 2, 8, 1, 1}, -0.41247895569215276},
		{[]float64{1}, []float64{1}, math.NaN()},
		{[]float64{1, 1}, []float64{1, 2}, math.NaN()},
	} {
		if got := Spearman(c.x, c.y); math.Abs(got-c.want) > 1e-12 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%v %v: %v, expected %v", c.x, c.y, got, c.want)
		}
	}
}

func TestPairs(t *testing.T) {
	for text, want := range map[string]string{
		"国王\t王后\t9.2\r\n国王\t 苹果\t1\r\n男人\t梨\t5": "3 2 1.00", // wordsim-240, wordsim-297
		"国王 王后 4.0 4 4 4 \n国王 苹果 1.5 1 2 \n":    "2 2 1.00", // COS960
		"Word 1\tWord 2\tMean\nA\tB\t1\n# x\n":  "1 0 NaN",  // WordSim-353
	} {
		pairs, err := ReadPairs(strings.NewReader(text), "p")
		if err != nil {
			t.Fatal(err)
		}
		s := kings(t).ScorePairs(pairs)
		if got := fmt.Sprintf("%d %d %.2f", s.Pairs, s.Covered, s.Spearman); got != want {
			t.Errorf("%q: %s, expected %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"":                  "p: found no pairs",
		"a b 1\na b c\n":    `p:2: found "c"`,
		"a b 1\na b\n":      `p:2: found "a b"`,
		"a b 1\na b NaN\n":  `p:2: found "NaN"`,
		"a b 1\n\xff b 1\n": "p:2: found",
		"a b 1\n" + strings.Repeat("x", maxJudgementLine+1): "p:2: found a line of more than",
	} {
		if _, err := ReadPairs(strings.NewReader(text), "p"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.30q: %v, expected %s", text, err, want)
		}
	}
	if _, err := ReadAnalogies(strings.NewReader(": x\na b c\n"), "p"); err == nil || !strings.HasPrefix(err.Error(), "p:2: found 3 words") {
		t.Error(err)
	}
	if _, err := ReadAnalogies(strings.NewReader(": x\n"), "p"); err == nil {
		t.Error("no analogies were taken")
	}
}

// The published sets are read whole.
func TestPublishedJudgements(t *testing.T) {
	dir := os.Getenv("WAKONG_DATA")
	if dir == "" {
		t.Skip("WAKONG_DATA does not name a folder with eval/")
	}
	for name, want := range map[string]int{"wordsim/240.txt": 240, "wordsim/297.txt": 297, "cos960/COS960_all.txt": 960} {
		f, err := os.Open(filepath.Join(dir, "eval", name))
		if err != nil {
			t.Fatal(err)
		}
		pairs, err := ReadPairs(f, name)
		if f.Close(); err != nil || len(pairs) != want {
			t.Errorf("%s: %d pairs, %v", name, len(pairs), err)
		}
	}
	for name, want := range map[string]int{"ca8/morphological.txt": 10177, "ca8/semantic.txt": 7636} {
		f, err := os.Open(filepath.Join(dir, "eval", name))
		if err != nil {
			t.Fatal(err)
		}
		sections, err := ReadAnalogies(f, name)
		n := 0
		for _, s := range sections {
			n += len(s.Questions)
		}
		if f.Close(); err != nil || n != want {
			t.Errorf("%s: %d questions, %v", name, n, err)
		}
	}
}

func TestProject(t *testing.T) {
	v := kings(t)
	places, share, err := v.Project([]int32{1, 2, 3, 4})
	if err != nil || len(places) != 4 || math.Abs(share-1) > 1e-9 {
		t.Fatalf("%v, share %v, %v", places, share, err)
	}
	// In the plane of the two axes distances stay what they are.
	for i := range places {
		for j := range places {
			d := math.Hypot(places[i][0]-places[j][0], places[i][1]-places[j][1])
			want := math.Sqrt(2 - 2*v.Similarity(int32(i+1), int32(j+1)))
			if math.Abs(d-want) > 1e-6 {
				t.Errorf("%d to %d: %v, expected %v", i, j, d, want)
			}
		}
	}
	for _, ids := range [][]int32{nil, {1, 2}, {1, 2, 99}} {
		if _, _, err := v.Project(ids); err == nil {
			t.Errorf("%v has a plane", ids)
		}
	}
	if _, _, err := v.Project([]int32{1, 1, 1}); err != nil {
		t.Errorf("one word thrice: %v", err)
	}
}

func FuzzJudgements(f *testing.F) {
	f.Add("国王\t王后\t9.2\n")
	f.Add(": x\na b c d\n")
	f.Fuzz(func(t *testing.T, s string) {
		if pairs, err := ReadPairs(strings.NewReader(s), "p"); err == nil && len(pairs) == 0 {
			t.Error("no pairs and no error")
		}
		if sections, err := ReadAnalogies(strings.NewReader(s), "p"); err == nil && len(sections) == 0 {
			t.Error("no sections and no error")
		}
	})
}

func ExampleVectors_Analogy() {
	words, _ := vocab.New([]string{"国王", "王后", "男人", "女人"}, nil)
	v := &Vectors{Vocabulary: words, Size: 2, Data: []float32{0, 0, 2, 1, 2, -1, 0.1, 1, 0.1, -1}}
	answers, err := v.Analogy("男人", "女人", "国王", 1)
	if err != nil {
		panic(err)
	}
	fmt.Println("男人 : 女人 = 国王 :", answers[0].Word)
	// Output: 男人 : 女人 = 国王 : 王后
}

func ExampleOpen() {
	// The first words only: they are the frequent ones.
	v, err := Open("testdata/gensim/vectors.bin", ReadOptions{Limit: 2})
	if err != nil {
		panic(err)
	}
	fmt.Println(v.Vocabulary.Word(1), v.Vocabulary.Word(2), v.Size)
	// Output: 狐狸 灯笼 3
}

func ExampleSpearman() {
	fmt.Printf("%.2f\n", Spearman([]float64{0.9, 0.4, 0.4, 0.1}, []float64{8, 6, 5, 1}))
	// Output: 0.95
}

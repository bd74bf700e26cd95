package perceptron

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wakong/corpus"
)

// Real text is cut as other text of the same standard is, far more so than by
// jieba.
func TestRealText(t *testing.T) {
	data := os.Getenv("WAKONG_DATA")
	if data == "" {
		t.Skip("WAKONG_DATA is not set")
	}
	asked := corpus.QuestionSource{Format: corpus.FormatCMRC2017, Path: filepath.Join(data, "cmrc2017", "cloze.dev.doc_query"), Answers: filepath.Join(data, "cmrc2017", "cloze.dev.answer")}
	leaks, err := corpus.NewLeaks(0)
	if err != nil {
		t.Fatal(err)
	}
	for q, err := range asked.Questions(t.Context(), corpus.QuestionOptions{Segmenter: corpus.WholeText{}, Cleaner: corpus.NewCleaner()}) {
		if err != nil {
			t.Fatal(err)
		}
		leaks.AddQuestion(q)
	}
	read := func(s corpus.Source, leaks *corpus.Leaks) (sentences [][]string) {
		documents, _ := corpus.Prepare(t.Context(), s.Samples(t.Context(), nil), corpus.PrepareOptions{Segmenter: testGuide(t), Leaks: leaks})
		for d, err := range documents {
			if err != nil {
				t.Fatal(err)
			}
			sentences = append(sentences, d.Sentences...)
		}
		return sentences
	}
	s := learn(t, append(
		read(corpus.Source{Format: corpus.FormatCMRC2017, Path: filepath.Join(data, "cmrc2017", "user.train.doc_query")}, leaks),
		read(corpus.Source{Format: corpus.FormatPDCFT, Path: filepath.Join(data, "cft", "cft.auto")}, leaks)...))
	segmenters := []corpus.Segmenter{s, testGuide(t)}
	var f1 [2]float64
	for i, name := range []string{"learned", "jieba"} {
		var score corpus.SegmentationScore
		for _, gold := range read(corpus.Source{Format: corpus.FormatCMRC2017, Path: asked.Path, Answers: asked.Answers}, nil) {
			if err := score.Add(gold, segmenters[i].Words(strings.Join(gold, ""))); err != nil {
				t.Fatal(err)
			}
		}
		f1[i] = score.F1()
		recall, precision := answers(t, asked, segmenters[i])
		t.Logf("%s: %d sentences, F1 %.4f, precision %.4f, recall %.4f; of answers' words recall %.4f, precision %.4f",
			name, score.Sentences, f1[i], score.Precision(), score.Recall(), recall, precision)
	}
	if f1[0] < 0.95 || f1[1] > 0.9 {
		t.Error("text is not cut as what was learned from")
	}
}

// answers tells how many of the places where the answer is a word of its passage
// a segmenter finds, and how many of those that it finds are such.
func answers(t *testing.T, asked corpus.QuestionSource, s corpus.Segmenter) (recall, precision float64) {
	stands, found, right := 0, 0, 0
	for q, err := range asked.Questions(t.Context(), corpus.QuestionOptions{Cleaner: corpus.NewCleaner()}) {
		if err != nil {
			t.Fatal(err)
		}
		places := func(words []string) map[int]bool {
			at, all := 0, map[int]bool{}
			for _, w := range words {
				if w == q.Answer {
					all[at] = true
				}
				at += len(w)
			}
			return all
		}
		for _, side := range [][]string{q.Left(), q.Right()} {
			gold := places(side)
			stands += len(gold)
			for at := range places(s.Words(strings.Join(side, ""))) {
				found++
				if gold[at] {
					right++
				}
			}
		}
	}
	return float64(right) / float64(stands), float64(right) / float64(found)
}

// BenchmarkRealText cuts real passages, a line at a time, by what was learned and by
// jieba alone.
func BenchmarkRealText(b *testing.B) {
	data := os.Getenv("WAKONG_DATA")
	if data == "" {
		b.Skip("WAKONG_DATA is not set")
	}
	s := learn(b, counted(300)) // what was learned from does not matter to the speed
	var lines []string
	size := 0
	for _, name := range []string{"c3", "cmrc2019"} {
		source := corpus.Source{Format: corpus.FormatJSONLines, Path: filepath.Join(data, name, "passages.jsonl")}
		for d, err := range source.Samples(b.Context(), nil) {
			if err != nil {
				b.Fatal(err)
			}
			for line := range strings.Lines(d.Text) {
				lines, size = append(lines, line), size+len(line)
			}
		}
	}
	for name, s := range map[string]corpus.Segmenter{"learned": s, "jieba": testGuide(b)} {
		b.Run(name, func(b *testing.B) {
			words := 0
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, line := range lines {
					words += len(s.Words(line))
				}
			}
			b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
		})
	}
}

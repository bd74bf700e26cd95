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
	var learned, guide corpus.SegmentationScore
	for _, gold := range read(corpus.Source{Format: corpus.FormatCMRC2017, Path: asked.Path, Answers: asked.Answers}, nil) {
		text := strings.Join(gold, "")
		if err := learned.Add(gold, s.Words(text)); err != nil {
			t.Fatal(err)
		}
		if err := guide.Add(gold, testGuide(t).Words(text)); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d sentences: F1 %.4f, precision %.4f, recall %.4f; jieba's F1 %.4f", learned.Sentences, learned.F1(), learned.Precision(), learned.Recall(), guide.F1())
	if learned.F1() < 0.95 || guide.F1() > 0.9 {
		t.Error("text is not cut as what was learned from")
	}
}

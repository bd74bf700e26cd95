package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A picture in base64, as pages have it inlined.
var blob = strings.Repeat("iVBORw0KGgoAAAANSUhEUgAA", 4000)

func TestLongWordsAreDropped(t *testing.T) {
	j := testJieba(t)
	most, more := strings.Repeat("x", MaxWord), strings.Repeat("狐", MaxWord+1)
	documents, report := prepareAll(t, stream(
		Document{ID: "a", Text: "雪人看见" + blob + "春天。"},
		Document{ID: "b", Sentences: [][]string{{"雪人", blob, most}, {more}}},
	), PrepareOptions{Segmenter: j})
	if got := describe(documents); strings.Contains(got, blob) || strings.Contains(got, more) || !strings.Contains(got, "雪人 "+most) {
		t.Errorf("got %.500s", got)
	}
	if report.WordsTooLong != 3 || report.Sentences != 2 {
		t.Errorf("%+v", report)
	}
	for _, s := range []QuestionSource{
		{Format: FormatText, Path: write(t, "q", "雪人站在"+blob+"院子里，麻雀飞来陪XXXXX。\n")},
		{Format: FormatJSONLines, Path: write(t, "q", `{"id": "a", "passage": "雪人 `+blob+` 陪 XXXXX 。"}`+"\n")},
		{Format: FormatCMRC2017, Path: write(t, "q", "1 ||| 雪人 "+blob+" 陪 XXXXX 。\n<a> ||| 雪人\n")},
	} {
		var report SourceReport
		all, err := questions(t, s, QuestionOptions{Segmenter: j, Report: &report})
		if err != nil || len(all) != 1 || report.WordsTooLong != 1 || all[0].Blank >= len(all[0].Words) || all[0].Words[len(all[0].Words)-1] != "。" {
			t.Errorf("%s: %v, %+v", s.Format, err, report)
		}
		for _, w := range all[0].Words {
			if tooLong(w) {
				t.Errorf("%s: a word of %d bytes", s.Format, len(w))
			}
		}
	}
}

// A stand-in for a segmenter gives sentences of any length as one word; leaks are
// found in all of them.
func TestLongSentencesKeepLeaks(t *testing.T) {
	text := strings.Repeat("狐狸在河边捡到一只篮子，", 40)
	q, err := textQuestion("a", text+"XXXXX。", "f", 1, QuestionOptions{Segmenter: WholeText{}, Cleaner: NewCleaner()})
	if err != nil || strings.Join(q.Words, "") != text+"。" {
		t.Errorf("%q %v", q.Words, err)
	}
}

func TestLongIDs(t *testing.T) {
	long, most := strings.Repeat("k", MaxID+1), strings.Repeat("k", MaxID)
	const want = "f:2: found an id of 1025 bytes, "
	for _, content := range []string{"1 ||| 猫 XXXXX\n<%s> ||| 猫\n"} {
		s := QuestionSource{Format: FormatCMRC2017, Name: "f", Path: write(t, "f", fmt.Sprintf(content, long))}
		if err := s.Probe(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v", err)
		}
		s.Path = write(t, "f", fmt.Sprintf(content, most))
		if err := s.Probe(); err != nil {
			t.Error(err)
		}
	}
	if _, err := ReadAnswers(strings.NewReader("<a> ||| 猫\n<"+long+"> ||| 猫\n"), "f"); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	for _, s := range []Source{
		{Format: FormatJSONLines, Path: write(t, "f", "\n{\"text\": \"猫\", \"id\": \""+long+"\"}\n")},
		{Format: FormatDocuments, Path: write(t, "f", "\n{\"text\": \"猫\", \"id\": \""+long+"\"}\n")},
	} {
		s.Name = "f"
		if err := s.Probe(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v", err)
		}
	}
	q := QuestionSource{Format: FormatJSONLines, Name: "f", Path: write(t, "f", "\n{\"passage\": \"XXXXX 猫\", \"id\": \""+long+"\"}\n")}
	if err := q.Probe(); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestLongAnswers(t *testing.T) {
	long := strings.Repeat("猫", MaxWord+1)
	const found = "found an answer of 257 characters, "
	s := Source{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: write(t, "a", "<qid_0> ||| "+long+"\n")}
	if err := s.Probe(); err == nil || !strings.Contains(err.Error(), ":1: "+found) {
		t.Errorf("got %v", err)
	}
	for _, q := range []QuestionSource{
		{Format: FormatPDCFT, Path: write(t, "f", "1 ||| 猫\n2 ||| XXXXX ||| "+long+"\n")},
		{Format: FormatJSONLines, Path: write(t, "f", "\n{\"passage\": \"XXXXX 猫\", \"id\": 1, \"answer\": \""+long+"\"}\n")},
	} {
		q.Name = "f"
		if err := q.Probe(); err == nil || !strings.HasPrefix(err.Error(), "f:2: "+found) {
			t.Errorf("got %v", err)
		}
	}
}

// A document that can be written can be read back, whatever its size.
func TestDocumentsWritableAreReadable(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := Document{
			ID:   strings.Repeat("k", rapid.SampledFrom([]int{0, 1, MaxID + 100, maxDocumentID, maxDocumentID + 1}).Draw(r, "id")),
			Text: rapid.SampledFrom([]string{"", " ", "猫"}).Draw(r, "text"),
		}
		if rapid.Bool().Draw(r, "words") {
			d.Sentences = [][]string{{"猫", "\"\\\u2028"}}
		}
		var b bytes.Buffer
		if _, err := WriteDocuments(&b, stream(d)); err != nil {
			return
		}
		for got, err := range ReadDocuments(&b, "f") {
			if err != nil || got.ID != d.ID || got.Text != d.Text || fmt.Sprint(got.Sentences) != fmt.Sprint(d.Sentences) {
				r.Fatalf("%+v %v", got, err)
			}
		}
	})
	var b bytes.Buffer
	text := strings.Repeat("猫", MaxLine/2) // as a text file may have it
	if _, err := WriteDocuments(&b, stream(Document{ID: "a", Text: text})); err != nil {
		t.Fatal(err)
	}
	for got, err := range ReadDocuments(&b, "f") {
		if err != nil || got.Text != text {
			t.Errorf("%d bytes, %v", len(got.Text), err)
		}
	}
}

func TestQuestionsOfNothing(t *testing.T) {
	for format, content := range map[string]string{
		FormatCMRC2017:  "\n1 ||| XXXXX\n<a> ||| 猫\n1 ||| 猫 XXXXX\n<b> ||| 猫\n",
		FormatJSONLines: "\n{\"id\": 1, \"passage\": \" XXXXX \"}\n{\"id\": 2, \"passage\": \"猫 XXXXX\"}\n",
		FormatText:      "\nXXXXX\n\n猫 XXXXX\n",
		FormatPDCFT:     "\n1 ||| \u200B\n2 ||| XXXXX ||| 猫\n1 ||| 猫\n2 ||| 猫 XXXXX ||| 猫\n",
	} {
		const want = "f:2: found a passage of nothing but the blank, expected words around it"
		s := QuestionSource{Format: format, Name: "f", Path: write(t, "f", content)}
		if _, err := questions(t, s, QuestionOptions{Segmenter: single{}}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v", format, err)
		}
		if err := s.Probe(); format != FormatPDCFT && (err == nil || err.Error() != want) {
			t.Errorf("%s: the probe gives %v", format, err)
		}
		s.OnError = OnErrorSkip
		var report SourceReport
		all, err := questions(t, s, QuestionOptions{Segmenter: single{}, Report: &report})
		if err != nil || len(all) != 1 || report.Skipped != 1 || report.Documents != 1 {
			t.Errorf("%s: %v %+v %v", format, all, report, err)
		}
		// Where every question wants an answer, they are no fault.
		s.OnError, s.AllowEmpty = "", true
		all, err = questions(t, s, QuestionOptions{Segmenter: single{}})
		if err != nil || len(all) != 2 || len(all[0].Words) != 0 || all[0].Blank != 0 {
			t.Errorf("%s: %v %v", format, all, err)
		}
		n := 0
		s.AllowEmpty = false
		for _, err := range s.Read(t.Context(), strings.NewReader(content), QuestionOptions{Segmenter: single{}}) {
			if err != nil {
				t.Errorf("%s: %v", format, err)
			}
			n++
		}
		if n != 2 {
			t.Errorf("%s: %d questions from a reader", format, n)
		}
	}
}

package corpus

import (
	"fmt"
	"strings"
	"testing"
)

// single is a segmenter for tests that need no dictionary: each character is
// a word.
type single struct{}

func (single) Words(text string) []string { return strings.Split(text, "") }

func questions(t testing.TB, s QuestionSource, o QuestionOptions) ([]Question, error) {
	t.Helper()
	var all []Question
	for q, err := range s.Questions(t.Context(), o) {
		if err != nil {
			return all, err
		}
		all = append(all, q)
	}
	return all, nil
}

func TestQuestions(t *testing.T) {
	var b strings.Builder
	for _, s := range []QuestionSource{
		{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: "testdata/fox.answer"},
		{Format: FormatPDCFT, Path: "testdata/well.cft"},
		{Format: FormatJSONLines, Path: "testdata/questions.jsonl"},
		{Format: FormatText, Path: "testdata/questions.txt"},
	} {
		if err := s.Probe(); err != nil {
			t.Errorf("%s: %v", s.Path, err)
		}
		all, err := questions(t, s, QuestionOptions{Segmenter: single{}})
		if err != nil {
			t.Errorf("%s: %v", s.Path, err)
		}
		fmt.Fprintf(&b, "== %s\n", s.Path)
		for _, q := range all {
			fmt.Fprintf(&b, "%s %s:%d %s\n    %s [%d] %s\n", q.ID, q.File, q.Line, q.Answer,
				strings.Join(q.Left(), " "), q.Blank, strings.Join(q.Right(), " "))
			if q.Surface != nil {
				fmt.Fprintf(&b, "    %s\n", strings.Join(q.Surface, " "))
			}
		}
	}
	golden(t, "questions.txt", b.String())
}

func TestSpelling(t *testing.T) {
	all, err := questions(t, QuestionSource{Format: FormatCMRC2017, Path: "testdata/fox.doc_query"}, QuestionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]string{"裁缝": "裁縫", "剪刀": "剪刀", "没有": "没有"} {
		if got := all[1].Spelling(word); got != want {
			t.Errorf("%s is spelt %s, want %s", word, got, want)
		}
	}
	// Unsegmented text that cleaning shortens has no spelling of its own.
	q, err := textQuestion("a", "老裁縫\u200B有一把剪刀。XXXXX會唱歌。", "f", 1, QuestionOptions{Segmenter: single{}, Cleaner: NewCleaner(StandardSteps()...)})
	if err != nil || q.Spelling("缝") != "缝" || q.Spelling("会") != "會" {
		t.Errorf("%+v %v", q, err)
	}
}

func TestQuestionErrors(t *testing.T) {
	const passage = "1 ||| 有 XXXXX 吗 ？\n2 ||| 没有 猫 。\n"
	for _, c := range []struct {
		source  QuestionSource
		content string
		answers string
		want    string
	}{
		{QuestionSource{Format: FormatDocuments}, "", "", `unknown format "documents"`},
		{QuestionSource{Format: FormatCMRC2017}, "1 ||| 有 猫 。\n<qid_0> ||| XXXXX\n", "", "f:1: found no blank in the passage, expected exactly one XXXXX in the passage"},
		{QuestionSource{Format: FormatCMRC2017}, "1 ||| XXXXX 有 XXXXX 。\n<qid_0> ||| XXXXX\n", "", "f:1: found 2 blanks, expected exactly one"},
		{QuestionSource{Format: FormatCMRC2017}, "1 ||| 有 XXXXX 。\n2 ||| 有 ，XXXXX 。\n<qid_0> ||| XXXXX\n", "", "f:2: found another blank (the first is in line 1), expected exactly one"},
		{QuestionSource{Format: FormatCMRC2017}, passage + "<qid_0> ||| 有\n", "<qid_1> ||| 猫\n", "f:3: found a question <qid_0> without an answer in "},
		{QuestionSource{Format: FormatCMRC2017}, passage + "<qid_0> ||| 有\n", "<qid_0> |||\n", "f:3: found a question <qid_0> without an answer in "},
		{QuestionSource{Format: FormatCMRC2017}, passage + "<qid_0> ||| 有\n", "<qid_0> ||| 猫\n<qid_5> ||| 狗\n", "answers:2: found an answer for <qid_5>, expected ids that the questions have"},
		{QuestionSource{Format: FormatPDCFT}, "1 ||| 猫 。\n2 ||| 问 ||| 猫\n", "", "f:2: found 0 blanks in the query, expected exactly one XXXXX"},
		{QuestionSource{Format: FormatPDCFT}, "1 ||| XXXXX 。\n2 ||| XXXXX\n3 ||| XXXXX ||| 猫\n", "", "f:2: found another blank (the first is in line 1)"},
		{QuestionSource{Format: FormatJSONLines}, "{\"id\": \"a\", \"passage\": \"猫。\"}\n", "", "f:1: found no blank in \"猫。\", expected exactly one XXXXX in the passage"},
		{QuestionSource{Format: FormatJSONLines}, "{\"passage\": \"XXXXX猫。\"}\n", "", "f:1: found an object without \"id\""},
		{QuestionSource{Format: FormatJSONLines}, "{\"id\": 1}\n", "", "f:1: found an object without \"passage\""},
		{QuestionSource{Format: FormatJSONLines}, "{\"id\": 1, \"passage\": [\"XXXXX\"]}\n", "", "f:1: found \"passage\" of another type"},
		{QuestionSource{Format: FormatJSONLines}, "{\"id\": 1, \"passage\": \"XXXXX 看见 猫\", \"answer\": 7}\n", "", "f:1: found \"answer\" of another type"},
		{QuestionSource{Format: FormatJSONLines}, "{\"id\": 1, \"passage\": \"XXXXX 看见 猫\"}\n{\"id\": \"1\", \"passage\": \"XXXXX 猫\"}\n", "", "f:2: found id \"1\" again (first in line 1)"},
		{QuestionSource{Format: FormatText}, "\n\n一 XXXXX 二 XXXXX\n三\n", "", "f:3: found 2 blanks in"},
		{QuestionSource{Format: FormatText}, "雪人站在院子里，麻雀飞来陪XXXXX。", "", "f:1: found a passage that is not segmented, expected words separated by spaces"},
		{QuestionSource{Format: FormatText}, " \n", "", "f: empty, expected passages with one XXXXX each"},
	} {
		s := c.source
		s.Path, s.Name = write(t, "f", c.content), "f"
		if c.answers != "" {
			s.Answers = write(t, "answers", c.answers)
		}
		_, err := questions(t, s, QuestionOptions{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.content, err, c.want)
		}
		if err := s.Probe(); err == nil && !strings.Contains(c.want, "not segmented") {
			t.Errorf("%q: the probe found nothing", c.content)
		}
		s.OnError = OnErrorSkip
		if c.source.Format == FormatDocuments {
			continue
		}
		if _, err := questions(t, s, QuestionOptions{}); err != nil {
			t.Errorf("%q: %v in spite of on_error: skip", c.content, err)
		}
	}
}

// A blank of full-width letters is one; what turns into XXXXX by cleaning is
// neither a blank nor a word.
func TestQuestionOddBlanks(t *testing.T) {
	in := "1 ||| 有 ＸＸＸＸＸ 吗 XX\u200BXXX ？\n<qid_0> ||| 有\n"
	for q, err := range (QuestionSource{Format: FormatCMRC2017}).Read(t.Context(), strings.NewReader(in), QuestionOptions{}) {
		if got := strings.Join(q.Words, " "); err != nil || got != "有 吗 ？" || q.Blank != 1 {
			t.Errorf("%q %d %v", got, q.Blank, err)
		}
	}
	q, err := textQuestion("a", "雪人站在院子里，ＸＸＸＸＸ飞来XX\u200BXXX陪它。", "f", 1, QuestionOptions{Segmenter: WholeText{}, Cleaner: NewCleaner(StandardSteps()...)})
	if err != nil || strings.Contains(strings.Join(q.Words, ""), "X") && strings.Contains(strings.Join(q.Words, ""), Blank) {
		t.Errorf("%+v %v", q, err)
	}
	for _, err := range ReadPDCFT(strings.NewReader("1 ||| 猫\n2 ||| XXXXX ||| XXXXX\n"), "f") {
		if err == nil || err.Error() != "f:2: found the blank as its own answer, expected a word" {
			t.Errorf("got %v", err)
		}
	}
	for content, want := range map[string]string{"<a> ||| XXXXX": ":1: found the blank as its own answer", "<a> ||| b\n<b> ||| 猫 狗": ":2: found an answer of several words"} {
		s := Source{Format: FormatCMRC2017, Path: "testdata/fox.doc_query", Answers: write(t, "a", content)}
		if err := s.Probe(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestQuestionsFromReader(t *testing.T) {
	in := strings.NewReader("{\"id\": \"a\", \"passage\": \"猫 说 XXXXX 。\", \"answer\": \"貓\"}\n")
	for q, err := range (QuestionSource{Format: FormatJSONLines, Name: "standard input"}).Read(t.Context(), in, QuestionOptions{}) {
		if err != nil || q.ID != "a" || q.Blank != 2 || q.Answer != "猫" || q.File != "standard input" {
			t.Errorf("%+v %v", q, err)
		}
	}
}

// A faulty line takes its passage with it, and the others keep their numbers.
func TestFaultyPassage(t *testing.T) {
	in := "雪人 看见\xFF\n猫 。\n\xFF\n陪 XXXXX 。\n\n \n狐狸 看见 XXXXX 。\n\n刺猬 说\nXXXXX\xFF\n\n青蛙 说 XXXXX 。"
	var report SourceReport
	s := QuestionSource{Format: FormatText, Name: "f", OnError: OnErrorSkip, Path: write(t, "f", in)}
	all, err := questions(t, s, QuestionOptions{Report: &report})
	if err != nil || len(all) != 2 || all[0].ID != "qid_1" || all[0].Line != 7 || all[1].ID != "qid_3" || all[1].Line != 12 {
		t.Errorf("%+v %v", all, err)
	}
	if report.Skipped != 2 || report.Skips[0].Line != 1 || report.Skips[1].Line != 10 {
		t.Errorf("%+v", report)
	}
	if strings.Join(all[0].Words, "") != "狐狸看见。" || strings.Join(all[1].Words, "") != "青蛙说。" {
		t.Errorf("%+v", all)
	}
	// A passage that is too long is one fault, however long it is.
	line := strings.Repeat("雪人 ", MaxLine/8) + "\n"
	s.Path = write(t, "f", strings.Repeat(line, 6)+"XXXXX\n\n青蛙 说 XXXXX 。")
	report = SourceReport{}
	all, err = questions(t, s, QuestionOptions{Report: &report})
	if err != nil || len(all) != 1 || all[0].ID != "qid_1" || report.Skipped != 1 || report.Skips[0].Line != 1 {
		t.Errorf("%d questions, %+v %v", len(all), report, err)
	}
}

func TestLooksSegmented(t *testing.T) {
	for text, want := range map[string]bool{
		"小 狐狸 在 河边 捡到 一 只 XXXXX 。":         true,
		"小 狐狸\n在 河边\n捡到 XXXXX 。\n":         true,
		"小狐狸在河边捡到一只XXXXX。":                 false,
		"春眠\n不觉晓\n处处\n闻啼鸟\n夜来\nXXXXX声\n花落": false, // verse
		"床前明月光 疑是地上霜\n举头望XXXXX 低头思故乡\n":    false,
	} {
		if got := looksSegmented(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

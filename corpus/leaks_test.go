package corpus

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func newLeaks(t testing.TB, run int) *Leaks {
	t.Helper()
	l, err := NewLeaks(run)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLeaks(t *testing.T) {
	l := newLeaks(t, 0)
	l.Add("q1", strings.Fields("老 裁缝 有 一 把 会 唱歌 的 剪刀 ， 剪刀 每天 晚上 唱 一 支 歌 。"))
	l.Add("q2", strings.Fields("短 得 很"))
	for text, want := range map[string]string{
		// The run of 16 stands across punctuation, white space and scripts.
		"有人说：老裁縫有一把\n會唱歌的剪刀……剪刀每天": "q1",
		"会唱歌的 剪刀 剪刀每天晚上唱一支歌":       "q1",
		"老裁缝有一把会唱歌的剪刀。剪刀每":         "", // 15
		"裁缝有一把会唱歌的剪刀。剪刀每天":         "", // 15
		"老裁缝有一把会唱歌的剪刀。那剪刀每天晚上唱一支歌": "", // 12 and 11
		"短，得很！": "q2", // a whole text
		"短得很多":  "",
		"":      "",
	} {
		want, found := want, want != ""
		if got, ok := l.Find(text); got != want || ok != found {
			t.Errorf("%q: got %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestLeaksAddQuestion(t *testing.T) {
	words := strings.Fields("老 裁缝 有 一 把 会 唱歌 的 ， 剪刀 每天 晚上 唱 一 支 歌 。")
	l := newLeaks(t, 0)
	l.AddQuestion(Question{ID: "q", Words: words, Blank: 8, Answer: "剪刀"})
	if _, ok := l.Find("裁缝有一把会唱歌的剪刀剪刀每天晚"); !ok {
		t.Error("a run across the filled blank is not found")
	}
	l = newLeaks(t, 0)
	l.AddQuestion(Question{ID: "q", Words: words, Blank: 8})
	if _, ok := l.Find("裁缝有一把会唱歌的剪刀每天晚上唱"); ok {
		t.Error("a run across an open blank is found")
	}
}

// A passage without a run is found where it stands whole.
func TestShortLeaks(t *testing.T) {
	words := strings.Fields("老 裁縫 的 剪刀 會 ， 唱歌 ！") // 9 characters
	for _, c := range []struct {
		question Question
		want     map[string]bool
	}{
		{Question{ID: "q", Words: slices.Concat(words[:2], words[3:]), Blank: 2, Answer: "的"}, map[string]bool{
			"从前，老裁缝的剪刀会唱歌，他很高兴，日子过得很好。": true,
			"老裁縫的剪刀會唱歌":     true,
			"老裁缝的剪刀会唱":      false,
			"从前，老裁缝的剪刀会跳舞。": false,
		}},
		{Question{ID: "q", Words: strings.Fields("猫 说 ： 我 是 猫"), Blank: 0, Answer: "黑"}, map[string]bool{
			"黑猫说：我是猫":  true, // fewer than 8: a whole text only
			"黑猫说：我是猫。": true,
			"黑猫说：我是猫吗": false,
			"猫说我是猫":    false,
		}},
		// The answer is not known: either side counts, where it is long enough.
		{Question{ID: "q", Words: append(slices.Clone(words), "真 好"), Blank: len(words)}, map[string]bool{
			"从前，老裁缝的剪刀会唱歌，他很高兴。": true,
			"真好": false,
		}},
		// A side beside one with runs is an everyday phrase, not the passage.
		{Question{ID: "q", Words: append(strings.Fields("灯塔 每天 晚上 眨 着 眼睛 等 船长 平安 回家"), words...), Blank: 10}, map[string]bool{
			"老裁缝的剪刀会唱歌":        false,
			"灯塔每天晚上眨着眼睛等船长平安回": true,
		}},
		{Question{ID: "q"}, map[string]bool{"": false, "！": false}},
	} {
		l := newLeaks(t, 0)
		l.AddQuestion(c.question)
		for text, want := range c.want {
			if _, ok := l.Find(text); ok != want {
				t.Errorf("%q: %q is found: %v", c.question.Words, text, ok)
			}
		}
	}
}

// numericReferences writes each character as &#20320;.
func numericReferences(text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, "&#%d;", r)
	}
	return b.String()
}

// asLatin reads a text's bytes as Latin-1, as decoding it wrongly does.
func asLatin(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}

// What only cleaning makes readable is found: in documents by their own steps, in
// questions by all that could.
func TestLeaksOfWhatCleaningReads(t *testing.T) {
	const passage = "灯塔每天晚上眨着一只眼睛等老船长平安回家呀"
	radicals := strings.ReplaceAll(passage, "一", "⼀")
	radicals = strings.ReplaceAll(radicals, "老", "⽼")
	words := func(text string) [][]string { return [][]string{{"从前", "，"}, strings.Split(text, "")} }
	all, none := NewCleaner(AllSteps()...), NewCleaner()
	for _, c := range []struct {
		name     string
		question string
		document Document
		cleaner  *Cleaner
		want     bool
	}{
		{"plain", passage, Document{Text: passage}, none, true},
		{"another", passage, Document{Text: "灯塔每天晚上熄灭&#20320;。"}, all, false},
		{"references", passage, Document{Text: numericReferences(passage)}, all, true},
		{"references that stay", passage, Document{Text: numericReferences(passage)}, none, false},
		{"mojibake", passage, Document{Text: asLatin(passage)}, all, true},
		{"mojibake that stays", passage, Document{Text: asLatin(passage)}, none, false},
		{"radicals", passage, Document{Text: radicals}, all, true},
		{"segmented mojibake", passage, Document{Sentences: words(asLatin(passage))}, all, true},
		{"segmented radicals", passage, Document{Sentences: words(radicals)}, all, true},
		{"segmented radicals that stay", passage, Document{Sentences: words(radicals)}, none, false},
		{"what stood between goes", passage, Document{Text: passage[:27] + "<script>不算数</script>" + passage[27:]}, all, true},
		{"a question of references", numericReferences(passage), Document{Text: passage}, none, true},
		{"a question of mojibake", asLatin(passage), Document{Text: passage}, none, true},
		{"a question of radicals", radicals, Document{Text: passage}, none, true},
		{"both of radicals", radicals, Document{Text: radicals}, none, true},
	} {
		for _, answer := range []string{"啊", ""} {
			leaks := newLeaks(t, 0)
			leaks.AddQuestion(Question{ID: "q", Words: []string{c.question, "。"}, Blank: 1, Answer: answer})
			c.document.ID, c.document.File, c.document.Line = "d", "f", 3
			documents, report := prepareAll(t, stream(c.document, c.document), PrepareOptions{Segmenter: WholeText{}, Cleaner: c.cleaner, Leaks: leaks, KeepForeign: true})
			if found := len(documents) == 0; found != c.want {
				t.Errorf("%s: found %v, %+v", c.name, found, documents)
			}
			if r := report.Leaks; c.want && (r.Samples != 2 || r.Documents != 1 || r.Cases[1] != LeakCase{"f", 3, "q"}) {
				t.Errorf("%s: %+v", c.name, r)
			}
			// Where leaks are kept, the document is what it would be.
			documents, report = prepareAll(t, stream(c.document), PrepareOptions{Segmenter: WholeText{}, Cleaner: c.cleaner, Leaks: leaks, KeepForeign: true, KeepLeaks: true})
			if len(documents) != 1 || (report.Leaks.Samples == 1) != c.want {
				t.Errorf("%s: kept %+v, %+v", c.name, documents, report.Leaks)
			}
		}
	}
}

// A planted run is found if and only if it is long enough; the other
// characters of text and passage are from sets that do not meet.
func TestLeaksProperty(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		run := rapid.IntRange(2, 20).Draw(r, "run")
		length := rapid.IntRange(0, 25).Draw(r, "length")
		planted := string(rapid.SliceOfN(rapid.SampledFrom([]rune("天地玄黄")), length, length).Draw(r, "planted"))
		around := func(set, name string) string {
			return string(rapid.SliceOf(rapid.SampledFrom([]rune(set))).Draw(r, name))
		}
		l, err := NewLeaks(run)
		if err != nil {
			r.Fatal(err)
		}
		l.Add("q", []string{around("日月", "before") + "日" + planted + "月" + around("日月", "after")})
		_, ok := l.Find(around("山水", "left") + "山" + planted + "，水" + around("山水", "right"))
		if ok != (length >= run) {
			r.Fatalf("run %d, planted %d: found %v", run, length, ok)
		}
	})
}

package corpus

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSentences(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"没有句号":         "没有句号",
		"一。二！三？四":      "一。|二！|三？|四",
		"他说：“来吧！”她来了。": "他说：“来吧！”|她来了。",
		"“来吧。（真的。）”他说。":       "“来吧。|（真的。）”他说。",
		"「讓開！瘦小的老虎。」老虎說。":     "「讓開！|瘦小的老虎。」老虎說。",
		"我有鼻子……”大伙笑了。":        "我有鼻子……”|大伙笑了。",
		"他走啊走……，走到天亮。":        "他走啊走……，走到天亮。",
		"等等...好吧。3.14元。":      "等等...|好吧。|3.14元。",
		"真的吗？！好。":             "真的吗？！|好。",
		"他说\"走！\"她说\"不！\"完。":  "他说\"走！\"|她说\"不！\"|完。",
		"第一段。\n\n  第二段\n":     "第一段。\n\n  |第二段\n",
		"\n\n一":               "\n\n|一",
		"一。\u3000\u3000二。":    "一。\u3000\u3000|二。",
		"\"没有关上。\n\"新的一行。\"好": "\"没有关上。\n|\"新的一行。\"|好",
		// Who speaks belongs to what is said.
		"“……”他说。雨停了。":              "“……”他说。|雨停了。",
		"“你是谁？”小刺猬轻轻地问道：“猫？”":      "“你是谁？”小刺猬轻轻地问道：“猫？”",
		"“走吧！”她喊着，跑远了。":            "“走吧！”她喊着，跑远了。",
		"“走吧！”说完他就睡了。":             "“走吧！”|说完他就睡了。",
		"“走吧！”磨坊的灯亮了。":             "“走吧！”|磨坊的灯亮了。",
		"「走！」狐狸叫了起來。":              "「走！」狐狸叫了起來。",
		"“好。”，她想，“‘不！’他说过。”":       "“好。”，她想，“‘不！’他说过。”",
		"他说“好。”。她走了。":              "他说“好。”。|她走了。",
		"“走！”\n他说。":                "“走！”\n|他说。",
		"“没有关上。他走了。”又开“了。一半。":      "“没有关上。|他走了。”|又开“了。|一半。",
		"“一只很老很老的住在山那边的大灰狼慢慢地走来说。": "“一只很老很老的住在山那边的大灰狼慢慢地走来说。",
	} {
		if got := strings.Join(Sentences(in), "|"); got != want {
			t.Errorf("%q:\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestWholeQuotations(t *testing.T) {
	for in, want := range map[string]string{
		"他喊：“快跑！狼来了！”大家跑。完。": "他喊：“快跑！狼来了！”|大家跑。|完。",
		"“他说‘走。’。我不走。”":      "“他说‘走。’。我不走。”",
		"「一。『二。』三。」四。":       "「一。『二。』三。」|四。",
		"“没有关上。二。\n三。”四。":    "“没有关上。|二。\n|三。”|四。",
		"“一。「二。”三。」四。":       "“一。|「二。”三。」|四。",
	} {
		var got []string
		for s := range (Splitter{WholeQuotations: true}).Spans(in) {
			got = append(got, in[s.Start:s.End])
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q:\n got %q\nwant %q", in, strings.Join(got, "|"), want)
		}
	}
}

func TestSentencesRoundTrip(t *testing.T) {
	pieces := []string{"天", "地", "他说", "。", "！", "？", "…", "……", ".", "\"", "“", "”", "「", "」", "『", "』", "（", "）", "，", "\n", "\r\n", " ", "\u3000", "a", "\xFF", "\xE4\xBB", "XXXXX", "\u2028", "🦊"}
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(r, "pieces"), "")
		whole := rapid.Bool().Draw(r, "whole quotations")
		at := 0
		var sentences []string
		for s := range (Splitter{WholeQuotations: whole}).Spans(text) {
			if s.Start != at || s.End <= s.Start {
				r.Fatalf("%q: %v after %d", text, s, at)
			}
			at = s.End
			sentences = append(sentences, text[s.Start:s.End])
		}
		if at != len(text) {
			r.Fatalf("%q: ends at %d", text, at)
		}
		if !whole && !slices.Equal(sentences, Sentences(text)) {
			r.Fatalf("%q: Spans and Sentences differ", text)
		}
		for i, s := range sentences {
			if i > 0 && strings.HasPrefix(s, "”") && strings.HasSuffix(sentences[i-1], "。") {
				r.Fatalf("%q: a closing quotation mark begins %q", text, s)
			}
		}
	})
}

func BenchmarkSentences(b *testing.B) {
	text := strings.Repeat("从前有一只小狐狸，它住在森林里。“你好！”刺猬说。磨坊的灯亮了……\n", 200)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for range (Splitter{}).Spans(text) {
		}
	}
}

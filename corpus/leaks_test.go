package corpus

import (
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

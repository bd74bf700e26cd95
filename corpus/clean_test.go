package corpus

import (
	"strings"
	"testing"

	"github.com/longbridgeapp/opencc"
	"pgregory.net/rapid"
)

func TestSteps(t *testing.T) {
	for _, c := range []struct {
		step     Step
		in, want string
		changed  int
	}{
		{LineEnds(), "一\r\n二\r三\u2028四\n", "一\n二\n三\n四\n", 3},
		{ControlCharacters(), "\uFEFF一\u200B二\x00\x07三\u00AD四\uFE0F\n\t", "一二三四\n\t", 6},
		{Spaces(), "一\u00A0二\u3000三\t四 五\n", "一 二 三 四 五\n", 3},
		{HalfWidth(), "ＡBｚ０９，！", "ABz09，！", 4},
		{Simplify(), "乾隆吃餅乾，老裁縫", "乾隆吃饼干，老裁缝", 3},
		{Simplify(), "瞭望瞭解 abc 乾隆 一", "瞭望了解 abc 乾隆 一", 1},
		{Simplify(), "没有什么可改", "没有什么可改", 0},
	} {
		got, n := c.step.Apply(c.in)
		if got != c.want || n != c.changed {
			t.Errorf("%s %q: got %q, %d; want %q, %d", c.step.Name, c.in, got, n, c.want, c.changed)
		}
		if again, n := c.step.Apply(got); again != got || n != 0 {
			t.Errorf("%s %q: again gives %q, %d", c.step.Name, got, again, n)
		}
	}
}

func TestCleaner(t *testing.T) {
	c := NewCleaner(StandardSteps()...)
	counts := c.Steps()
	if got := c.Clean("\uFEFF老裁縫\u3000有\r\n１把", counts); got != "老裁缝 有\n1把" {
		t.Errorf("got %q", got)
	}
	for i, want := range []int64{1, 1, 0, 1, 1, 1} {
		if counts[i].Characters != want {
			t.Errorf("%s: %d, want %d", counts[i].Name, counts[i].Characters, want)
		}
	}
	for in, want := range map[string]string{
		"裁縫": "裁缝", "\u3000": "", "\u200B": "", "": "", "天\u3000地": "天|地", "\u2028": "", "Ａ": "A",
	} {
		if got := strings.Join(c.Word(in, nil), "|"); got != want {
			t.Errorf("word %q: got %q, want %q", in, got, want)
		}
	}
	steps, err := StepsByName("simplify", "spaces")
	if err != nil || len(steps) != 2 || steps[0].Name != "simplify" || steps[1].Name != "spaces" {
		t.Errorf("%v %v", steps, err)
	}
	if _, err := StepsByName("polish"); err == nil || !strings.Contains(err.Error(), `"polish", expected one of html, `) {
		t.Errorf("got %v", err)
	}
}

// Only runs that need it go through the library; the result is the library's
// own for the whole text.
func TestSimplifyIsOpenCC(t *testing.T) {
	c, err := opencc.New("t2s")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSimplifier()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.single) < 3000 {
		t.Errorf("only %d traditional characters", len(s.single))
	}
	words := strings.Fields("乾隆 餅乾 乾 一目瞭然 瞭望 反覆 覆蓋 藉口 狼藉 沈默 沈 牴牾 衹得 著名 看著 於是 後來 皇后 麵包 裏面 幹 什麼 頭髮 發 台灣 瞭 藉 狗 ，。 abc 。 \n 㑮 𠁞 𪜎 凌藉 天")
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(words)).Draw(r, "words"), "")
		want, err := c.Convert(text)
		if err != nil {
			r.Fatal(err)
		}
		got, n := Simplify().Apply(text)
		if got != want {
			r.Fatalf("%q: got %q, %v; want %q", text, got, err, want)
		}
		if (n > 0) != (got != text) {
			r.Fatalf("%q: %d changes", text, n)
		}
	})
}

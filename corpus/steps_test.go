package corpus

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestMoreSteps(t *testing.T) {
	ads := standardAdvertisements()
	for _, c := range []struct {
		step     Step
		in, want string
	}{
		{NormalForm(), "⼀只狐狸ﬁn，cafe\u0301 ﹐︰ ｢好｣｡ 𝟑", "一只狐狸fin，café ，： 「好」。 3"},
		{NormalForm(), "①②…，：㎏™½", "①②…，：㎏™½"},
		{NormalForm(), "\uF900更豈", "豈更豈"},
		{HTML(), "<p>从前</p><p>有&nbsp;只<b>狐狸</b>&#65281;", "\n从前\n\n有\u00a0只狐狸！"},
		{HTML(), "一<script>if (a<b) 上();</script>二<style>p{}</style><!-- 三 -->四<br/>五<o:p></o:p>", "一二四\n五"},
		{HTML(), "3 < 5，<狐狸>说 a&b &copy <script>没完", "3 < 5，<狐狸>说 a&b &copy 没完"},
		{HTML(), "&amp;lt; 一<!-- 没完 二", "&lt; 一<!-- 没完 二"},
		// What nothing ends stays, whatever stands behind it.
		{HTML(), "一<!-- 没完<p>整篇故事</p>", "一<!-- 没完<p>整篇故事</p>"},
		{HTML(), "一<!--!>没完<p>", "一<!--!>没完<p>"},
		{HTML(), "一<!-->二<!--->三<!-- 注 --!>四<!---->五<!--!>", "一二三四五<!--!>"},
		{HTML(), "一<script>x</scripts>整篇故事", "一x</scripts>整篇故事"},
		{HTML(), "<script><!--<script ></script>整篇&nbsp;故事", "<!--<script ></script>整篇\u00a0故事"},
		{HTML(), "一<script></script 整篇故事", "一</script 整篇故事"},
		{HTML(), "一<style>", "一"},
		{HTML(), "一<style></style>二", "一二"},
		{HTML(), "<?xml version='1.0'?>一<?xml 整篇故事", "一<?xml 整篇故事"},
		{HTML(), "<!DOCTYPE html>一<!DOCTYPE 整篇故事", "一<!DOCTYPE 整篇故事"},
		{Punctuation(), "「你好,『狐狸』!」他说...", "“你好，‘狐狸’！”他说……"},
		{Punctuation(), "\"走吧.\"他说:\"好!\"\n\"一个\n3.14,10:30 abc, Mr. Fox...", "“走吧。”他说：“好！”\n\"一个\n3.14,10:30 abc, Mr. Fox..."},
		{Punctuation(), "他走。。。走--走…走···一——二", "他走……走——走……走……一——二"},
		{Punctuation(), "狐狸(很小)和fox(small) (一只) 没(完", "狐狸（很小）和fox(small) （一只） 没(完"},
		{ads, "从前有狐狸。\n本文来自童话网\n上一篇：老狼 下一篇：老虎\n点击下载APP\n结束。\n关注公众号看更多", "从前有狐狸。\n结束。\n"},
		{ads, "这是本文中的一篇。\n他读完上一篇日记，想看下一篇。\n妈妈点击鼠标。\n", "这是本文中的一篇。\n他读完上一篇日记，想看下一篇。\n妈妈点击鼠标。\n"},
		{ads, "未经许可，不得转载\n版权所有\n【相关阅读】\nhttp://a.example/b\n责任编辑：王五\n返回首页\n好", "好"},
		{ads, strings.Repeat("很长的一行，", 20) + "本文来自", strings.Repeat("很长的一行，", 20) + "本文来自"},
		{RepairMojibake(), "鎴戜滑鐙愮嫺", "我们狐狸"},
		{RepairMojibake(), "他说æˆ‘ä»¬。", "他说我们。"},
		{RepairMojibake(), "ÎÒÃÇµÄºÃ", "我们的好"},
		{RepairMojibake(), "锟斤拷 烫烫烫 Ünïcödé naïve 鎴 戜", "锟斤拷 烫烫烫 Ünïcödé naïve 鎴 戜"},
	} {
		if got, _ := c.step.Apply(c.in); got != c.want {
			t.Errorf("%s %q:\n got %q\nwant %q", c.step.Name, c.in, got, c.want)
		}
	}
	if _, err := Advertisements("好", "("); err == nil || !strings.Contains(err.Error(), `advertisement pattern 2, "("`) {
		t.Errorf("got %v", err)
	}
	own, err := Advertisements("^童话王国第.期$", "(?i)fairy times")
	if err != nil {
		t.Fatal(err)
	}
	if got, n := own.Apply("童话王国第三期\n狐狸\nThe Fairy Times\n上一篇：无"); got != "狐狸\n" || n == 0 {
		t.Errorf("got %q", got)
	}
}

func TestFindMojibake(t *testing.T) {
	text := "好\uFFFD\uFFFD坏锟斤拷锟斤拷，烫烫烫烫烫鎴戜滑"
	var got []string
	for _, m := range FindMojibake(text) {
		got = append(got, m.Kind+":"+text[m.Start:m.End]+":"+m.Repaired)
	}
	if want := "lost:\uFFFD\uFFFD: lost:锟斤拷锟斤拷: memory:烫烫烫烫烫: utf8_as_gbk:鎴戜滑:我们"; strings.Join(got, " ") != want {
		t.Errorf("got %q", got)
	}
}

var stepPieces = []string{"狐狸", "裁縫", "乾", "瞭", "解", "餅", "a", "b1", "Ａ", "９", ",", ".", "...", "。。。", "…", "--", "(", ")", "\"", "「", "」", "『", "！",
	"&nbsp;", "&lt;", "<b>", "</p>", "<script>", "</script>", "<!--", "-->", "\n", "\r\n", "\r", "\u3000", "\u200B", "\uFEFF", "e\u0301", "⼀", "豈", "ﬁ", "｡",
	"本文来自", "上一篇：", "\uFFFD", "锟斤拷", "鎴戜滑", "æˆ‘ä»¬", "\xFF", "\xE4\xBB", "🦊", "𪜎", "XXXXX", "\x00"}

func drawText(r *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(stepPieces), 0, 40).Draw(r, "pieces"), "")
}

// Whatever the steps do, each piece of the cleaned text has its bytes in the
// original: what no step has touched stands there as it is, pieces keep their
// order, and the changed text is what the offsets say.
func TestOffsets(t *testing.T) {
	all := AllSteps()
	rapid.Check(t, func(r *rapid.T) {
		text := drawText(r)
		c := NewCleaner(rapid.SliceOfN(rapid.SampledFrom(all), 0, 6).Draw(r, "steps")...)
		cleaned, offsets := c.CleanOffsets(text, nil)
		if again := c.Clean(text, nil); again != cleaned {
			r.Fatalf("%q: %q with offsets, %q without", text, cleaned, again)
		}
		last := 0
		for at, char := range cleaned {
			end := at + utf8.RuneLen(char)
			if char == utf8.RuneError {
				_, n := utf8.DecodeRuneInString(cleaned[at:])
				end = at + n
			}
			from, to := offsets.Original(at, end)
			if from < 0 || to > len(text) || from > to {
				r.Fatalf("%q: %d-%d of %d", text, from, to, len(text))
			}
			if from < last && to < last {
				r.Fatalf("%q -> %q: character %d at %d-%d goes back before %d", text, cleaned, at, from, to, last)
			}
			last = from
		}
		if from, to := offsets.Original(0, len(cleaned)); from < 0 || to > len(text) {
			r.Fatalf("%q: %d-%d", text, from, to)
		}
	})
}

// A change and its place agree: putting each change's text over its original
// bytes gives the step's result.
func TestStepsAreChanges(t *testing.T) {
	for _, step := range AllSteps() {
		rapid.Check(t, func(r *rapid.T) {
			text := drawText(r)
			var b strings.Builder
			at := 0
			step.Changes(text, func(start, end int, to string) {
				if start < at || end < start || end > len(text) {
					r.Fatalf("%s %q: change %d-%d after %d", step.Name, text, start, end, at)
				}
				b.WriteString(text[at:start] + to)
				at = end
			})
			b.WriteString(text[at:])
			got, n := step.Apply(text)
			if got != b.String() || (n > 0) != (got != text) {
				r.Fatalf("%s %q: %q, %d; the changes give %q", step.Name, text, got, n, b.String())
			}
			switch step.Name {
			case "html", "repair_mojibake", "advertisements": // what they leave can look like their work again
			default:
				if again, n := step.Apply(got); n != 0 {
					r.Fatalf("%s %q: %q becomes %q", step.Name, text, got, again)
				}
			}
		})
	}
}

// The words of a sentence keep their boundaries, and their order.
func TestCleanerWords(t *testing.T) {
	c := NewCleaner(append(StandardSteps(), Punctuation())...)
	for in, want := range map[string]string{
		"老 裁縫 瞭 解 書":     "老0 裁缝1 了2 解3 书4",
		"乾 隆":            "乾0 隆1",
		"他 . . . 走":      "他0 ……1 走4",
		"\u200B 狐狸 ＡＢ １": "狐狸1 AB2 13",
		"天\u2028地 好":     "天0 地0 好1",
		"cafe \u0301s 好": "café0 s1 好2",
	} {
		words, from := c.Words(strings.Split(in, " "), nil)
		var got []string
		for i, w := range words {
			got = append(got, w+string(rune('0'+from[i])))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		words := rapid.SliceOf(rapid.SampledFrom(stepPieces)).Draw(r, "words")
		cleaned, from := c.Words(words, nil)
		if got, want := strings.Join(cleaned, ""), strings.Join(strings.Fields(NewCleaner(c.words...).Clean(strings.Join(words, ""), nil)), ""); got != want {
			r.Fatalf("%q: %q, want %q", words, got, want)
		}
		for i, f := range from {
			if cleaned[i] == "" || f >= len(words) || i > 0 && f < from[i-1] {
				r.Fatalf("%q: %q from %v", words, cleaned, from)
			}
		}
	})
}

func TestAnalyzer(t *testing.T) {
	a := Analyzer{Cleaner: NewCleaner(AllSteps()...), Segmenter: testJieba(t), Filters: []TokenFilter{
		DropPunctuation(), DropLongWords(), DropWords("了"), TagWords(testJieba(t).Tag), LowerCase()}}
	text := "<p>老裁縫&nbsp;笑了！</p>ＡＢ和\u200B狐\u200B狸\xFF跑了\x00。"
	var got []string
	for tokens := range a.Sentences(text) {
		for _, token := range tokens {
			got = append(got, token.Text+"/"+token.Tag+"/"+text[token.Start:token.End])
		}
		got = append(got, "|")
	}
	want := "老/a/老 裁缝/n/裁縫 笑/v/笑 | ab/eng/ＡＢ 和/c/和 狐狸/n/狐\u200B狸 跑/v/跑 |"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %q\nwant %q", strings.Join(got, " "), want)
	}
	nouns := Analyzer{Segmenter: testJieba(t), Filters: []TokenFilter{TagWords(testJieba(t).Tag), KeepTags("n")}}
	for tokens := range nouns.Sentences("小狐狸跑了。跑了。") {
		if len(tokens) != 1 || tokens[0].Text != "狐狸" || tokens[0].Start != 3 || tokens[0].End != 9 {
			t.Errorf("got %v", tokens)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		text, last := drawText(r), 0
		for tokens := range a.Sentences(text) {
			for _, token := range tokens {
				if token.Start < 0 || token.End > len(text) || token.Start > token.End || token.End < last {
					r.Fatalf("%q: %v after %d", text, token, last)
				}
				last = token.Start
			}
		}
	})
}

func BenchmarkStep(b *testing.B) {
	plain := strings.Repeat("从前有一只小狐狸，它住在森林里的一棵大树下面。“你好！”它说。\n", 200)
	for _, c := range []struct{ name, text string }{
		{"plain", plain},
		{"traditional", strings.Repeat("從前有一隻小狐狸，牠住在森林裏的一棵大樹下面。「你好！」牠說。\n", 200)},
		{"html", strings.Repeat("<p>从前有一只小狐狸，它住在森林里的一棵&nbsp;<b>大树</b>下面。</p>\n", 200)},
	} {
		steps := append(AllSteps(), Step{Name: "standard"}, Step{Name: "mojibake"})
		for _, step := range steps {
			cleaner := NewCleaner(step)
			if step.Name == "standard" {
				cleaner = NewCleaner(StandardSteps()...)
			}
			b.Run(c.name+"/"+step.Name, func(b *testing.B) {
				b.SetBytes(int64(len(c.text)))
				for b.Loop() {
					if step.Name == "mojibake" {
						FindMojibake(c.text)
					} else {
						cleaner.Clean(c.text, nil)
					}
				}
			})
		}
	}
}

func TestResegment(t *testing.T) {
	words := [][]string{strings.Fields("狐狸抖 一 抖 身子"), strings.Fields("狐狸面 呲牙咧嘴 繼續 說")}
	for how, want := range map[string]string{
		"":                  "狐狸抖 一 抖 身子|狐狸面 呲牙咧嘴 继续 说",
		ResegmentSimplified: "狐狸抖 一 抖 身子|狐狸 面 呲 牙 咧嘴 继续 说",
		ResegmentAlways:     "狐狸 抖 一 抖 身子|狐狸 面 呲 牙 咧嘴 继续 说",
	} {
		in := func(yield func(Document, error) bool) {
			yield(Document{ID: "a", Sentences: words, Resegment: how}, nil)
		}
		documents, _ := Prepare(t.Context(), in, PrepareOptions{Segmenter: testJieba(t)})
		for d, err := range documents {
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(d.Sentences[0], " ") + "|" + strings.Join(d.Sentences[1], " "); got != want {
				t.Errorf("%q: got %s, want %s", how, got, want)
			}
		}
	}
}

// Mojibake is counted as it was read, and left alone.
func TestPrepareCountsMojibake(t *testing.T) {
	in := func(yield func(Document, error) bool) {
		for i, text := range []string{"狐狸。", "他说鎴戜滑。", "坏锟斤拷字\uFFFD。", "鎴戜滑鎴戜滑。"} {
			if !yield(Document{ID: string(rune('a' + i)), Text: text}, nil) {
				return
			}
		}
	}
	documents, report := Prepare(t.Context(), in, PrepareOptions{Segmenter: WholeText{}})
	for _, err := range documents {
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(report.Mojibake) != 2 {
		t.Fatalf("got %+v", report.Mojibake)
	}
	lost, gbk := report.Mojibake[0], report.Mojibake[1]
	if lost.Kind != MojibakeLost || lost.Documents != 1 || lost.Characters != 4 || lost.Repairable {
		t.Errorf("got %+v", lost)
	}
	if gbk.Kind != MojibakeGBK || gbk.Documents != 2 || gbk.Characters != 9 || !gbk.Repairable ||
		gbk.Examples[0] != (StepExample{"b", "他说鎴戜滑。", "他说我们。"}) {
		t.Errorf("got %+v", gbk)
	}
}

// Long mojibake is one piece, and characters that could begin one take no time.
func TestLongMojibake(t *testing.T) {
	good := strings.Repeat("我们狐狸", 500)
	bad := strings.Repeat("鎴戜滑鐙愮嫺", 500)
	if got, _ := RepairMojibake().Apply("好" + bad + "，"); got != "好"+good+"，" {
		t.Errorf("got %d bytes, want %d", len(got), len(good)+6)
	}
	if got, _ := RepairMojibake().Apply(strings.Repeat("ÎÒÃÇ", 500)); got != strings.Repeat("我们", 500) {
		t.Errorf("got %d bytes", len(got))
	}
	for _, r := range []string{"鎴", "é", "ä¸", "鐙", "Ö"} {
		FindMojibake(strings.Repeat(r, 1<<17))
	}
}

// What nearly is mojibake is looked through once, though each of its characters
// could begin a piece.
func TestNearMojibake(t *testing.T) {
	for _, near := range []string{"濂冲コ", "×ú", "°¡×ú", "°¡×ú°ÿ"} {
		if found := FindMojibake(strings.Repeat(near, 1<<18)); near != "°¡×ú°ÿ" && len(found) > 0 {
			t.Errorf("%s: got %d pieces, %.60q", near, len(found), found[0].Repaired)
		}
	}
}

// To remember failures changes nothing.
func TestMojibakeFinder(t *testing.T) {
	pieces := []string{"濂冲コ", "鎴戜滑", "濂", "冲", "鎴", "，", "×ú", "ÎÒ", "ÃÇ", "°", "¡", "ÿ", "æˆ‘", "ä»¬", "好", "a"}
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(r, "pieces"), "")
		var want []Mojibake
		for i := 0; i < len(text); {
			m, ok := (&mojibakeFinder{}).at(text, i)
			if _, n := utf8.DecodeRuneInString(text[i:]); !ok || !mojibakeSet().member(text, i) {
				i += n
				continue
			}
			want = append(want, m)
			i = m.End
		}
		if got := FindMojibake(text); !slices.Equal(got, want) {
			r.Fatalf("%q: got %+v, want %+v", text, got, want)
		}
	})
}

// Any bytes at all go through all steps, and each token has its place.
func FuzzSteps(f *testing.F) {
	for _, p := range stepPieces {
		f.Add([]byte(p + "<p>狐狸。&#20320;" + p))
	}
	c := NewCleaner(AllSteps()...)
	f.Fuzz(func(t *testing.T, b []byte) {
		text := string(b)
		cleaned, offsets := c.CleanOffsets(text, c.Steps())
		for s := range (Splitter{WholeQuotations: true}).Spans(cleaned) {
			if from, to := offsets.Original(s.Start, s.End); from < 0 || from > to || to > len(text) {
				t.Fatalf("%q: %d-%d", text, from, to)
			}
		}
	})
}

package corpus

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestJieba(t *testing.T) {
	j := testJieba(t)
	for in, want := range map[string]string{
		"": "",
		"小狐狸在河边捡到一只篮子。":      "小|狐狸|在|河边|捡|到|一只|篮子|。",
		"用ABC123 def写了3.14。": "用|ABC123| |def|写|了|3|.|14|。",
		"一\x00二\xFF三":        "一二|\uFFFD|三",
	} {
		if got := strings.Join(j.Words(in), "|"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for word, want := range map[string]string{"狐狸": "n", "跑": "v", "鲁迅": "nr", "北京": "ns", "123": "m", "abc": "eng", "捌佰伴麒": "x", "，": "x", "": "x"} {
		if got := j.Tag(word); got != want {
			t.Errorf("%s is tagged %s, want %s", word, got, want)
		}
	}
	for word, want := range map[string]bool{"狐狸": true, "跑": false, "鲁迅": true, "abc": false, "，": false, "": false, "T恤": false} {
		if got := j.IsNoun(word); got != want {
			t.Errorf("IsNoun(%s) = %v", word, got)
		}
	}
}

func TestJiebaHMM(t *testing.T) {
	with, err := NewJieba(JiebaOptions{HMM: true})
	if err != nil {
		t.Fatal(err)
	}
	const text = "他来到了网易杭研大厦" // 杭研 is not in the dictionary
	if got := with.Words(text); !slices.Contains(got, "杭研") {
		t.Errorf("with HMM: %q", got)
	}
	if got := testJieba(t).Words(text); slices.Contains(got, "杭研") {
		t.Errorf("without HMM: %q", got)
	}
}

// However a text looks, the words joined are the text.
func TestJiebaLosesNothing(t *testing.T) {
	j := testJieba(t)
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String().Draw(r, "text")
		want := strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
		if got := strings.Join(j.Words(text), ""); got != want {
			r.Fatalf("%q became %q", text, got)
		}
	})
	long := strings.Repeat("森林里的小狐狸", 20000)
	if got := strings.Join(j.Words(long), ""); got != long {
		t.Errorf("a text of %d bytes became one of %d", len(long), len(got))
	}
}

// Cut in pieces, a text has the words that it has as a whole.
func TestJiebaPieces(t *testing.T) {
	for _, hmm := range []bool{false, true} {
		j, err := NewJieba(JiebaOptions{HMM: hmm})
		if err != nil {
			t.Fatal(err)
		}
		clause := rapid.SampledFrom([]string{"森林里的小狐狸", "提着灯笼走过木桥", "，", "。", " ", "\n", "\t", "abc", "12", "“你好！”", "研究生命起源", "刺猬爷爷", "；", "𠮷", "é"})
		rapid.Check(t, func(r *rapid.T) {
			text := strings.Join(rapid.SliceOfN(clause, 0, 200).Draw(r, "text"), "")
			if got, want := j.Words(text), mergeAlphanumeric(text, j.jieba.Cut(text, hmm)); !slices.Equal(got, want) {
				r.Fatalf("%q\n%q\n%q", text, got, want)
			}
		})
	}
}

func TestJiebaConcurrent(t *testing.T) {
	const text = "小狐狸在河边捡到一只篮子，它把篮子挂在树枝上，等失主来找。"
	want := testJieba(t).Words(text)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			j, err := NewJieba(JiebaOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			for range 50 {
				if got := j.Words(text); !slices.Equal(got, want) {
					t.Errorf("got %q", got)
					return
				}
				j.Tag("狐狸")
			}
		})
	}
	group.Wait()
	runtime.GC() // nothing may be freed under the shared instance
	if got := testJieba(t).Words(text); !slices.Equal(got, want) {
		t.Errorf("after a collection: %q", got)
	}
}

func TestUserDictionary(t *testing.T) {
	path := write(t, "user.txt", "\uFEFF巫巫女 nr\r\n\n心愿瓶 20 n\n彩虹披风 3\n月光坚果\n")
	j, err := NewJieba(JiebaOptions{UserDictionary: path, CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	words := j.Words("巫巫女披上彩虹披风，拿着心愿瓶和月光坚果。")
	if got := strings.Join(words, "|"); got != "巫巫女|披上|彩虹披风|，|拿|着|心愿瓶|和|月光坚果|。" {
		t.Errorf("got %s", got)
	}
	if j.Tag("巫巫女") != "nr" || !j.IsNoun("心愿瓶") || j.Tag("彩虹披风") != "x" {
		t.Error("tags of the user's words are lost")
	}
	if slices.Contains(testJieba(t).Words("巫巫女来了"), "巫巫女") {
		t.Error("the user's words are in the common dictionary")
	}
	for content, want := range map[string]string{
		"一 二 三 四\n":       "u:1: found 4 fields",
		"好\n巫巫女 x n\n":    "u:2: found frequency \"x\"",
		"巫巫女 0 n\n":       "u:1: found frequency \"0\", expected a number from 1 to 2^30",
		"巫巫女 -5\n":        "u:1: found frequency \"-5\"",
		"好\n巫\xFF女\n":     "u:2: found byte 0xFF at column 4",
		"巫\x00女\n":        "u:1: found a NUL byte",
		"巫 99999999999 n": "u:1: found frequency \"99999999999\"",
	} {
		if _, err := readUserDictionary(strings.NewReader(content), "u"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", content, err, want)
		}
	}
	if _, err := NewJieba(JiebaOptions{UserDictionary: "testdata/none"}); err == nil || err.Error() != "testdata/none: no such file or directory" {
		t.Errorf("got %v", err)
	}
}

func BenchmarkJieba(b *testing.B) {
	j := testJieba(b)
	text := strings.Repeat("小狐狸在河边捡到一只篮子，它把篮子挂在树枝上，等失主来找。", 30)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		j.Words(text)
	}
}

func BenchmarkTag(b *testing.B) {
	j := testJieba(b)
	for b.Loop() {
		j.IsNoun("狐狸")
	}
}

// BenchmarkJiebaText segments real passages on one and two threads, a line at a
// time, as python3-jieba is measured.
func BenchmarkJiebaText(b *testing.B) {
	data := os.Getenv("WAKONG_DATA")
	if data == "" {
		b.Skip("WAKONG_DATA is not set")
	}
	j := testJieba(b)
	var lines []string
	size := 0
	for _, name := range []string{"c3", "cmrc2019"} {
		source := Source{Format: FormatJSONLines, Path: filepath.Join(data, name, "passages.jsonl")}
		for d, err := range source.Samples(b.Context(), nil) {
			if err != nil {
				b.Fatal(err)
			}
			for line := range strings.Lines(d.Text) {
				lines = append(lines, line)
				size += len(line)
			}
		}
	}
	in := func(yield func(string, error) bool) {
		for _, line := range lines {
			if !yield(line, nil) {
				return
			}
		}
	}
	for _, threads := range []int{1, 2} {
		b.Run(strconv.Itoa(threads), func(b *testing.B) {
			b.SetBytes(int64(size))
			words := 0
			for b.Loop() {
				words = 0
				for w, err := range ordered(b.Context(), in, threads, func(s string) int { return len(s) }, j.Words) {
					if err != nil {
						b.Fatal(err)
					}
					words += len(w)
				}
			}
			b.ReportMetric(float64(words)*float64(b.N)/b.Elapsed().Seconds(), "words/s")
		})
	}
}

package corpus

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Counted by hand: of the first sentence's 4 gold words 小|狐狸|在|河边 the
// segmentation 小狐狸|在|河边 has 2 right of 3, of the second one's 3 gold words
// 月光|坚果|香 the segmentation 月|光|坚果|香 has 2 right of 4.
func TestSegmentationScore(t *testing.T) {
	s := SegmentationScore{Known: map[string]bool{"小": true, "在": true, "河边": true, "香": true}}
	for _, c := range [][2]string{
		{"小 狐狸 在 河边", "小狐狸 在 河边"},
		{"月光 坚果 香", "月 光 坚果 香"},
	} {
		if err := s.Add(strings.Fields(c[0]), strings.Fields(c[1])); err != nil {
			t.Fatal(err)
		}
	}
	if s.Sentences != 2 || s.Gold != 7 || s.Found != 7 || s.Right != 4 || s.OOV != 3 || s.OOVRight != 1 {
		t.Errorf("got %+v", s)
	}
	for _, c := range []struct{ got, want float64 }{
		{s.Precision(), 4. / 7}, {s.Recall(), 4. / 7}, {s.F1(), 4. / 7},
		{s.OOVRate(), 3. / 7}, {s.OOVRecall(), 1. / 3}, {s.KnownRecall(), 3. / 4},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	if err := s.Add([]string{"狐狸", "来"}, []string{"狐狸", "去"}); err == nil || err.Error() != `the texts differ at character 3: "来" in the gold standard, "去" in the segmentation` {
		t.Errorf("got %v", err)
	}
	if err := s.Add([]string{"狐狸", "来"}, []string{"狐狸"}); err == nil || !strings.Contains(err.Error(), "the end in the segmentation") {
		t.Errorf("got %v", err)
	}
	if none := (SegmentationScore{}); none.F1() != 0 || none.OOVRecall() != 0 {
		t.Error("a score of nothing is not 0")
	}
}

// Whatever the words, a segmentation is right against itself, and counting is
// symmetric: precision one way is recall the other.
func TestSegmentationScoreSymmetry(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := []rune(rapid.StringOfN(rapid.SampledFrom([]rune("狐狸在河边a1")), 1, 30, -1).Draw(r, "text"))
		cut := func(name string) []string {
			var words []string
			for i, start := 1, 0; i <= len(text); i++ {
				if i == len(text) || rapid.Bool().Draw(r, name) {
					words = append(words, string(text[start:i]))
					start = i
				}
			}
			return words
		}
		a, b := cut("a"), cut("b")
		var ab, ba, aa SegmentationScore
		for _, err := range []error{ab.Add(a, b), ba.Add(b, a), aa.Add(a, a)} {
			if err != nil {
				r.Fatal(err)
			}
		}
		if ab.Precision() != ba.Recall() || ab.F1() != ba.F1() || aa.F1() != 1 {
			r.Fatalf("%q %q: %+v %+v %+v", a, b, ab, ba, aa)
		}
	})
}

func TestReadSegmented(t *testing.T) {
	var got []string
	for line, err := range ReadSegmented(strings.NewReader("\uFEFF小  狐狸\r\n\n\u3000在\u3000河边 \n"), "g", "") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(line.Line, line.Words))
	}
	if strings.Join(got, "|") != "1 [小 狐狸]|3 [在 河边]" {
		t.Errorf("got %q", got)
	}
	for in, want := range map[string]string{"": "g: found no text", "好\n\xFF": "g:2: found byte 0xFF", "a\x00": "g:1: found a NUL byte"} {
		var last error
		for _, err := range ReadSegmented(strings.NewReader(in), "g", "") {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), want) && in != "" {
			t.Errorf("%q: got %v, want %s", in, last, want)
		}
	}
}

// jieba's own dictionary against a small gold standard of this project's tales.
func TestSegmentationOfGold(t *testing.T) {
	f, err := os.Open("testdata/gold.segmented")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var s SegmentationScore
	j := testJieba(t)
	for line, err := range ReadSegmented(f, f.Name(), "") {
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Add(line.Words, j.Words(strings.Join(line.Words, ""))); err != nil {
			t.Fatal(err)
		}
	}
	// Checked by hand. jieba has 一棵, 磨坊主, 送给, 一袋, 围着 and 讲故事 as one
	// word each, and cuts 慢慢 地.
	if s.Sentences != 8 || s.Gold != 90 || s.Found != 86 || s.Right != 77 {
		t.Errorf("got %+v", s)
	}
}

func FuzzReadSegmented(f *testing.F) {
	f.Add([]byte("小 狐狸\n在 河边\n"))
	f.Add([]byte("\xEF\xBB\xBF\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for line, err := range ReadSegmented(strings.NewReader(string(b)), "g", "") {
			if err == nil && (len(line.Words) == 0 || line.Line < 1) {
				t.Errorf("%q: %+v", b, line)
			}
		}
	})
}

package perceptron

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"wakong/corpus"
)

var jieba = sync.OnceValues(func() (*corpus.Jieba, error) { return corpus.NewJieba(corpus.JiebaOptions{}) })

func testGuide(t testing.TB) *corpus.Jieba {
	j, err := jieba()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// counted sentences are cut as jieba does not: numbers, measure words and small
// animals are words by themselves, and so is what a verb has behind it.
func counted(n int) [][]string {
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(list string) string { words := strings.Fields(list); return words[random.IntN(len(words))] }
	var all [][]string
	for range n {
		all = append(all, strings.Fields(
			pick("从前 有一天~ 后来 冬天")+" "+pick("山上 河边 林子~里 院子~里")+" "+pick("来 住 坐 躺")+" "+pick("了 着")+" "+
				pick("一 两 三 几")+" "+pick("只 个 条")+" "+pick("小 大 老 白")+" "+pick("兔 狗 鱼 猫 虎")+" 。"))
	}
	for _, s := range all {
		for i, w := range s {
			s[i] = strings.ReplaceAll(w, "~", "")
		}
	}
	return all
}

func stream(sentences [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, s := range sentences {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func learn(t testing.TB, sentences [][]string) *Segmenter {
	s, err := Train(t.Context(), stream(sentences), TrainOptions{Guide: testGuide(t), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What is learned holds for sentences that were not seen, where jieba cuts
// otherwise.
func TestTrain(t *testing.T) {
	s := learn(t, counted(300))
	for text, want := range map[string]string{
		"冬天河边躺着一只小虎。":  "冬天|河边|躺|着|一|只|小|虎|。",
		"后来院子里来了两条大狗。": "后来|院子里|来|了|两|条|大|狗|。",
	} {
		if got := strings.Join(s.Words(text), "|"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if by := strings.Join(testGuide(t).Words(text), "|"); by == want {
			t.Errorf("jieba cuts %s so by itself, which tests nothing", text)
		}
	}
	var all, guide corpus.SegmentationScore
	for _, gold := range counted(2000)[1500:] {
		text := strings.Join(gold, "")
		if err := errors.Join(all.Add(gold, s.Words(text)), guide.Add(gold, testGuide(t).Words(text))); err != nil {
			t.Fatal(err)
		}
	}
	if all.F1() < 0.99 || guide.F1() > 0.9 {
		t.Errorf("F1 is %.3f, that of jieba %.3f", all.F1(), guide.F1())
	}
}

func written(t testing.TB, s *Segmenter) []byte {
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameBytes(t *testing.T) {
	a := written(t, learn(t, counted(40)))
	if b := written(t, learn(t, counted(40))); !bytes.Equal(a, b) {
		t.Error("two learnings have given different weights")
	}
	other, err := Train(t.Context(), stream(counted(40)), TrainOptions{Guide: testGuide(t), Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a, written(t, other)) {
		t.Error("another seed has given the same weights")
	}
}

func TestTrainBounds(t *testing.T) {
	o := TrainOptions{Guide: testGuide(t), Seed: 1, Epochs: 2}
	for _, sentences := range [][][]string{nil, {{}}, {{""}, {"", ""}}} {
		if _, err := Train(t.Context(), stream(sentences), o); !errors.Is(err, ErrNothing) {
			t.Errorf("%q: got %v", sentences, err)
		}
	}
	for _, bad := range []TrainOptions{{}, {Guide: o.Guide, Epochs: -1}, {Guide: o.Guide, MostCharacters: -1}} {
		if _, err := Train(t.Context(), stream(counted(2)), bad); err == nil || errors.Is(err, ErrNothing) {
			t.Errorf("%+v: got %v", bad, err)
		}
	}
	fault := errors.New("a fault")
	if _, err := Train(t.Context(), func(yield func([]string, error) bool) { _ = yield([]string{"雪"}, nil) && yield(nil, fault) }, o); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ctx, stream(counted(1)), o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// The sentences that come behind the bound change nothing.
	sentences := counted(20)
	o.MostCharacters = len([]rune(strings.Join(slices.Concat(sentences[:10]...), "")))
	bounded, err := Train(t.Context(), stream(sentences), o)
	if err != nil {
		t.Fatal(err)
	}
	o.MostCharacters = 0
	var last int64
	o.Progress = func(done, total int64) {
		if done < last || total != 20 {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	}
	first, err := Train(t.Context(), stream(sentences[:10]), o)
	if err != nil {
		t.Fatal(err)
	}
	if last != 20 || !bytes.Equal(written(t, bounded), written(t, first)) {
		t.Errorf("the bound was not kept, or progress ended at %d", last)
	}
}

func TestWords(t *testing.T) {
	s := learn(t, counted(100))
	for in, want := range map[string]string{
		"":            "",
		" \t":         " \t",
		"一只\u3000 小狗": "一|只|\u3000 |小|狗",
		"一\x00只\xFF":  "一|只|\uFFFD",
		"\n来了两条大狗。\n": "\n|来|了|两|条|大|狗|。|\n",
	} {
		if got := strings.Join(s.Words(in), "|"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	// A guide that cuts another text is as one that knows no word.
	for _, guide := range []Guide{fixed{"别的"}, fixed{"一只小", "狗", "多"}, fixed(nil)} {
		s := &Segmenter{guide: guide, table: s.table}
		if got := strings.Join(s.Words("一只小狗"), ""); got != "一只小狗" {
			t.Errorf("%v: got %s", guide, got)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("一只小狗，。a1 \n\u3000"))).Draw(r, "text")
		words := s.Words(text)
		if strings.Join(words, "") != text {
			r.Fatalf("%q was cut into %q", text, words)
		}
		for _, w := range words {
			space := strings.ContainsFunc(w, unicode.IsSpace)
			if w == "" || space && strings.ContainsFunc(w, func(c rune) bool { return !unicode.IsSpace(c) }) {
				r.Fatalf("%q was cut into %q", text, words)
			}
		}
	})
}

func TestFile(t *testing.T) {
	s := learn(t, counted(60))
	b := written(t, s)
	again, err := Read(bytes.NewReader(b), "f", testGuide(t))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, written(t, again)) {
		t.Error("what was read is written otherwise")
	}
	text := "冬天河边躺着一只小虎。"
	if got, want := again.Words(text), s.Words(text); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	changed := func(at int, by byte) []byte { c := slices.Clone(b); c[at] ^= by; return c }
	for want, in := range map[string][]byte{
		"found other bytes":      []byte("from the village\n"),
		"found version 3":        resum(changed(8, 2)),
		"found a wrong checksum": changed(100, 1),
		"bytes of":               resum(changed(headerBytes-4, 1)),
		"behind row":             resum(swapped(b)),
		"behind row -1":          resum(changed(headerBytes+3, 1)),
	} {
		if _, err := Read(bytes.NewReader(in), "f", testGuide(t)); err == nil || !strings.Contains(err.Error(), "f: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
	for n := range len(b) {
		if n%97 != 0 && n > headerBytes {
			continue
		}
		if _, err := Read(bytes.NewReader(b[:n]), "f", testGuide(t)); err == nil {
			t.Fatalf("%d of %d bytes were read without a fault", n, len(b))
		}
	}
	if _, err := Read(bytes.NewReader(b), "f", nil); err == nil {
		t.Error("a segmenter was read without a guide")
	}
	fault := errors.New("a fault")
	if err := s.Write(failing{fault}); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }

func sha256Of(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(slices.Clone(body), sum[:]...)
}

// resum gives a file its checksum again.
func resum(b []byte) []byte {
	body := b[:len(b)-32]
	return sha256Of(body)
}

// swapped are the bytes with the first two rows in each other's place.
func swapped(b []byte) []byte {
	c := slices.Clone(b)
	copy(c[headerBytes:], b[headerBytes+rowBytes:headerBytes+2*rowBytes])
	copy(c[headerBytes+rowBytes:], b[headerBytes:headerBytes+rowBytes])
	return c
}

func FuzzRead(f *testing.F) {
	b := written(f, learn(f, counted(5)))
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > 32 {
			in = resum(in) // or nothing behind the checksum would be met
		}
		s, err := Read(bytes.NewReader(in), "f", fixed(nil))
		if err != nil {
			return
		}
		if again := written(t, s); len(again) > len(in) {
			t.Errorf("%d bytes were written of %d", len(again), len(in))
		}
	})
}

func FuzzWords(f *testing.F) {
	s := learn(f, counted(30))
	f.Add("冬天河边躺着一只小虎。")
	f.Add("a 1\xff\x00 ")
	f.Fuzz(func(t *testing.T, in string) {
		want := strings.ReplaceAll(strings.ToValidUTF8(in, "\uFFFD"), "\x00", "")
		if got := strings.Join(s.Words(in), ""); got != want || !utf8.ValidString(got) {
			t.Errorf("%q was cut into %q", in, got)
		}
	})
}

func BenchmarkWords(b *testing.B) {
	s := learn(b, counted(300))
	var texts []string
	for _, words := range counted(400) {
		texts = append(texts, strings.Join(words, ""))
	}
	words := 0
	for b.Loop() {
		for _, text := range texts {
			words += len(s.Words(text))
		}
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkTrain(b *testing.B) {
	sentences := counted(400)
	words := 0
	for b.Loop() {
		if _, err := Train(b.Context(), stream(sentences), TrainOptions{Guide: testGuide(b), Epochs: 2, Seed: 1}); err != nil {
			b.Fatal(err)
		}
		words += 2 * len(slices.Concat(sentences...))
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}

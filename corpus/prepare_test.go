package corpus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func stream(documents ...Document) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		for _, d := range documents {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func prepareAll(t testing.TB, in iter.Seq2[Document, error], o PrepareOptions) ([]Document, *Report) {
	t.Helper()
	var all []Document
	out, report := Prepare(t.Context(), in, o)
	for d, err := range out {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all, report
}

func TestPrepare(t *testing.T) {
	leaks := newLeaks(t, 0)
	leaks.Add("qid_3", []string{"灯塔每天晚上眨着眼睛等船长平安回家"})
	in := stream(
		Document{ID: "a", Title: "老\u3000裁縫", Text: "\uFEFF老裁縫有一把剪刀。\r\n“剪刀會唱歌！”他XXXXX說。\nTranslation: someone\n剪刀１把。\n"},
		Document{ID: "b", Sentences: [][]string{{"老", "裁縫", "\u3000", "有", "天\u00A0地", "\u200B"}, {"，", "XXXXX", "了"}, {"\u2028"}}},
		Document{ID: "c", Text: "老裁縫有一把剪刀……“剪刀會唱歌”，他XXXXX说——translation someone 剪刀1把"}, // as a
		Document{ID: "d", Text: "！！！"},
		Document{ID: "e", Text: "灯塔每天晚上眨着眼睛等船长平安回家了。", File: "tales.jsonl", Line: 7},
		Document{ID: "f", Text: "燈塔每天晚上，眨着眼睛等船長平安回家了！", File: "tales.jsonl", Line: 9}, // as e
		Document{ID: "a", Text: "雪人想看春天。"},
		Document{ID: "g", Text: "“哈哈”"},
	)
	documents, report := prepareAll(t, in, PrepareOptions{Segmenter: testJieba(t), Leaks: leaks})
	b, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "prepare.txt", describe(documents)+string(b)+"\n")

	var progress []int64
	documents, report = prepareAll(t, in, PrepareOptions{Segmenter: testJieba(t), Cleaner: NewCleaner(), KeepDuplicates: true, KeepForeign: true, DropText: true,
		Progress: func(done, total int64) { progress = append(progress, done, total) }})
	if fmt.Sprint(progress) != "[8 0]" {
		t.Errorf("progress %v", progress)
	}
	if len(documents) != 8 || documents[0].Text != "" || report.Duplicates != 0 || report.SentencesForeign != 0 {
		t.Errorf("%d documents, %+v", len(documents), report)
	}
	for _, d := range documents {
		for _, s := range d.Sentences {
			for _, w := range s {
				if strings.TrimSpace(w) == "" || strings.Contains(w, Blank) {
					t.Errorf("the word %q in %s", w, d.ID)
				}
			}
		}
	}
}

// What differs in more than punctuation, width, case and script is no copy.
func TestDuplicates(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"第1章 Snow White 与雪人", "第2章 Rose Red 与雪人", false},
		{"第1章 Ａpple 與雪人。", "第１章：apple与雪人", true},
		{"Snow White", "snow, white!", true},
		{"Snow White", "Rose Red", false},
		{"雪人½", "雪人¼", false},
		{"！！！", "？？？", false}, // nothing to tell them by
	} {
		_, report := prepareAll(t, stream(Document{ID: "a", Text: c.a}, Document{ID: "b", Text: c.b}), PrepareOptions{Segmenter: single{}, KeepForeign: true})
		if (report.Duplicates == 1) != c.same {
			t.Errorf("%q and %q: %d duplicates", c.a, c.b, report.Duplicates)
		}
	}
}

// Words, order and report are the same for any number of threads.
func TestPrepareThreads(t *testing.T) {
	var in []Document
	for i := range 200 {
		in = append(in, Document{ID: fmt.Sprint(i), Text: strings.Repeat(fmt.Sprintf("第%s只小狐狸在河边捡到一只篮子。", string(rune('一'+i%150))), 1+i%7)})
	}
	var first string
	for _, threads := range []int{1, 2, 3, 8} {
		documents, report := prepareAll(t, stream(in...), PrepareOptions{Segmenter: testJieba(t), Threads: threads})
		got := describe(documents) + fmt.Sprintf("%+v", *report)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d threads give another result", threads)
		}
	}
}

func TestPrepareEndsEarly(t *testing.T) {
	broken := errors.New("broken")
	endless := func(yield func(Document, error) bool) {
		for i := 0; yield(Document{ID: fmt.Sprint(i), Text: "雪人" + strings.Repeat("想看春天", i+1)}, nil); i++ {
		}
	}
	for _, threads := range []int{1, 2, 5} {
		o := PrepareOptions{Segmenter: single{}, Threads: threads}
		// The consumer has enough.
		n := 0
		out, _ := Prepare(t.Context(), endless, o)
		for _, err := range out {
			if n++; n == 20 || err != nil {
				break
			}
		}
		// The input fails: what came before it is given out.
		n = 0
		out, _ = Prepare(t.Context(), func(yield func(Document, error) bool) {
			_ = yield(Document{ID: "a", Text: "雪人"}, nil) && yield(Document{ID: "b", Text: "春天"}, nil) && yield(Document{}, broken)
		}, o)
		for _, err := range out {
			if n++; (n == 3) != errors.Is(err, broken) {
				t.Errorf("item %d: %v", n, err)
			}
		}
		if n != 3 {
			t.Errorf("%d items before the end", n)
		}
		// The context is cancelled.
		ctx, cancel := context.WithCancel(t.Context())
		n = 0
		var last error
		out, _ = Prepare(ctx, endless, o)
		for _, err := range out {
			if n++; n == 5 {
				cancel()
			}
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("after the cancellation: %v", last)
		}
		cancel()
	}
	out, _ := Prepare(t.Context(), endless, PrepareOptions{})
	for _, err := range out {
		if err == nil {
			t.Error("prepared without a segmenter")
		}
	}
}

func TestWriteAndRead(t *testing.T) {
	in := []Document{
		{ID: "a", Title: "<雪人>", Source: "s", URL: "http://tales.example/a?b&c", Text: "雪人\n", Sentences: [][]string{{"雪人", "。"}, {"a", "b"}}, File: "x", Line: 3},
		{ID: "b", Text: "春天"},
	}
	var b bytes.Buffer
	n, err := WriteDocuments(&b, stream(in...))
	if err != nil || n != 2 {
		t.Fatal(n, err)
	}
	golden(t, "documents.jsonl", b.String())
	var out []Document
	for d, err := range ReadDocuments(&b, "f") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	if len(out) != 2 || out[0].URL != in[0].URL || out[0].File != "f" || out[1].Line != 2 || !slices.EqualFunc(out[0].Sentences, in[0].Sentences, slices.Equal) {
		t.Errorf("got %+v", out)
	}
	b.Reset()
	if err := WriteSentences(&b, in[0]); err != nil || b.String() != "雪人 。\na b\n" {
		t.Errorf("%q %v", b.String(), err)
	}
	broken := errors.New("the disk is full")
	if _, err := WriteDocuments(failing{broken}, stream(in...)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := WriteSentences(failing{broken}, in[0]); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// BenchmarkPrepare measures cleaning, comparing, splitting and segmenting of
// unsegmented text on as many threads as there are.
func BenchmarkPrepare(b *testing.B) {
	j := testJieba(b)
	leaks := newLeaks(b, 0)
	leaks.Add("q", []string{"灯塔每天晚上眨着眼睛等船长平安回家"})
	var in []Document
	size := 0
	for i := range 200 {
		text := strings.Repeat(fmt.Sprintf("从前有%d只小狐狸，它们住在森林里的一棵大树下面。“你好！”刺猬说，“我是新来的邻居……”\n", i), 20)
		text += string(rune('一' + i)) // no two with the same characters
		in = append(in, Document{ID: fmt.Sprint(i), Text: text})
		size += len(text)
	}
	b.SetBytes(int64(size))
	words := int64(0)
	for b.Loop() {
		out, report := Prepare(b.Context(), stream(in...), PrepareOptions{Segmenter: j, Leaks: leaks})
		for _, err := range out {
			if err != nil {
				b.Fatal(err)
			}
		}
		words += report.Words
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}

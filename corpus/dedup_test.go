package corpus

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wakong/corpus/minhash"
)

func deduplicated(t testing.TB, in iter.Seq2[Document, error], o DedupOptions) ([]Document, *DedupReport) {
	t.Helper()
	var all []Document
	out, report := Deduplicate(t.Context(), in, o)
	for d, err := range out {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all, report
}

// tale is a text of n sentences drawn from a seed.
func tale(seed uint64, n int) string {
	r := rand.New(rand.NewPCG(seed, 7))
	who := []string{"狐狸", "刺猬", "山羊", "老裁缝", "船长", "雪人", "小河", "灯塔"}
	does := []string{"提着灯笼走过", "唱着歌离开了", "悄悄地看着", "终于找到了", "慢慢画下", "忘不了"}
	what := []string{"木桥", "磨坊", "月亮", "围巾", "山谷", "剪刀", "篮子", "春天"}
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "%s%s%s的%c%c。", who[r.IntN(len(who))], does[r.IntN(len(does))], what[r.IntN(len(what))], rune('一'+r.IntN(5000)), rune('一'+r.IntN(5000)))
	}
	return b.String()
}

func TestDeduplicate(t *testing.T) {
	a, b := tale(1, 40), tale(2, 40)
	near := strings.Replace(a, "。", "，天黑了。", 1)
	in := []Document{
		{ID: "z", Rank: 0, Text: a, Title: "kept as it came"},
		{ID: "b", Rank: 1, Text: near},
		{ID: "a", Rank: 1, Text: strings.ReplaceAll(a, "。", "！")}, // the same characters
		{ID: "n", Rank: 2, Sentences: [][]string{{b[:30], b[30:]}}},
		{ID: "m", Rank: 2, Text: b},
		{ID: "k", Rank: 3, Text: "！！！"},
		{ID: "l", Rank: 3, Text: "！！！"},
		{ID: "s", Rank: 3, Text: "雪人。"},
		{ID: "r", Rank: 3, Text: "雪人！"},
	}
	kept, report := deduplicated(t, stream(in...), DedupOptions{Folder: t.TempDir()})
	golden(t, "deduplicate.txt", describeDedup(t, kept, report))
	kept, report = deduplicated(t, stream(in...), DedupOptions{Documents: CopiesExact, Folder: t.TempDir()})
	golden(t, "deduplicate_exact.txt", describeDedup(t, kept, report))
	kept, report = deduplicated(t, stream(in...), DedupOptions{Documents: CopiesNone})
	if len(kept) != len(in) || report.Documents.Compared != 0 {
		t.Errorf("%d documents kept, %+v", len(kept), report)
	}
}

func describeDedup(t *testing.T, kept []Document, report *DedupReport) string {
	t.Helper()
	var b strings.Builder
	for _, d := range kept {
		fmt.Fprintf(&b, "%s rank %d %q: %d bytes, %d sentences\n", d.ID, d.Rank, d.Title, len(d.Text), len(d.Sentences))
	}
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(report); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDeduplicateParagraphs(t *testing.T) {
	a, b, c := tale(1, 4), tale(2, 4), tale(3, 4)
	near := a + "天黑了。"
	in := stream(
		Document{ID: "2", Text: b + "\n\n" + a + "\n是的。\n" + b},
		Document{ID: "1", Text: "是的。\n" + near + "\n是的。\n" + c + "\n"},
		Document{ID: "3", Text: c},
		Document{ID: "4", Sentences: [][]string{{c}}},
	)
	for how, want := range map[string]string{
		CopiesExact: "2: b..a.是的。. 1: 是的。.n.是的。.c. 4: ",
		CopiesNear:  "2: b..是的。. 1: 是的。.n.是的。.c. 4: ",
	} {
		kept, report := deduplicated(t, in, DedupOptions{Documents: CopiesNone, Paragraphs: how})
		var got strings.Builder
		for _, d := range kept {
			fmt.Fprintf(&got, "%s: %s ", d.ID, strings.NewReplacer("\n", ".", near, "n", a, "a", b, "b", c, "c").Replace(d.Text))
		}
		if strings.TrimSpace(got.String()) != strings.TrimSpace(want) {
			t.Errorf("%s: got %q, want %q", how, got.String(), want)
		}
		if report.Paragraphs.Compared != 6 || report.Paragraphs.Exact != 2 {
			t.Errorf("%s: %+v", how, report.Paragraphs)
		}
	}
}

// Which documents stay depends on their set: not on their order, nor on the
// number of threads.
func TestDeduplicateIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(rt, "documents")
		documents := make([]Document, n)
		for i := range documents {
			text := []rune(tale(rapid.Uint64Range(0, 2).Draw(rt, "tale"), 12))
			for range rapid.IntRange(0, 4).Draw(rt, "edits") {
				text[rapid.IntRange(0, len(text)-1).Draw(rt, "at")] = '改'
			}
			documents[i] = Document{ID: fmt.Sprint(rapid.IntRange(0, 20).Draw(rt, "id")), Rank: rapid.IntRange(0, 1).Draw(rt, "rank"), Text: string(text)}
		}
		o := DedupOptions{Similar: minhash.Params{Shingle: 4, Bands: 8, Rows: 4, Threshold: 0.7}}
		var first string
		for threads := range 3 {
			o.Threads = threads + 1
			kept, report := deduplicated(t, stream(documents...), o)
			if report.Documents.Compared != int64(n) || int(report.Documents.Exact+report.Documents.Near) != n-len(kept) {
				rt.Fatalf("%d of %d documents kept, %+v", len(kept), n, report)
			}
			var names []string
			for _, d := range kept {
				names = append(names, fmt.Sprint(d.Rank, d.ID, d.Text))
			}
			slices.Sort(names)
			got := fmt.Sprint(names, report.Documents)
			if first == "" {
				first = got
			}
			if got != first {
				rt.Fatalf("another order gives\n%s\ninstead of\n%s", got, first)
			}
			documents = rapid.Permutation(documents).Draw(rt, "order")
		}
	})
}

// Prepare with two passes gives what it gives for any number of threads, and
// leaks are taken out before copies are looked for.
func TestPrepareDedup(t *testing.T) {
	secret := "灯塔每天晚上眨着眼睛等船长平安回家"
	leaks := newLeaks(t, 0)
	leaks.Add("q", []string{secret})
	var in []Document
	for i := range 60 {
		text := tale(uint64(i/3), 30)
		switch {
		case i%3 == 1:
			text = strings.Replace(text, "。", "，天黑了。", 1)
		case i%3 == 2 && i%2 == 0:
			text += secret // would be the copy that stays
		}
		in = append(in, Document{ID: fmt.Sprintf("%02d", 99-i), Text: text})
	}
	folder := t.TempDir()
	var first string
	for _, threads := range []int{1, 2, 5} {
		documents, report := prepareAll(t, stream(in...), PrepareOptions{Segmenter: single{}, Leaks: leaks, Threads: threads,
			Dedup: &DedupOptions{Folder: folder, Paragraphs: CopiesNear}})
		if len(documents) != 20 || report.Leaks.Samples != 10 || report.Duplicates != 30 || report.Samples != 60 {
			t.Fatalf("%d documents, %+v, %+v", len(documents), report, report.Dedup)
		}
		got := describe(documents) + fmt.Sprintf("%+v %+v", report.Steps, *report.Dedup)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d threads give another result", threads)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("%v are left, %v", left, err)
	}
}

// However it ends, nothing is left on disk and no goroutine runs on.
func TestDeduplicateEndsEarly(t *testing.T) {
	folder := t.TempDir()
	in := stream(Document{ID: "a", Text: tale(1, 9)}, Document{ID: "b", Text: tale(2, 9)}, Document{ID: "c", Text: tale(3, 9)})
	out, _ := Deduplicate(t.Context(), in, DedupOptions{Folder: folder})
	for range out {
		if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
			t.Errorf("a kill now would leave %v, %v", left, err)
		}
		break
	}
	out, _ = Deduplicate(t.Context(), func(yield func(Document, error) bool) {
		_ = yield(Document{ID: "a", Text: "雪人"}, nil) && yield(Document{}, os.ErrClosed)
	}, DedupOptions{Folder: folder})
	for _, err := range out {
		if err == nil {
			t.Error("a document came out before all had come in")
		}
	}
	for _, o := range []DedupOptions{{Folder: folder + "/none"}, {Documents: "some"}, {Similar: minhash.Params{Shingle: 1}}} {
		out, _ := Deduplicate(t.Context(), in, o)
		for _, err := range out {
			if err == nil {
				t.Errorf("%+v was accepted", o)
			}
		}
	}
}

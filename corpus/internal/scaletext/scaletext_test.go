package scaletext

import (
	"bytes"
	"iter"
	"strings"
	"testing"

	"wakong/corpus"
)

var sentences = []string{
	"狐狸提着灯笼走过木桥。", "刺猬把围巾送给了磨坊的老山羊。", "今天晚上没有月亮！", "小河一直流到大海。",
	"老裁缝的剪刀会唱歌。", "雪人站在院子里等春天。", "船长每天晚上都看见灯塔的光。", "松鼠把果子藏在树洞里。",
}

// What is planted is found, and nothing else; the same seed makes the same bytes.
func TestGenerateAndCheck(t *testing.T) {
	make := func() (documents, truth string) {
		var d, c bytes.Buffer
		if err := Generate(&d, &c, Options{Sentences: sentences, Bytes: 300_000, Seed: 4}); err != nil {
			t.Fatal(err)
		}
		return d.String(), c.String()
	}
	documents, truth := make()
	if again, list := make(); again != documents || list != truth {
		t.Error("the same seed makes another text")
	}
	read := func() iter.Seq2[corpus.Document, error] {
		return corpus.ReadDocuments(strings.NewReader(documents), "documents")
	}
	o := corpus.DedupOptions{Folder: t.TempDir()}
	kept, report := corpus.Deduplicate(t.Context(), read(), o)
	r, err := Check(read(), strings.NewReader(truth), kept)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v, recall %.3f, precision %.3f, %+v", r, r.Recall(), r.Precision(), report.Documents)
	if r.ExactFound != r.Exact || r.Recall() < 0.95 || r.Precision() < 0.95 || r.GroupsGone > 0 {
		t.Errorf("recall %.3f, precision %.3f, %+v", r.Recall(), r.Precision(), r)
	}
	share := float64(r.Exact+r.Near) / float64(r.Documents)
	if r.Exact == 0 || r.Near == 0 || share < 0.1 || share > 0.3 {
		t.Errorf("%d exact and %d near copies among %d documents", r.Exact, r.Near, r.Documents)
	}
	// Where nothing is removed nothing is found.
	r, err = Check(read(), strings.NewReader(truth), read())
	if err != nil || r.ExactFound+r.NearFound != 0 || r.Removed != 0 || r.Recall() != 0 || r.Precision() != 1 {
		t.Errorf("without a deduplication: %+v, %v", r, err)
	}
	if _, err := Check(read(), strings.NewReader("{}\nx"), read()); err == nil {
		t.Error("a broken truth was read")
	}
	if Generate(&bytes.Buffer{}, &bytes.Buffer{}, Options{Bytes: 1}) == nil {
		t.Error("text was made of nothing")
	}
}

package corpus_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"wakong/corpus"
)

// Deduplicate JSON Lines.
func ExampleDeduplicate() {
	ctx := context.Background()
	file := corpus.Source{Format: corpus.FormatJSONLines, Path: "testdata/copies.jsonl"}
	documents, report := corpus.Deduplicate(ctx, file.Samples(ctx, nil), corpus.DedupOptions{})
	if _, err := corpus.WriteDocuments(os.Stdout, documents); err != nil {
		log.Fatal(err)
	}
	found := report.Documents
	fmt.Println(found.Compared, "documents,", found.Exact, "exact and", found.Near, "near copies")
	for _, g := range found.Largest {
		fmt.Println(g.Kept, "stays for", g.Removed)
	}
	// Output:
	// {"id":"copies.jsonl#1","source":"testdata/copies.jsonl","text":"小刺猬在林子里捡到一盏旧灯笼。灯笼说：“请你送我回磨坊去，山羊爷爷等着我照亮晚上的路呢。”小刺猬提着灯笼走过木桥，一直走到天黑。山羊爷爷煮了一锅南瓜汤谢谢它。"}
	// {"id":"copies.jsonl#2","source":"testdata/copies.jsonl","text":"雪人想看一看春天。它等了很久，一直等到鼻子掉下来。"}
	// 4 documents, 1 exact and 1 near copies
	// copies.jsonl#1 stays for [copies.jsonl#3]
	// copies.jsonl#2 stays for [copies.jsonl#4]
}

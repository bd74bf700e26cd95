package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// singles writes a source that comes segmented into single characters, as no
// segmenter does by itself.
func singles(t *testing.T, dir string) {
	var b strings.Builder
	n := 0
	for _, who := range []string{"狐狸", "山羊", "青蛙", "刺猬"} {
		for _, what := range []string{"在河边洗衣服", "把灯笼挂在木桥上", "说今天的月亮真圆", "走过森林回家去了", "给小朋友送面包"} {
			n++
			fmt.Fprintf(&b, "%d ||| %s 。\n", n, strings.Join(strings.Split(who+what, ""), " "))
		}
	}
	write(t, filepath.Join(dir, "singles.doc_query"), b.String()+"<qid_0> ||| 谁 ？\n")
}

// learning is smallReader with a segmenter that learns from singles.
var learning = strings.Replace(smallReader, "segment: {sources: [", "segment: {learned: true, sources: [{format: cmrc2017, path: singles.doc_query}, ", 1)

// Text is cut as the source is that came segmented, questions of text are, too,
// and so are those that a folder answers which was taken elsewhere; whatever the
// threads, the files are the same.
func TestLearned(t *testing.T) {
	dir, flags := project(t, learning)
	singles(t, dir)
	expect(t, exitDone, "learned to cut words from 20 sentences", append([]string{"run"}, flags...)...)
	expect(t, exitDone, "nothing changed", append([]string{"run"}, flags...)...)
	all := results(t, filepath.Join(dir, "work"))
	words, characters := 0, 0
	for name, content := range all {
		if filepath.Base(name) == "sentences.txt" {
			for _, w := range strings.Fields(content) {
				words++
				characters += utf8.RuneCountInString(w)
			}
		}
	}
	if words < 1000 || characters > words*21/20 {
		t.Errorf("%d characters make %d words", characters, words)
	}

	found, err := filepath.Glob(filepath.Join(dir, "work", "cache", "segment", "*", "segmenter.bin"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	gold := filepath.Join(dir, "gold.segmented")
	write(t, gold, "狐 狸 在 河 边 挂 灯 笼 。\n")
	if r := expect(t, exitDone, "", "score", gold, "--segmenter", found[0]); !strings.Contains(r.out, "F1 1.0000") {
		t.Error(r.out)
	}

	other, otherFlags := project(t, strings.Replace(learning, "learned: true", "learned: true, threads: 1", 1))
	singles(t, other)
	expect(t, exitDone, "", append([]string{"run"}, otherFlags...)...)
	if !maps.Equal(all, results(t, filepath.Join(other, "work"))) {
		t.Error("one thread gives other files")
	}

	answer := askText(t, flags...)
	if switched := strings.Replace(learning, "learned: true, ", "", 1); switched != learning {
		// The network is asked as it was trained, whatever the configuration says now.
		write(t, filepath.Join(dir, "my.yaml"), switched)
		if again := askText(t, flags...); again != answer {
			t.Errorf("with another configuration the workspace answers\n%.300s\nbefore\n%.300s", again, answer)
		}
		write(t, filepath.Join(dir, "my.yaml"), learning)
	}

	model := filepath.Join(t.TempDir(), "model")
	expect(t, exitDone, "segmenter.bin", append([]string{"export", "-o", model}, flags...)...)
	if err := os.RemoveAll(filepath.Join(dir, "work")); err != nil {
		t.Fatal(err)
	}
	if again := askText(t, "--model", model); again != answer {
		t.Errorf("the folder answers\n%.300s\nthe workspace\n%.300s", again, answer)
	}
	segmenter := filepath.Join(model, "segmenter.bin")
	data := read(t, segmenter)
	write(t, segmenter, data[:len(data)-1])
	expect(t, exitFailed, "segmenter.bin", "predict", "--model", model, "-i", filepath.Join(dir, "q.doc_query"))
}

// askText asks a question of text, whose answers must be single characters.
func askText(t *testing.T, flags ...string) string {
	t.Helper()
	const text = "狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”狐狸走了。"
	r := commandWith(t.Context(), text, append([]string{"predict", "-i", "-", "--format", "jsonl", "--top", "100"}, flags...)...)
	if r.code != exitDone {
		t.Fatalf("%+v", r)
	}
	onlySingles(t, r.out)
	return r.out
}

func onlySingles(t *testing.T, answer string) {
	t.Helper()
	var got struct{ Answers []struct{ Word string } }
	if err := json.Unmarshal([]byte(answer), &got); err != nil || len(got.Answers) < 5 {
		t.Fatalf("%v: %s", err, answer)
	}
	for _, a := range got.Answers {
		if utf8.RuneCountInString(a.Word) > 1 {
			t.Errorf("the question is cut otherwise than the text: %s", a.Word)
		}
	}
}

// What predict answers of predict.input is kept as run keeps it, of segmented
// questions and of text.
func TestLearnedPredictIsKept(t *testing.T) {
	for _, input := range []string{"input: q.doc_query", "input: q.txt, format: jsonl"} {
		dir, flags := project(t, strings.Replace(learning, "input: q.doc_query", input, 1))
		singles(t, dir)
		write(t, filepath.Join(dir, "q.txt"), "狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”\n")
		expect(t, exitDone, "", append([]string{"run", "train"}, flags...)...)
		r := expect(t, exitDone, "", append([]string{"predict"}, flags...)...)
		if strings.Contains(input, "txt") {
			onlySingles(t, r.out)
		}
		for range 2 {
			expect(t, exitDone, "nothing changed", append([]string{"run"}, flags...)...)
			if again := expect(t, exitDone, "", append([]string{"predict"}, flags...)...); again.out != r.out {
				t.Errorf("%s: got\n%s\nbefore\n%s", input, again.out, r.out)
			}
		}
	}
}

// A folder to train from elsewhere takes the segmenter along.
func TestLearnedTorch(t *testing.T) {
	dir, flags := project(t, strings.Replace(smallConfig, "segment: {sources: [", "segment: {learned: true, sources: [{format: cmrc2017, path: singles.doc_query}, ", 1))
	singles(t, dir)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	weights, batches := filepath.Join(t.TempDir(), "weights"), filepath.Join(t.TempDir(), "batches")
	expect(t, exitDone, "", append([]string{"export", "--format", "safetensors", "-o", weights}, flags...)...)
	expect(t, exitDone, "segmenter.bin", append([]string{"export", "--format", "torch", "-o", batches}, flags...)...)
	want := askText(t, flags...)
	if got := askText(t, "--model", batches, "--weights", filepath.Join(weights, "model.safetensors")); got != want {
		t.Errorf("the folder answers\n%.300s\nthe workspace\n%.300s", got, want)
	}
}

// What shares text with validation questions is not learned from, even where it is
// trained on; a file may hold segmented documents and others.
func TestLearnedWithoutLeaks(t *testing.T) {
	dir, args := leakyProject(t, ", {format: documents, path: both.jsonl}], learned: true, leaks: keep_and_train_on_them, steps: [")
	leak := `{"id":"l","sentences":[["从","前","有","一","只","穿","山","甲","，","住","在","磨","坊","后","面","的","山","洞","里","！"]]}` + "\n"
	other := `{"id":"o","sentences":[["猫","\u0000","头 鹰","睡","着","了"]]}` + "\n"
	text := `{"id":"t","text":"穿山甲睡着了。"}` + "\n"
	// leakyProject closes the list of sources by itself.
	my := filepath.Join(dir, "my.yaml")
	write(t, my, strings.Replace(strings.Replace(read(t, my), "path: s.jsonl}], {", "path: s.jsonl}, {", 1), "steps: [}", "steps: []}", 1))
	write(t, filepath.Join(dir, "both.jsonl"), text+leak)
	args = append([]string{"segment"}, args[2:]...)
	expect(t, exitUsage, "segment.learned: nothing to learn from: of 1 documents that come segmented 1 share text with build.valid", args...)
	write(t, filepath.Join(dir, "both.jsonl"), text+leak+other)
	expect(t, exitDone, "learned to cut words from 1 sentences of ", args...)
}

// Without a segmented source there is nothing to learn from, nor where its words
// are cut again.
func TestLearnedFromNothing(t *testing.T) {
	_, flags := project(t, strings.Replace(smallReader, "segment: {", "segment: {learned: true, ", 1))
	expect(t, exitUsage, "segment.learned: no source comes segmented", append([]string{"segment"}, flags...)...)
	dir, flags := project(t, strings.Replace(learning, "path: singles.doc_query", "path: singles.doc_query, resegment: always", 1))
	singles(t, dir)
	expect(t, exitUsage, "segment.learned: no source comes segmented", append([]string{"segment"}, flags...)...)
}

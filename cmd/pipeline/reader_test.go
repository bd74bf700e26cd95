package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// smallReader trains the network reader instead of pointer.
var smallReader = strings.NewReplacer(
	"{format: generate, per_passage: 4}", "{format: passages}",
	"units: 4, layers: 1,", "network: reader, units: 4, layers: 2, reader: {characters: 3, hidden: 6, keys: 5, step_words: 400},",
).Replace(smallConfig)

// The network reader goes the whole way, gives the same files in another
// workspace, whatever the threads, and answers when the sources have gone.
func TestReader(t *testing.T) {
	dir, flags := project(t, smallReader)
	expect(t, exitDone, "documents of", append([]string{"run"}, flags...)...)
	expect(t, exitDone, "nothing changed", append([]string{"run"}, flags...)...)
	other, otherFlags := project(t, strings.Replace(smallReader, "kernel: portable", "kernel: portable, threads: 1", 1))
	expect(t, exitDone, "", append([]string{"run"}, otherFlags...)...)
	if a, b := results(t, filepath.Join(dir, "work")), results(t, filepath.Join(other, "work")); !maps.Equal(a, b) {
		t.Error("one thread gives other files")
	}
	if err := os.RemoveAll(filepath.Join(dir, "stories")); err != nil {
		t.Fatal(err)
	}
	r := commandWith(t.Context(), "狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”狐狸走了。", append([]string{"predict", "-i", "-", "--format", "jsonl"}, flags...)...)
	if r.code != exitDone || !strings.Contains(r.out, `"word":"狐狸"`) {
		t.Errorf("%+v", r)
	}
}

// Each network says what it is trained on.
func TestNetworkNeedsItsText(t *testing.T) {
	_, flags := project(t, strings.Replace(smallReader, "format: passages", "format: generate", 1))
	expect(t, exitUsage, "needs {format: passages}", append([]string{"run"}, flags...)...)
	_, flags = project(t, strings.Replace(smallReader, "network: reader", "network: pointer", 1))
	expect(t, exitUsage, "pointer is trained on questions", append([]string{"run"}, flags...)...)
	_, flags = project(t, strings.Replace(smallReader, "{format: passages}", "{format: passages}, {format: passages, per_passage: 3}", 1))
	expect(t, exitUsage, "a second time", append([]string{"run"}, flags...)...)
}

// Scores by what the questions are like add up to the score.
func TestEvaluateBreakdown(t *testing.T) {
	demo := filepath.Join("..", "..", "testdata", "demo")
	answers, questions := filepath.Join(demo, "questions.answer"), filepath.Join(demo, "questions.doc_query")
	all := read(t, answers)
	predictions := filepath.Join(t.TempDir(), "predictions")
	half := strings.SplitAfter(all, "\n")[:20]
	write(t, predictions, strings.Join(half, ""))
	r := expect(t, exitDone, "", "evaluate", predictions, answers, "--questions", questions, "--json")
	var got struct {
		Questions, Correct int
		Breakdown          []struct {
			By     string
			Groups []struct {
				Name               string
				Questions, Correct int
			}
		}
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Questions != 40 || got.Correct != 20 || len(got.Breakdown) != 4 {
		t.Errorf("%+v", got)
	}
	for _, b := range got.Breakdown {
		total, correct := 0, 0
		for _, g := range b.Groups {
			total, correct = total+g.Questions, correct+g.Correct
		}
		if total != 40 || correct != 20 {
			t.Errorf("%s: %d questions, %d correct", b.By, total, correct)
		}
	}
	r = expect(t, exitDone, "", "evaluate", predictions, answers, "--questions", questions)
	if !strings.Contains(r.out, "accuracy 0.5000") || !strings.Contains(r.out, "how often the answer stands") {
		t.Error(r.out)
	}
	// An answer in traditional characters stands where its simplified ones do, and one
	// that is not known is of no length and no part of speech.
	write(t, predictions+".old.doc_query", "1 ||| 貓 和 狗 走 了 。 XXXXX 說 ： 貓 來 了 。\n<qid_1> ||| XXXXX 說 ： 貓 來 了 。\n1 ||| 貓 來 了 。 XXXXX 走 。\n<qid_2> ||| XXXXX 走 。\n")
	write(t, predictions+".old", "<qid_1> ||| 貓\n<qid_2> ||| \n")
	r = expect(t, exitDone, "", "evaluate", predictions+".old", predictions+".old", "--questions", predictions+".old.doc_query", "--json")
	got.Breakdown = nil
	if err := json.Unmarshal([]byte(r.out), &got); err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, b := range got.Breakdown {
		for _, g := range b.Groups {
			groups = append(groups, fmt.Sprintf("%.3s %s %d/%d", b.By, g.Name, g.Correct, g.Questions))
		}
	}
	if want := "how 0 0/1, how 2 1/1, cha 1 1/1, par noun 1/1, wor to 150 1/2"; strings.Join(groups, ", ") != want {
		t.Errorf("groups %s, want %s", strings.Join(groups, ", "), want)
	}
	write(t, predictions+".doc_query", "1 ||| 狐狸 走 了 。 XXXXX 说\n<qid_900> ||| XXXXX 说\n")
	expect(t, exitFailed, "which is no question of", "evaluate", predictions, answers, "--questions", predictions+".doc_query")
}

// The learning curve of the workspace, and of files.
func TestCurve(t *testing.T) {
	dir, flags := project(t, smallConfig)
	picture := filepath.Join(dir, "curve.svg")
	expect(t, exitFailed, "makes the network", append([]string{"curve", "-o", picture}, flags...)...)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	expect(t, exitDone, "wrote "+picture, append([]string{"curve", "-o", picture}, flags...)...)
	metrics, err := filepath.Glob(filepath.Join(dir, "work", "cache", "train", "*", "metrics.jsonl"))
	if err != nil || len(metrics) != 1 {
		t.Fatal(metrics, err)
	}
	if r := expect(t, exitDone, "", "curve", "-o", "-", metrics[0], metrics[0]); !strings.Contains(r.out, "<svg") || !strings.HasPrefix(read(t, picture), "<?xml") {
		t.Error("no pictures")
	}
	write(t, filepath.Join(dir, "bad"), "{\"step\":1}\nno\n")
	expect(t, exitFailed, "bad:2: found no metric", "curve", "-o", picture, filepath.Join(dir, "bad"))
	vectors, err := filepath.Glob(filepath.Join(dir, "work", "cache", "embed", "*", "metrics.jsonl"))
	if err != nil || len(vectors) != 1 {
		t.Fatal(vectors, err)
	}
	expect(t, exitFailed, vectors[0]+":1: found no metric", "curve", "-o", picture, vectors[0])
}

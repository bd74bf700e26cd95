package main

import (
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

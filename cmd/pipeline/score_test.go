package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestScore(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	gold := file("gold", "小  狐狸  在  河边\n\n月光  坚果  香\n")
	found := file("found", "小狐狸 在 河边\n月 光 坚果 香\n")
	words := file("words", "小\n在\n河边\n香\n")
	const want = "2 sentences, 7 words of the gold standard, 7 found, 4 right\nprecision 0.5714, recall 0.5714, F1 0.5714\n"
	if r := expect(t, exitDone, "", "score", gold, found); r.out != want {
		t.Errorf("got %s", r.out)
	}
	if r := expect(t, exitDone, "", "score", gold, found, "--words", words); r.out != want+"words out of the vocabulary: 0.4286 of all, recall 0.3333; of the others 0.7500\n" {
		t.Errorf("got %s", r.out)
	}
	if r := expect(t, exitDone, "", "score", gold, gold, "--json"); r.out != `{"sentences":2,"gold":7,"found":7,"right":7,"precision":1,"recall":1,"f1":1}`+"\n" {
		t.Errorf("got %s", r.out)
	}
	// jieba cuts 月光 坚果 香 and 小 狐狸 在 河边 as the gold standard does.
	if r := expect(t, exitDone, "", "score", gold, "--segmenter", "jieba"); r.out != "2 sentences, 7 words of the gold standard, 7 found, 7 right\nprecision 1.0000, recall 1.0000, F1 1.0000\n" {
		t.Errorf("got %s", r.out)
	}
	other := file("other", "小狐狸 在 湖边\n月 光 坚果 香\n")
	expect(t, exitFailed, other+`:1: against line 1 of `+gold+`: the texts differ at character 5: "河边" in the gold standard, "湖边" in the segmentation`, "score", gold, other)
	expect(t, exitFailed, ":1: found the end, expected the sentence of line 3 of "+gold, "score", gold, file("short", "小狐狸 在 河边\n"))
	expect(t, exitFailed, ":3: found a sentence, expected the end", "score", gold, file("long", "小狐狸 在 河边\n月 光 坚果 香\n好\n"))
	expect(t, exitFailed, "no such file", "score", filepath.Join(dir, "none"), "--segmenter", "jieba")
	expect(t, exitFailed, `:1: found frequency "x"`, "score", gold, "--segmenter", "jieba", "--user-dictionary", file("user", "好 x n\n"))
	expect(t, exitUsage, "found nothing to compare", "score", gold)
	expect(t, exitFailed, "none.bin: no such file", "score", gold, "--segmenter", filepath.Join(dir, "none.bin"))
	expect(t, exitFailed, "found other bytes, expected the file of a segmenter", "score", gold, "--segmenter", gold)
	expect(t, exitUsage, "expected one of them", "score", gold, found, "--segmenter", "jieba")
	expect(t, exitUsage, "belong to --segmenter", "score", gold, found, "--hmm")
	expect(t, exitUsage, "unknown encoding", "score", gold, found, "--encoding", "gbk9")
}

// A binary that was moved finds neither a module cache nor a home: it unpacks
// its dictionaries into the folder for temporary files, and says where it tried
// when there is none either.
func TestMovedBinary(t *testing.T) {
	dir := t.TempDir()
	gold := filepath.Join(dir, "gold")
	if err := os.WriteFile(gold, []byte("小 狐狸 在 河边\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	score := func(temporary string) (string, error) {
		c := exec.CommandContext(t.Context(), self, "score", gold, "--segmenter", "jieba")
		c.Dir = dir
		// Paths below a file can be neither read nor written, not even by root.
		c.Env = []string{asCommand + "=1", "HOME=" + gold + "/home", "GOMODCACHE=" + gold + "/modules", "TMPDIR=" + temporary}
		out, err := c.CombinedOutput()
		return string(out), err
	}
	temporary := filepath.Join(dir, "temporary")
	for range 2 { // unpacked, then found
		if out, err := score(temporary); err != nil || !strings.Contains(out, "F1 1.0000") {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if unpacked, err := filepath.Glob(filepath.Join(temporary, "wakong-*", "jieba-*", "*.utf8")); err != nil || len(unpacked) != 5 {
		t.Errorf("unpacked: %v %v", unpacked, err)
	}
	out, err := score(gold + "/temporary")
	if err == nil || !strings.Contains(out, "no place to unpack jieba's dictionaries (XDG_CACHE_HOME and TMPDIR choose others)") ||
		!strings.Contains(out, gold+"/home") || !strings.Contains(out, gold+"/temporary") {
		t.Errorf("nowhere to write: %v\n%s", err, out)
	}
}

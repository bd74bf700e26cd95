package pipeline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wakong/internal/stage"
)

func TestTextParams(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "words.txt"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("彩虹披风 n\n")
	p := made(t, dir, `segment: {steps: [html, advertisements, spaces], advertisements: ["^童话周刊"], user_dictionary: words.txt}`)
	text := p.text()
	if strings.Join(text.Steps, " ") != "spaces" || text.UserDictionary == "" {
		t.Errorf("got %+v", text)
	}
	cleaner, err := p.documentCleaner()
	if err != nil {
		t.Fatal(err)
	}
	if got := cleaner.Clean("<b>裁縫</b>\u3000笑\n童话周刊第三期\n上一篇：无\n", nil); got != "裁缝 笑\n" {
		t.Errorf("documents: got %q", got)
	}
	if got := p.cleaner(text).Clean("<b>裁縫\u3000", nil); got != "<b>裁缝 " {
		t.Errorf("words: got %q", got)
	}
	if got := p.cleaner(textParams{}).Clean("Ａ\u3000裁縫⼀", nil); got != "A 裁縫⼀" {
		t.Errorf("as of old: got %q", got)
	}
	jieba, err := p.segmenter(false)
	if err != nil || strings.Join(jieba.Words("彩虹披风"), " ") != "彩虹披风" {
		t.Errorf("%v", err)
	}
	if err := p.sameDictionary(text); err != nil {
		t.Error(err)
	}
	write("彩虹披风 v\n")
	if err := p.sameDictionary(text); err == nil || !strings.Contains(err.Error(), "segment.user_dictionary: the network was trained with another user dictionary") {
		t.Errorf("got %v", err)
	}
	write("彩虹披风 n\n好 x n\n")
	if err := p.probe(t.Context(), map[string]bool{Segment: true}); err == nil || !strings.Contains(err.Error(), `words.txt:2: found frequency "x"`) {
		t.Errorf("got %v", err)
	}
	stages, err := p.stages()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stages {
		if has := strings.Contains(inputNames(s), "words.txt"); has != (s.Name == Segment || s.Name == Build) {
			t.Errorf("%s: inputs %s", s.Name, inputNames(s))
		}
	}
}

func inputNames(s stage.Stage) string {
	var names []string
	for _, in := range s.Inputs {
		names = append(names, in.Name)
	}
	return strings.Join(names, " ")
}

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wakong/corpus"
)

// stageFile reads a file of a stage's only result.
func stageFile(t *testing.T, dir, stage, name string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "work", "cache", stage, "*", name))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s of %s: %v, %v", name, stage, found, err)
	}
	return read(t, found[0])
}

// leakyProject has three samples of the same tale, two of them twice the same
// passage, and a question that shares 17 characters with it.
func leakyProject(t *testing.T, extra string) (dir string, flags []string) {
	t.Helper()
	dir = t.TempDir()
	const tale = "从前有一只穿山甲住在磨坊后面的山洞里。它每天晚上都去河边打水，水里有月亮。"
	write(t, filepath.Join(dir, "s.jsonl"),
		`{"id": "a", "text": "刺猬提着灯笼走过木桥，去磨坊看望山羊，山羊煮了南瓜汤。"}`+"\n"+
			`{"id": "b", "text": "`+tale+`"}`+"\n"+
			`{"id": "c", "text": "`+tale+`"}`+"\n"+
			`{"id": "d", "text": "老裁缝说：“`+strings.ReplaceAll(tale, "穿山甲", "穿 山甲")+`”然后他睡着了。"}`+"\n")
	write(t, filepath.Join(dir, "q.doc_query"),
		"1 ||| 从前 有 一 只 穿山甲 ， 住 在 磨坊 后面 的 XXXXX 里 ！\n2 ||| 山洞 很 黑 。\n<qid_0> ||| 住 在 磨坊 后面 的 XXXXX 里 ！\n")
	write(t, filepath.Join(dir, "q.answer"), "<qid_0> ||| 山洞\n")
	write(t, filepath.Join(dir, "my.yaml"), `
segment: {sources: [{format: jsonl, path: s.jsonl}]`+extra+`}
embed: {size: 4, epochs: 1, min_count: 1}
build:
  train: [{format: generate, min_words: 5}]
  valid: [{format: cmrc2017, path: q.doc_query, answers: q.answer}]
`)
	return dir, []string{"run", "embed", "-c", filepath.Join(dir, "my.yaml"), "-w", filepath.Join(dir, "work")}
}

// What shares text with a validation question reaches neither sentences nor
// vectors, and is listed as it was read, before copies are removed.
func TestLeaksAreRemoved(t *testing.T) {
	dir, args := leakyProject(t, "")
	r := expect(t, exitDone, "leaks removed: 2 documents (3 samples)\n", args...)
	if strings.Contains(r.err, "leaks kept") {
		t.Error(r.err)
	}
	var leaks corpus.LeakReport
	if err := json.Unmarshal([]byte(stageFile(t, dir, "segment", "leaks.json")), &leaks); err != nil {
		t.Fatal(err)
	}
	if leaks.Samples != 3 || leaks.Documents != 2 || len(leaks.Cases) != 3 {
		t.Errorf("%+v", leaks)
	}
	for i, c := range leaks.Cases {
		if c != (corpus.LeakCase{File: "s.jsonl", Line: i + 2, Question: "qid_0"}) {
			t.Errorf("case %d: %+v", i, c)
		}
	}
	for _, name := range []string{"segment/sentences.txt", "segment/documents.jsonl", "embed/vocab.tsv"} {
		stage, file := filepath.Split(name)
		if text := stageFile(t, dir, stage, file); !strings.Contains(text, "灯笼") || strings.Contains(text, "穿山甲") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

// Leaks are trained on where that is asked for in words, and are listed still; with
// longer runs there are none.
func TestLeaksAreKept(t *testing.T) {
	dir, args := leakyProject(t, ", leaks: keep_and_train_on_them")
	r := expect(t, exitDone, "leaks kept: 2 documents (3 samples) that share text with the validation questions are trained on", args...)
	if strings.Contains(r.err, "leaks removed") {
		t.Error(r.err)
	}
	if text := stageFile(t, dir, "embed", "vocab.tsv"); !strings.Contains(text, "穿山甲") {
		t.Errorf("the word is missing:\n%s", text)
	}
	if list := stageFile(t, dir, "segment", "leaks.json"); !strings.Contains(list, `"samples": 3`) || !strings.Contains(list, `"line": 4`) {
		t.Error(list)
	}
	dir, args = leakyProject(t, ", leak_run: 30")
	expect(t, exitDone, "leaks removed: 0 documents (0 samples)\n", args...)
	if text := stageFile(t, dir, "embed", "vocab.tsv"); !strings.Contains(text, "穿山甲") {
		t.Errorf("the word is missing:\n%s", text)
	}
	_, args = leakyProject(t, ", leaks: keep")
	expect(t, exitUsage, "segment.leaks", args...)
}

// What is said of the questions is said of those that are trained on: not of one
// without an answer, nor of one whose answer its passage lacks.
func TestSheetOfTrainedQuestions(t *testing.T) {
	dir, flags := project(t, strings.Replace(smallConfig, "{format: generate, per_passage: 4}", "{format: jsonl, path: t.jsonl}", 1))
	var lines strings.Builder
	for i, answer := range []string{"狐狸", "", "狐狸", "鲸鱼"} {
		fmt.Fprintf(&lines, `{"id":"%d","passage":"狐狸走过木桥。XXXXX说：“你好！”狐狸走了。","answer":"%s"}`+"\n", i, answer)
	}
	write(t, filepath.Join(dir, "t.jsonl"), strings.ReplaceAll(lines.String(), `,"answer":""`, ""))
	expect(t, exitDone, "", append([]string{"run", "build"}, flags...)...)
	var sheet struct{ Train corpus.QuestionStatistics }
	if err := json.Unmarshal([]byte(stageFile(t, dir, "build", "statistics.json")), &sheet); err != nil {
		t.Fatal(err)
	}
	text := stageFile(t, dir, "build", "questions.md")
	if sheet.Train.Questions != 2 || strings.Count(text, "【狐狸】") != 2 || strings.Count(text, "【") != 2 {
		t.Errorf("%d questions\n%s", sheet.Train.Questions, text)
	}
}

// The generator's settings reach it, and the sheet shows what it made.
func TestGenerateSettings(t *testing.T) {
	dir, flags := project(t, `
segment: {sources: [{format: text, path: stories/}]}
embed: {size: 4, epochs: 1, min_count: 1}
build:
  train:
    - format: generate
      per_passage: 50
      parts_of_speech: [n, v]
      min_occurrences: 2
      max_occurrences: 6
      min_characters: 2
      max_characters: 2
      min_distance: 3
      max_distance: 60
      min_words: 30
      max_words: 90
      match: {format: cmrc2017, path: q.doc_query, answers: q.answer, variation: 0.3}
  valid: [{format: cmrc2017, path: q.doc_query, answers: q.answer}]
`)
	expect(t, exitDone, "generated questions kept, with answers as in q.doc_query: total variation 0.", append([]string{"run", "build"}, flags...)...)
	var sheet struct {
		Train, Valid corpus.QuestionStatistics
	}
	if err := json.Unmarshal([]byte(stageFile(t, dir, "build", "statistics.json")), &sheet); err != nil {
		t.Fatal(err)
	}
	if sheet.Train.Questions == 0 || sheet.Valid.Questions != 40 {
		t.Fatalf("%d and %d questions", sheet.Train.Questions, sheet.Valid.Questions)
	}
	if two := sheet.Train.Aspects[corpus.AspectCharacters].Groups[1]; two.Count != sheet.Train.Questions {
		t.Errorf("%d of %d answers have %s characters", two.Count, sheet.Train.Questions, two.Name)
	}
	if text := stageFile(t, dir, "build", "questions.md"); strings.Count(text, "【") != min(30, sheet.Train.Questions) || !strings.Contains(text, "| questions | ") {
		t.Error(text)
	}
	if report := stageFile(t, dir, "build", "report.json"); !strings.Contains(report, `"name": "q.doc_query"`) || !strings.Contains(report, `"candidates"`) {
		t.Error(report)
	}
	// The reference is an input of the stage.
	if err := os.WriteFile(filepath.Join(dir, "q.answer"), []byte(read(t, filepath.Join(dir, "q.answer"))+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := expect(t, exitDone, "", append([]string{"status"}, flags...)...); !strings.Contains(r.out, "q.answer changed") {
		t.Error(r.out)
	}
	for _, c := range []struct{ setting, fault string }{
		{"min_distance: 9, max_distance: 8", "9 is more than max_distance, which is 8"},
		{"parts_of_speech: [名词]", "expected the beginning of a tag of jieba's"},
		{"match: {format: cmrc2017, path: q.doc_query}", `"answers" is missing`},
		{"match: {path: q.doc_query}", `"format" is missing`},
		{"match: {format: cmrc2017, path: none, answers: q.answer}", "none"},
	} {
		write(t, filepath.Join(dir, "my.yaml"), "segment: {sources: [{format: text, path: stories/}]}\nbuild: {train: [{format: generate, "+c.setting+"}]}\n")
		expect(t, exitUsage, c.fault, append([]string{"run", "build"}, flags...)...)
	}
}

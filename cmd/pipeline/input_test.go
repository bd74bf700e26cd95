package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is wrong with an input is said with its file and line before any stage
// runs, and leaves no half result.
func TestBadInput(t *testing.T) {
	const text = "segment: {sources: [{format: text, path: stories/}]}\n"
	for _, c := range []struct {
		name    string
		config  string
		files   map[string]string
		code    int
		message string // {dir} stands for the project's folder
		late    bool   // found by the stage, not before it
	}{
		{
			name: "missing file", config: "segment: {sources: [{format: pdcft, path: none.auto}]}\n",
			code: exitUsage, message: "{dir}/my.yaml:1:43: segment.sources[0].path: {dir}/none.auto: no such file or folder",
		},
		{
			name: "missing folder", config: "segment:\n  sources:\n    - {format: text, path: none/}\n",
			code: exitUsage, message: "{dir}/my.yaml:3:28: segment.sources[0].path: {dir}/none: no such file or folder",
		},
		{
			name: "missing answers", config: text + "build:\n  train:\n    - {format: cmrc2017, path: q.doc_query, answers: none}\n",
			code: exitUsage, message: "{dir}/my.yaml:4:54: build.train[0].answers: {dir}/none: no such file or folder",
		},
		{
			name: "a link that leads nowhere", config: text, files: map[string]string{"stories/z.txt": "@nowhere"},
			code: exitFailed, message: "{dir}/stories/z.txt: no such file",
		},
		{
			name: "missing answers of a source", config: "segment: {sources: [{format: cmrc2017, path: q.doc_query, answers: none}]}\n",
			code: exitUsage, message: "{dir}/my.yaml:1:68: segment.sources[0].answers: {dir}/none: no such file or folder",
		},
		{
			name: "a validation question without answer", config: text + "build: {train: [{format: generate}], valid: [{format: jsonl, path: v.jsonl}]}\n",
			files: map[string]string{"v.jsonl": `{"id":"1","passage":"狐狸 来 了 ， XXXXX 走 了 。"}` + "\n"},
			code:  exitFailed, message: "{dir}/v.jsonl:1: found a question without an answer",
		},
		{
			name: "no validation question can be answered", config: text + "embed: {size: 4, epochs: 1}\nbuild: {train: [{format: generate}], valid: [{format: jsonl, path: v.jsonl}]}\n",
			files: map[string]string{"v.jsonl": `{"id":"1","passage":"狐狸 来 了 ， XXXXX 走 了 。","answer":"山羊"}` + "\n"},
			code:  exitFailed, message: "none of the 1 validation questions in v.jsonl has its answer in its passage", late: true,
		},
		{
			name: "an id that the contest's format cannot hold", config: text + "build: {train: [{format: generate}]}\npredict: {input: p.jsonl}\n",
			files: map[string]string{"p.jsonl": `{"id":"1","passage":"狐狸 XXXXX"}` + "\n" + `{"id":"x> ||| y","passage":"狐狸 XXXXX"}` + "\n"},
			code:  exitFailed, message: "{dir}/p.jsonl:2: found the id \"x> ||| y\", expected one without spaces",
		},
		{
			name: "a fault late in a source", config: "segment: {sources: [{format: jsonl, path: l.jsonl}]}\n",
			files: map[string]string{"l.jsonl": strings.Repeat("{\"text\":\"狐狸提着灯笼。\"}\n", 30) + "nonsense\n"},
			code:  exitFailed, message: "from its beginning: {dir}/l.jsonl:31: found", late: true,
		},
		{
			name: "a passage of nothing but the blank", config: text + "embed: {size: 4, epochs: 1}\nbuild: {train: [{format: jsonl, path: t.jsonl}]}\n",
			files: map[string]string{"t.jsonl": manyQuestions(30) + `{"id":"x","passage":"XXXXX","answer":"狐狸"}` + "\n"},
			code:  exitFailed, message: "build failed; the next run starts it from its beginning: {dir}/t.jsonl:31: ", late: true,
		},
		{
			name: "everything is skipped", config: "segment: {sources: [{format: jsonl, path: l.jsonl}], on_error: skip}\n",
			files: map[string]string{"l.jsonl": "a\nb\n"},
			code:  exitFailed, message: "{dir}/l.jsonl:2: found \"b\"", late: true,
		},
		{
			name: "two at once", config: "segment: {sources: [{format: text, path: none1}, {format: text, path: none2}]}\n",
			code: exitUsage, message: "{dir}/none1: no such file or folder\n{dir}/my.yaml:1:71: segment.sources[1].path: {dir}/none2",
		},
		{
			name: "empty file", config: "segment: {sources: [{format: jsonl, path: a.jsonl}]}\n", files: map[string]string{"a.jsonl": ""},
			code: exitFailed, message: "{dir}/a.jsonl: empty, expected a JSON object",
		},
		{
			name: "broken line", config: "segment: {sources: [{format: jsonl, path: a.jsonl}]}\n",
			files: map[string]string{"a.jsonl": "{\"id\": \"1\", \"text\": \"狐狸。\"}\n{\"id\": \"2\", \"txt\": \"\"}\n"},
			code:  exitFailed, message: "{dir}/a.jsonl:2: found an object without",
		},
		{
			name: "wrong encoding", config: "segment: {sources: [{format: text, path: s/}]}\n",
			files: map[string]string{"s/a.txt": "狐狸。\n", "s/b.txt": "好\n\xc4\xe3\n"},
			code:  exitFailed, message: "{dir}/s/b.txt:2: found ",
		},
		{
			name: "a sample without a blank", config: text + "build: {train: [{format: cmrc2017, path: b.doc_query, answers: q.answer}]}\n",
			files: map[string]string{"b.doc_query": "1 ||| 狐狸 来 了 。\n<qid_0> ||| 狐狸 XXXXX 。\n"},
			code:  exitFailed, message: "{dir}/b.doc_query:1: found no blank in the passage, expected exactly one XXXXX",
		},
		{
			name: "bad predict input", config: text + "build: {train: [{format: generate}]}\npredict: {input: p.jsonl}\n",
			files: map[string]string{"p.jsonl": "[]\n"},
			code:  exitFailed, message: "{dir}/p.jsonl:1: found ",
		},
		{
			name: "empty corpus", config: "segment: {sources: [{format: text, path: s/}]}\n", files: map[string]string{"s/a.txt": "abc\n"},
			code: exitFailed, message: "empty corpus: no document with words in {dir}/s", late: true,
		},
		{
			name: "everything leaks", config: "segment: {sources: [{format: cmrc2017, path: q.doc_query}], leak_run: 8}\nbuild:\n  train: [{format: generate}]\n  valid: [{format: cmrc2017, path: q.doc_query, answers: q.answer}]\n",
			code: exitFailed, message: "leaks removed: 40 documents (40 samples)\nsegment: stopped at 40\nsegment failed; the next run starts it from its beginning: empty corpus: no document with words in {dir}/q.doc_query (40 samples were removed because they share text with build.valid)", late: true,
		},
		{
			name: "empty vocabulary", config: text + "embed: {min_count: 10000}\n",
			code: exitFailed, message: "empty vocabulary: no word occurs 10000 times (embed.min_count) in the text of {dir}/stories", late: true,
		},
		{
			name: "vectors to begin with that are not there", config: text + "embed: {size: 4, init: v.bin}\n",
			code: exitUsage, message: "embed.init: {dir}/v.bin: no such file",
		},
		{
			name: "vectors to begin with of another size", config: text + "embed: {size: 4, init: v.txt}\n",
			files: map[string]string{"v.txt": "1 2\n狐狸 1 2\n"},
			code:  exitUsage, message: "embed.init: {dir}/v.txt: found vectors of size 2, expected 4 as embed.size says",
		},
		{
			name: "vectors to begin with of other words", config: text + "embed: {size: 2, init: v.txt}\n",
			files: map[string]string{"v.txt": "1 2\nfox 1 2\n"},
			code:  exitFailed, message: "v.txt: found 1 words, none of which is wanted", late: true,
		},
		{
			name: "no answer in the vocabulary", config: text + "embed: {size: 4, epochs: 1, min_count: 20}\nbuild: {train: [{format: jsonl, path: t.jsonl}]}\n",
			files: map[string]string{"t.jsonl": `{"id":"1","passage":"麒麟 来 了 ， XXXXX 走 了 。","answer":"麒麟"}` + "\n"},
			code:  exitFailed, message: "the vocabulary lacks the answer of every one of the 1 training questions in t.jsonl", late: true,
		},
		{
			name: "no answer in the passage", config: text + "embed: {size: 4, epochs: 1}\nbuild: {train: [{format: jsonl, path: t.jsonl}]}\n",
			files: map[string]string{"t.jsonl": `{"id":"1","passage":"狐狸 来 了 ， XXXXX 走 了 。","answer":"山羊"}` + "\n"},
			code:  exitFailed, message: "none of the 1 training questions in t.jsonl has its answer in its passage", late: true,
		},
		{
			name: "nothing to generate", config: text + "embed: {size: 4, epochs: 1}\nbuild: {train: [{format: generate, min_words: 90000}]}\n",
			code: exitFailed, message: "no training questions in segment/documents.jsonl", late: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, flags := project(t, c.config)
			for name, text := range c.files {
				if link, ok := strings.CutPrefix(text, "@"); ok {
					if err := os.Symlink(link, filepath.Join(dir, name)); err != nil {
						t.Fatal(err)
					}
					continue
				}
				write(t, filepath.Join(dir, name), text)
			}
			r := command(t, append([]string{"run"}, flags...)...)
			message := strings.ReplaceAll(c.message, "{dir}", dir)
			if r.code != c.code || !strings.Contains(r.err, message) {
				t.Fatalf("code %d, want %d with %q\n%s", r.code, c.code, message, r.err)
			}
			if started := strings.Contains(r.err, "started"); started != c.late {
				t.Errorf("a stage was started: %v\n%s", started, r.err)
			}
			complete, err := filepath.Glob(filepath.Join(dir, "work", "cache", "*", "*", "manifest.json"))
			if err != nil || !c.late && len(complete) > 0 {
				t.Errorf("results: %v, error %v", complete, err)
			}
		})
	}
}

func TestSkippedInput(t *testing.T) {
	dir, flags := project(t, "segment: {sources: [{format: jsonl, path: a.jsonl}], on_error: skip}\n")
	write(t, filepath.Join(dir, "a.jsonl"), "{\"id\":\"1\",\"text\":\"狐狸提着灯笼。\"}\nnonsense\n{\"id\":\"3\"}\n")
	expect(t, exitDone, "segment: warning: a.jsonl: 2 faulty samples skipped, listed in report.json", append([]string{"segment"}, flags...)...)
	reports, _ := filepath.Glob(filepath.Join(dir, "work", "cache", "segment", "*", "report.json"))
	if len(reports) != 1 || !strings.Contains(read(t, reports[0]), `"line": 2`) {
		t.Errorf("reports %v", reports)
	}
}

// Reports are hashed, so that no path of this machine may stand in them, not even
// that of an answer file.
func TestNoPathInReports(t *testing.T) {
	dir, flags := project(t, "segment: {sources: [{format: text, path: stories/}]}\nembed: {size: 4, epochs: 1, min_count: 1}\n"+
		"build: {train: [{format: cmrc2017, path: q.doc_query, answers: q.answer, on_error: skip}]}\n")
	text := read(t, filepath.Join(dir, "q.answer"))
	_, text, _ = strings.Cut(text, "\n") // the first question has no answer now
	write(t, filepath.Join(dir, "q.answer"), text)
	expect(t, exitDone, "build: warning: q.doc_query: 1 faulty", append([]string{"build"}, flags...)...)
	for name, text := range results(t, filepath.Join(dir, "work")) {
		if strings.Contains(text, dir) {
			t.Errorf("%s holds the project's path", name)
		}
	}
}

func TestSkippedQuestions(t *testing.T) {
	dir, flags := project(t, "segment: {sources: [{format: text, path: stories/}]}\nembed: {size: 4, epochs: 1, min_count: 1}\n"+
		"build: {train: [{format: generate}], valid: [{format: jsonl, path: v.jsonl}], on_error: skip}\n")
	write(t, filepath.Join(dir, "v.jsonl"), `{"id":"1","passage":"狐狸 XXXXX 。 狐狸","answer":"狐狸"}`+"\n"+
		`{"id":"2","passage":"XXXXX","answer":"狐狸"}`+"\n"+`{"id":"3","passage":"狐狸 XXXXX"}`+"\n")
	expect(t, exitDone, "build: warning: v.jsonl: 2 faulty questions skipped", append([]string{"build"}, flags...)...)
	reports, _ := filepath.Glob(filepath.Join(dir, "work", "cache", "build", "*", "report.json"))
	if text := read(t, reports[0]); !strings.Contains(text, `"line": 2`) || !strings.Contains(text, `"line": 3`) {
		t.Errorf("report:\n%s", text)
	}
	write(t, filepath.Join(dir, "v.jsonl"), `{"id":"4","passage":"狐狸 XXXXX"}`+"\n")
	expect(t, exitFailed, "no validation questions in v.jsonl; 1 faulty piece skipped (on_error: skip):\n"+filepath.Join(dir, "v.jsonl")+":1: found a question without an answer",
		append([]string{"build"}, flags...)...)
}

// manyQuestions are more than are looked at before a stage runs.
func manyQuestions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"%d","passage":"狐狸 来 了 ， XXXXX 走 了 。","answer":"狐狸"}`+"\n", i)
	}
	return b.String()
}

func TestWorkspaceIsAFile(t *testing.T) {
	dir, _ := project(t, smallConfig)
	file := filepath.Join(dir, "q.answer")
	expect(t, exitFailed, "the workspace "+file+" is a file; it must be a folder", "run", "-c", filepath.Join(dir, "my.yaml"), "-w", file)
}

func TestEnvironmentInPaths(t *testing.T) {
	dir, flags := project(t, "segment: {sources: [{format: text, path: \"${WAKONG_TEST_STORIES}/stories\"}]}\n")
	os.Unsetenv("WAKONG_TEST_STORIES")
	expect(t, exitUsage, "my.yaml:1:42: segment.sources[0].path: environment variable WAKONG_TEST_STORIES is not set", append([]string{"segment"}, flags...)...)
	t.Setenv("WAKONG_TEST_STORIES", dir)
	expect(t, exitDone, "segment: 12 documents", append([]string{"segment"}, flags...)...)
	if text := read(t, filepath.Join(dir, "work", "pipeline.lock")); strings.Contains(text, dir) {
		t.Error("the lock holds the value of the environment variable")
	}
}

func TestEvaluate(t *testing.T) {
	dir := t.TempDir()
	answers, predictions := filepath.Join(dir, "a"), filepath.Join(dir, "p")
	write(t, answers, "<qid_1> ||| 狐狸\n<qid_2> ||| 山羊\n<qid_5> ||| 兔子\n<qid_9> ||| 灯笼\n")
	for _, c := range []struct {
		name, text string
		code       int
		out, err   string
	}{
		{"all kinds", "<qid_2> ||| 山羊 \n<qid_1> ||| 狐\n<qid_9> ||| \n", exitDone, "{\"questions\":4,\"correct\":1,\"accuracy\":0.25}\n", ""},
		{"all right", "<qid_1> ||| 狐狸\n<qid_2> ||| 山羊\n<qid_5> ||| 兔子\n<qid_9> ||| 灯笼\n", exitDone, "{\"questions\":4,\"correct\":4,\"accuracy\":1}\n", ""},
		{"repeated", "<qid_1> ||| 狐狸\n<qid_1> ||| 山羊\n", exitFailed, "", predictions + ":2: found <qid_1> again (first in line 1)"},
		{"unknown", "<qid_1> ||| 狐狸\n<qid_3> ||| 山羊\n", exitFailed, "", predictions + ":2: found a prediction for <qid_3>"},
		{"no format", "狐狸\n", exitFailed, "", predictions + ":1: found \"狐狸\", expected `<qid_k> ||| word`"},
		{"empty", "", exitDone, "{\"questions\":4,\"correct\":0,\"accuracy\":0}\n", ""},
		{"blank lines", "\n \n", exitDone, "{\"questions\":4,\"correct\":0,\"accuracy\":0}\n", ""},
		{"jsonl", `{"id":"qid_2","answers":[{"word":"山羊","probability":0.5},{"word":"狐狸","probability":0.4}]}` + "\n" + `{"id":"qid_1","answers":[]}` + "\n", exitDone, "{\"questions\":4,\"correct\":1,\"accuracy\":0.25}\n", ""},
		{"broken jsonl", "{\"id\":\"qid_2\",\"answers\":[]}\n{\n", exitFailed, "", predictions + ":2: found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			write(t, predictions, c.text)
			if r := expect(t, c.code, c.err, "evaluate", predictions, answers, "--json"); r.out != c.out {
				t.Errorf("got %q, want %q", r.out, c.out)
			}
		})
	}
	write(t, predictions, "<qid_2> ||| 山羊\n")
	if r := expect(t, exitDone, "", "evaluate", predictions, answers); r.out != "1 of 4 correct: accuracy 0.2500 (25.00 %)\n" {
		t.Errorf("got %q", r.out)
	}
	expect(t, exitFailed, "no such file", "evaluate", predictions, filepath.Join(dir, "none"))
	expect(t, exitFailed, dir+": found a folder, expected a file", "evaluate", dir, answers)
	expect(t, exitFailed, dir+": found a folder, expected a file", "evaluate", predictions, dir)
}

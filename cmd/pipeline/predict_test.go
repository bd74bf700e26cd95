package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every kind of questions, from files and from the standard input, after the
// sources have gone.
func TestPredict(t *testing.T) {
	dir, flags := project(t, smallConfig)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	if err := os.RemoveAll(filepath.Join(dir, "stories")); err != nil {
		t.Fatal(err)
	}
	// What the environment lacks and the flags replace is not missed.
	write(t, filepath.Join(dir, "my.yaml"), strings.NewReplacer(
		"input: q.doc_query", `input: "${WAKONG_TEST_NOWHERE}/q"`, "path: stories/", `path: "${WAKONG_TEST_NOWHERE}/stories"`).Replace(smallConfig))
	expect(t, exitDone, "", append([]string{"predict", "-i", filepath.Join(dir, "q.doc_query")}, flags...)...)
	expect(t, exitUsage, "predict.input: environment variable WAKONG_TEST_NOWHERE is not set", append([]string{"predict"}, flags...)...)
	write(t, filepath.Join(dir, "my.yaml"), smallConfig)
	const passage = "狐狸提着灯笼走过木桥。XXXXX说：“山羊，你好！”"
	const segmented = "狐狸 提着 灯笼 走过 木桥 。 XXXXX 说 ： 你好 ！"
	for _, c := range []struct {
		name, stdin string
		args        []string
		ids         string
	}{
		{"jsonl", `{"id":"a","passage":"` + strings.ReplaceAll(passage, `"`, `\"`) + `"}` + "\n" + `{"id":7,"passage":"` + segmented + `"}` + "\n", nil, "a 7"},
		{"text", passage + "\n\n" + segmented + "\n", nil, "qid_0 qid_1"},
		{"text, named", segmented, []string{"--input-format", "text"}, "qid_0"},
		{"cmrc2017", "1 ||| " + segmented + "\n<qid_3> ||| XXXXX 说\n", nil, "qid_3"},
		{"pdcft", "1 ||| 狐狸 提着 灯笼 。\n2 ||| 山羊 来 了 。\n3 ||| XXXXX 走 了 。 ||| 狐狸\n", nil, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append(append([]string{"predict", "-i", "-", "--format", "jsonl", "--top", "2"}, c.args...), flags...)
			r := commandWith(t.Context(), c.stdin, args...)
			if r.code != exitDone {
				t.Fatalf("%+v", r)
			}
			var ids []string
			for line := range strings.Lines(r.out) {
				var p struct {
					ID      string
					Answers []struct {
						Word        string
						Probability float64
					}
				}
				if err := json.Unmarshal([]byte(line), &p); err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				if len(p.Answers) != 2 || p.Answers[0].Probability < p.Answers[1].Probability || p.Answers[0].Word == "" {
					t.Errorf("answers %+v", p.Answers)
				}
				ids = append(ids, p.ID)
			}
			if got := strings.Join(ids, " "); got != c.ids {
				t.Errorf("ids %q, want %q", got, c.ids)
			}
		})
	}

	// The contest's format, by file and by standard output, as the stage has it.
	questions, output := filepath.Join(dir, "q.doc_query"), filepath.Join(dir, "answers")
	expect(t, exitDone, "", append([]string{"predict", "--input", questions, "--output", output}, flags...)...)
	printed := expect(t, exitDone, "", append([]string{"predict"}, flags...)...)
	if text := read(t, output); text != printed.out || strings.Count(text, "\n") != 40 {
		t.Errorf("answers differ:\n%s\n%s", text, printed.out)
	}
	expect(t, exitDone, "", "evaluate", output, filepath.Join(dir, "q.answer"))

	// A traditional passage is answered in its own spelling.
	r := commandWith(t.Context(), "烏龜 說 ： XXXXX ， 烏龜 烏龜 。", append([]string{"predict", "-i", "-"}, flags...)...)
	if r.code != exitDone || strings.Contains(r.out, "乌") {
		t.Errorf("traditional: %+v", r)
	}
	// Nothing but a blank has no answer, and no NaN.
	r = commandWith(t.Context(), "XXXXX", append([]string{"predict", "-i", "-"}, flags...)...)
	if r.code != exitDone || r.out != "<qid_0> ||| \n" || !strings.Contains(r.err, "1 of 1 passages have no words") {
		t.Errorf("a lone blank: %+v", r)
	}
	// Unknown words can be answers too.
	r = commandWith(t.Context(), "饕餮 XXXXX", append([]string{"predict", "-i", "-"}, flags...)...)
	if r.code != exitDone || r.out != "<qid_0> ||| 饕餮\n" {
		t.Errorf("an unknown word: %+v", r)
	}
	for _, c := range []struct{ name, stdin, message string }{
		{"empty", "", "standard input: empty"},
		{"no blank", "狐狸。", "standard input:1: found no blank"},
		{"two blanks", "XXXXX XXXXX", "standard input:1: found 2 blanks"},
		{"id twice", `{"id":"a","passage":"狐狸 XXXXX"}` + "\n" + `{"id":"a","passage":"狐狸 XXXXX"}`, `standard input:2: found id "a" again`},
	} {
		r := commandWith(t.Context(), c.stdin, append([]string{"predict", "-i", "-"}, flags...)...)
		if r.code != exitFailed || !strings.Contains(r.err, c.message) || r.out != "" {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	expect(t, exitFailed, "none.jsonl: no such file", append([]string{"predict", "-i", filepath.Join(dir, "none.jsonl")}, flags...)...)
	expect(t, exitFailed, "writing ", append([]string{"predict", "-i", questions, "-o", filepath.Join(dir, "none", "a")}, flags...)...)
}

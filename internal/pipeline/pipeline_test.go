package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wakong/corpus"
	"wakong/internal/config"
	"wakong/internal/stage"
)

// made is a pipeline over a configuration without a workspace.
func made(t *testing.T, dir, text string) *Pipeline {
	t.Helper()
	c, err := config.Parse("pipeline.yaml", []byte(text), dir, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	return &Pipeline{config: c}
}

const full = `
crawl: {sites: [{name: a, start: ["http://h/"], story: {body: p}, delay: 2}]}
segment: {sources: [{format: text, path: s}, {format: cmrc2017, path: c.doc_query, answers: c.answer}], threads: 3}
build:
  train: [{format: generate}, {format: pdcft, path: t.auto}]
  valid: [{format: cmrc2017, path: v.doc_query, answers: v.answer}]
train: {threads: 2, kernel: portable, checkpoint_every: 3}
predict: {input: q.jsonl}
`

func TestStagesAndInputs(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"s/b.txt", "s/sub/a.md"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("好。"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	stages, err := made(t, dir, full).stages()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		Crawl:   "",
		Segment: "s/b.txt s/sub/a.md c.doc_query c.answer v.doc_query v.answer",
		Embed:   "",
		Build:   "t.auto v.doc_query v.answer",
		Train:   "",
		Predict: "q.jsonl",
	}
	var names []string
	for _, s := range stages {
		names = append(names, s.Name)
		var inputs []string
		for _, in := range s.Inputs {
			inputs = append(inputs, in.Name)
		}
		if got := strings.Join(inputs, " "); got != want[s.Name] {
			t.Errorf("%s reads %q, want %q", s.Name, got, want[s.Name])
		}
		if s.Skip != "" {
			t.Errorf("%s is skipped: %s", s.Name, s.Skip)
		}
		params, err := stage.Canonical(s.Params)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		for _, runtime := range []string{dir, "threads", "kernel", "delay", "checkpoint_every"} {
			if strings.Contains(string(params), runtime) {
				t.Errorf("%s has %q in its parameters: %s", s.Name, runtime, params)
			}
		}
	}
	if !slices.Equal(names, StageNames()) {
		t.Errorf("stages %v", names)
	}
}

// Patterns within variables give files of several folders one name; none is left out.
func TestInputsOfOneName(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one/a.txt", "two/a.txt"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("好。"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ONE", filepath.Join(dir, "one", "*.txt"))
	t.Setenv("TWO", filepath.Join(dir, "two", "*.txt"))
	const source = "{format: text, path: \"${%s}\"}"
	text := fmt.Sprintf("segment: {sources: ["+source+", "+source+", "+source+"]}\n", "ONE", "TWO", "ONE")
	stages, err := made(t, dir, text).stages()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, in := range stages[1].Inputs {
		names[in.Name], _ = filepath.Rel(dir, in.Path)
	}
	if len(names) != 2 || len(stages[1].Inputs) != 2 {
		t.Errorf("the stage reads %v", stages[1].Inputs)
	}
}

// Parameters must not hold a Runtime struct, at any depth.
func TestNoRuntimeInParams(t *testing.T) {
	stages, err := made(t, t.TempDir(), full).stages()
	if err != nil {
		t.Fatal(err)
	}
	var walk func(typ reflect.Type, path string)
	walk = func(typ reflect.Type, path string) {
		switch typ.Kind() {
		case reflect.Slice:
			walk(typ.Elem(), path+"[]")
		case reflect.Struct:
			if strings.HasSuffix(typ.Name(), "Runtime") {
				t.Errorf("%s is a %s", path, typ.Name())
			}
			for i := range typ.NumField() {
				walk(typ.Field(i).Type, path+"."+typ.Field(i).Name)
			}
		}
	}
	for _, s := range stages {
		walk(reflect.TypeOf(s.Params), s.Name)
	}
}

// Without a contact a crawl leaves out what it has with one.
func TestContactIsAParameter(t *testing.T) {
	params := func(contact string) string {
		text := strings.Replace(full, "delay: 2", "delay: 2"+contact, 1)
		stages, err := made(t, t.TempDir(), text).stages()
		if err != nil {
			t.Fatal(err)
		}
		canonical, err := stage.Canonical(stages[0].Params)
		if err != nil {
			t.Fatal(err)
		}
		return string(canonical)
	}
	without, one, other := params(""), params(", contact: me@one.example"), params(", contact: me@other.example")
	if without == one || one != other {
		t.Errorf("parameters\n%s\n%s\n%s", without, one, other)
	}
}

func TestSkips(t *testing.T) {
	for _, c := range []struct{ name, text, run string }{
		{"nothing", "train: {units: 3}\n", ""},
		{"text only", "segment: {sources: [{format: text, path: s}]}\n", "segment embed"},
		{"site only", "crawl: {sites: [{name: a, start: [\"http://h/\"], story: {body: p}}]}\n", "crawl segment embed"},
		{"no questions to answer", "segment: {sources: [{format: text, path: s}]}\nbuild: {train: [{format: generate}]}\n", "segment embed build train"},
	} {
		stages, err := made(t, t.TempDir(), c.text).stages()
		if err != nil {
			t.Fatal(err)
		}
		all := needed(stages, "")
		for _, s := range stages {
			if s.Name == Train || s.Name == Predict || s.Name == Embed {
				continue // skipped by the cache, with what they need
			}
			if want := slices.Contains(strings.Fields(c.run), s.Name); all[s.Name] != want {
				t.Errorf("%s: %s needed: %v", c.name, s.Name, all[s.Name])
			}
		}
	}
}

func TestFormatByContent(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "text"},
		{"狐狸 XXXXX 。", "text"},
		{"  \n{\"id\":1}", "jsonl"},
		{"\ufeff{\"id\":1}", "jsonl"},
		{"1 ||| 狐狸 XXXXX 。\n<qid_0> ||| 狐狸 XXXXX", "cmrc2017"},
		{"1 ||| 狐狸 。\r\n2 ||| 山羊 。\r\n<qid_0> ||| XXXXX", "cmrc2017"},
		{"1 ||| 狐狸 。\n2 ||| XXXXX 。 ||| 狐狸\n", "pdcft"},
		{"狐狸 ||| XXXXX", "text"},
	} {
		if got := formatByContent([]byte(c.text)); got != c.want {
			t.Errorf("%q is %s, want %s", c.text, got, c.want)
		}
	}
	for name, want := range map[string]string{"a.doc_query": "cmrc2017", "a.JSONL": "jsonl", "a.md": "text", "cft.auto": "", "-": ""} {
		if got := formatByName(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestShowFile(t *testing.T) {
	path := config.NewPath("${DATA}/s/", "/data/s")
	for _, c := range []struct{ file, want string }{
		{"${DATA}/s/a.txt", "/data/s/a.txt"},
		{"${DATA}/s", "/data/s"},
		{"${DATA}/stories", "${DATA}/stories"},
		{"/data/s", "/data/s"},
		{"other", "other"},
	} {
		err := showFile(&corpus.InputError{File: c.file, Line: 3, Found: "x"}, path)
		if want := c.want + ":3: found x"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	if showFile(nil, path) != nil || showFile(fs.ErrExist, path) != fs.ErrExist {
		t.Error("other errors are changed")
	}
}

func TestListed(t *testing.T) {
	if got := listed([]string{"a", "b"}); got != "a, b" {
		t.Error(got)
	}
	if got := listed(slices.Repeat([]string{"a"}, 12)); got != "a, a, a, a, a, a, a, a, a, a and 2 more" {
		t.Error(got)
	}
}

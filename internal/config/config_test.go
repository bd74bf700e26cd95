package config

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// environment is what the tests' files find in place of the real one.
func environment(name string) (string, bool) {
	v, ok := map[string]string{"DATA": "/data", "EMPTY": ""}[name]
	return v, ok
}

func parseText(t testing.TB, text string) (*Config, error) {
	t.Helper()
	return Parse("pipeline.yaml", []byte(text), "/project", environment)
}

// golden compares with a file of testdata/golden, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update if this is meant\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

func TestTemplateHoldsOnlyDefaults(t *testing.T) {
	got, err := parseText(t, Template())
	if err != nil {
		t.Fatal(err)
	}
	got.file, got.positions = "", nil
	if want := Default(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// Every key must stand in the template, so that a new one is not forgotten.
func TestTemplateNamesEveryKey(t *testing.T) {
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Slice:
			walk(typ.Elem())
		case reflect.Struct:
			if typ == reflect.TypeFor[Path]() {
				return
			}
			for _, f := range fieldsOf(typ) {
				if !strings.Contains(Template(), f.key) {
					t.Errorf("the template does not name %q", f.key)
				}
				walk(typ.FieldByIndex(f.index).Type)
			}
		}
	}
	walk(reflect.TypeFor[Config]())
}

func TestParseAll(t *testing.T) {
	c, err := parseText(t, `
crawl:
  sites: [{name: tales, start: ["http://tales.example/"], story: {title: "h1", body: ".story"}}]
segment:
  sources:
    - {format: cmrc2017, path: user.train.doc_query}
    - {format: pdcft, path: cft.auto}
    - {format: jsonl, path: "${DATA}/passages.jsonl", field: text}
    - {format: text, path: stories/, encoding: gb18030, on_error: skip}
embed: {size: 64, window: 8, negative: 3, epochs: 2, min_count: 1}
build:
  train: [{format: cmrc2017, path: t.doc_query, answers: t.answer}, {format: generate, per_passage: 7}]
  valid: [{format: cmrc2017, path: v.doc_query, answers: /abs/v.answer}]
  batch: 32
train: {units: 16, layers: 1, epochs: 9, seed: 18446744073709551615, learning_rate: 1e-2, threads: 1}
predict: {input: F, top: 3, format: jsonl}
`)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "all.json", string(text)+"\n")
	for _, p := range []struct{ got, want string }{
		{c.Segment.Sources[0].Path.Resolved(), "/project/user.train.doc_query"},
		{c.Segment.Sources[2].Path.Resolved(), "/data/passages.jsonl"},
		{c.Segment.Sources[3].Path.Resolved(), "/project/stories"},
		{c.Build.Valid[0].Answers.Resolved(), "/abs/v.answer"},
		{c.Predict.Input.Resolved(), "/project/F"},
	} {
		if p.got != p.want {
			t.Errorf("path %q, want %q", p.got, p.want)
		}
	}
	if got, want := c.Errorf("segment.sources[1].path", "no such file").Error(),
		"pipeline.yaml:7:29: segment.sources[1].path: no such file"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The fields of Params go into fingerprints, those of Runtime do not: no key
// may stand in both, and what cannot change a result must not be in Params.
func TestParamsAndRuntimeAreApart(t *testing.T) {
	runtime := map[string]bool{"threads": true, "kernel": true, "solver": true, "checkpoint_every": true}
	sites := fieldsOf(reflect.TypeFor[SiteRuntime]())
	if len(sites) != 6 {
		t.Errorf("%d keys in SiteRuntime", len(sites))
	}
	top := reflect.TypeFor[Config]()
	for _, section := range fieldsOf(top) {
		typ := top.FieldByIndex(section.index).Type
		for i := range typ.NumField() {
			part := typ.Field(i)
			if !part.Anonymous {
				t.Errorf("%s.%s stands neither in Params nor in Runtime", section.key, part.Name)
				continue
			}
			for _, f := range fieldsOf(part.Type) {
				if isRuntime := strings.HasSuffix(part.Name, "Runtime"); isRuntime != runtime[f.key] {
					t.Errorf("%s.%s stands in %s", section.key, f.key, part.Name)
				}
			}
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "my.yaml")
	if err := os.WriteFile(name, []byte("\ufeffsegment: {sources: [{format: text, path: a.txt}]}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Segment.Sources[0].Path.Resolved(), filepath.Join(dir, "a.txt"); got != want {
		t.Errorf("path %q, want %q", got, want)
	}
	if c.File() != name {
		t.Errorf("file %q", c.File())
	}
	_, err = Load(filepath.Join(dir, "none.yaml"))
	if !errors.Is(err, os.ErrNotExist) || Invalid(err) {
		t.Errorf("a missing file gives %v", err)
	}
	if err := os.WriteFile(name, []byte("embed: 3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err = Load(name); !Invalid(err) {
		t.Errorf("a wrong file gives %v", err)
	}
}

func TestLoadSections(t *testing.T) {
	name := filepath.Join(t.TempDir(), "my.yaml")
	text := "segment: {sources: [{format: text, path: \"${NO_SUCH_VARIABLE}/a\"}]}\npredict: {top: 7, input: \"${NO_SUCH_VARIABLE}/b\"}\n"
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(name); !Invalid(err) {
		t.Errorf("the whole file gives %v", err)
	}
	c, err := LoadSections(name, []string{"predict"}, []string{"predict.input"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Predict.Top != 7 || len(c.Segment.Sources) != 0 {
		t.Errorf("got %+v", c)
	}
	// A single key of a section, without the others.
	text = "segment: {user_dictionary: words.txt, sources: [{path: \"${NO_SUCH_VARIABLE}/a\"}], sise: 3}\nembed: {size: 7}\n"
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err = LoadSections(name, []string{"predict", "segment.user_dictionary"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Segment.UserDictionary.Written() != "words.txt" || len(c.Segment.Sources) != 0 || c.Embed.Size != Default().Embed.Size {
		t.Errorf("got %+v", c)
	}
}

func TestCheckFlags(t *testing.T) {
	for _, c := range []struct {
		change func(*PredictParams)
		want   string
	}{
		{func(*PredictParams) {}, ""},
		{func(p *PredictParams) { p.Top = 0 }, "--top: found 0, expected a whole number from 1 to 10000"},
		{func(p *PredictParams) { p.Format = "xml" }, "--format: found xml, expected contest or jsonl"},
		{func(p *PredictParams) { p.InputFormat = "" }, "--input-format: found , expected auto, cmrc2017, pdcft, jsonl or text"},
		{func(p *PredictParams) { p.Encoding = "klingon" }, `--encoding: unknown encoding "klingon", expected a name such as utf-8, gb18030 or big5`},
	} {
		p := Default().Predict.PredictParams
		c.change(&p)
		got := ""
		if err := p.Check(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

package config

import (
	"fmt"
	"strings"
	"testing"
)

const site = `{name: a, start: ["http://h/"], story: {body: p}}`

// wrong holds files with something wrong; the messages stand in
// testdata/golden/errors.txt.
var wrong = []struct{ name, text string }{
	{"empty file", ""},
	{"only comments", "# nothing\n\n  # here\n"},
	{"only a document mark", "---\n"},
	{"not a mapping", "just words\n"},
	{"a list", "- a\n- b\n"},
	{"two documents", "embed: {size: 1}\n---\nembed: {size: 2}\n"},
	{"a directive", "%YAML 1.2\n---\nembed: {size: 1}\n"},
	{"unknown section", "embedd: {size: 3}\n"},
	{"unknown key, near", "embed:\n  siz: 3\n"},
	{"unknown key, swapped letters", "embed:\n  wnidow: 3\n"},
	{"unknown key, dashes", "train: {learning-rate: 0.1}\n"},
	{"unknown key, upper case", "train: {Epochs: 1}\n"},
	{"unknown key, another tool's name", "train: {lr: 0.1}\nbuild: {batch_size: 3}\n"},
	{"unknown key, another section's", "train: {window: 5}\n"},
	{"unknown key, nothing near", "embed: {zzzzzz: 5}\n"},
	{"unknown key in a source", "segment:\n  sources:\n    - {format: text, file: a.txt}\n"},
	{"unknown key after Chinese text", "crawl: {sites: [{name: 童话, strat: []}]}\n"},
	{"duplicate key", "embed: {size: 1}\ntrain: {units: 2}\nembed: {size: 3}\n"},
	{"number as a key", "3: {size: 1}\n"},
	{"wrong type, text for a number", "embed: {size: many}\n"},
	{"wrong type, number for text", "segment: {sources: [{format: jsonl, path: a, field: 3}]}\n"},
	{"wrong type, number for a path", "predict: {input: 3}\n"},
	{"wrong type, empty path", "predict: {input: \"\"}\n"},
	{"wrong type, list for a section", "embed: [1, 2]\n"},
	{"wrong type, mapping for a list", "segment: {sources: {format: text, path: a}}\n"},
	{"wrong type, text for a list item", "segment: {sources: [a.txt]}\n"},
	{"wrong type, mapping for a number", "embed:\n  size:\n    big: 1\n"},
	{"wrong type, nothing for a number", "embed:\n  size:\n  window: 5\n"},
	{"wrong type, word for a truth value", "segment: {hmm: maybe}\n"},
	{"header of the crawler's own", "crawl: {sites: [{name: a, start: [\"http://h/\"], headers: [\"User-Agent: x\"]}]}\n"},
	{"sitemap of another host", "crawl: {sites: [{name: a, start: [\"http://h/\"], sitemap: [\"http://other/map.xml\"]}]}\n"},
	{"proxy's password in the file", "crawl: {sites: [{name: a, start: [\"http://h/\"], proxy: \"http://me:secret@proxy:3128\"}]}\n"},
	{"password in the file", "crawl: {sites: [{name: a, start: [\"http://h/\"], headers: [\"Cookie: x=1\"]}]}\n"},
	{"wrong type, text for addresses", "crawl: {sites: [{name: a, start: \"http://h/\", story: {body: p}}]}\n"},
	{"size 0", "embed: {size: 0}\n"},
	{"wego with vectors to begin with", "embed: {engine: wego, init: v.bin}\n"},
	{"output vectors of wego", "embed: {engine: wego, output: true}\n"},
	{"output vectors alone to begin with", "embed: {init_output: o.bin}\n"},
	{"words of nothing", "embed: {init_words: all}\n"},
	{"negative epochs", "train: {epochs: -3}\n"},
	{"half a layer", "train: {layers: 1.5}\n"},
	{"learning rate 0", "train: {learning_rate: 0}\n"},
	{"learning rate not a number", "train: {learning_rate: .nan}\n"},
	{"learning rate infinite", "train: {learning_rate: .inf}\n"},
	{"negative seed", "train: {seed: -1}\n"},
	{"seed too large", "train: {seed: 18446744073709551616}\n"},
	{"huge number", "embed: {epochs: 99999999999999999999999999999}\n"},
	{"sample above 1", "embed: {sample: 2}\n"},
	{"unknown format", "segment: {sources: [{format: jsnl, path: a}]}\n"},
	{"unknown format, nothing near", "predict: {input: a, format: parquet}\n"},
	{"generate as a source of text", "segment: {sources: [{format: generate, path: a}]}\n"},
	{"missing path", "segment:\n  sources:\n    - {format: text}\n"},
	{"missing format", "segment:\n  sources:\n    - path: a.txt\n"},
	{"field of a text", "segment: {sources: [{format: text, path: a, field: b}]}\n"},
	{"answers of a text", "segment: {sources: [{format: text, path: a, answers: b}]}\n"},
	{"unknown step", "segment: {steps: [spaces, half_with]}\n"},
	{"shares of answers below 0", "train: {reader: {answers: {times: [1, -2]}}}\n"},
	{"no share of answers", "train: {reader: {answers: {lengths: [0, 0]}}}\n"},
	{"too many shares of answers", "train: {reader: {answers: {places: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}}}\n"},
	{"all answers unknown", "train: {reader: {answers: {unknown: 100}}}\n"},
	{"step twice", "segment: {steps: [spaces, spaces]}\n"},
	{"simplify as a step", "segment: {steps: [simplify]}\n"},
	{"advertisements without the step", "segment: {advertisements: [a]}\n"},
	{"advertisements that are no patterns", "segment: {steps: [advertisements], advertisements: [\"(\", \"\"]}\n"},
	{"resegment of text", "segment: {sources: [{format: text, path: a, resegment: always}]}\n"},
	{"unknown resegment", "segment: {sources: [{format: pdcft, path: a, resegment: often}]}\n"},
	{"unknown encoding", "segment: {sources: [{format: text, path: a, encoding: gbk9}]}\n"},
	{"encoding that cannot be read", "segment: {sources: [{format: text, path: a, encoding: iso-2022-kr}]}\n"},
	{"a network beyond all memory", "train: {layers: 16, units: 8192}\n"},
	{"encoding of jsonl", "segment: {sources: [{format: jsonl, path: a, encoding: gbk}]}\n"},
	{"variable not set", "segment:\n  sources:\n    - format: text\n      path: ${NOWHERE}/a\n"},
	{"variable without quotes in braces", "segment:\n  sources: [{format: text, path: ${DATA}/a}]\n"},
	{"variable empty", "predict: {input: \"${EMPTY}/a\"}\n"},
	{"variable without end", "predict: {input: \"${DATA/a\"}\n"},
	{"variable without a name", "predict: {input: \"${}/a\"}\n"},
	{"NUL in a path", "predict: {input: \"a\\0b\"}\n"},
	{"site names twice", "crawl:\n  sites:\n    - " + site + "\n    - " + site + "\n"},
	{"site without a name", "crawl:\n  sites:\n    - {start: [\"http://h/\"], story: {body: p}}\n"},
	{"site with an empty name", "crawl: {sites: [{name: \"\", start: [\"http://h/\"], story: {body: p}}]}\n"},
	{"site without addresses", "crawl: {sites: [{name: a, start: [], story: {body: p}}]}\n"},
	{"bad story", "crawl: {sites: [{name: a, start: [\"http://h/\"], story: {next: \"a[\", encoding: klingon}}]}\n"},
	{"impossible story", "crawl: {sites: [{name: a, start: [\"http://h/\"], story: {next: \"a[\", encoding: klingon, max_links: 2}}]}\n"},
	{"bad addresses", "crawl: {sites: [{name: a, story: {body: p}, start: [\"h.example\", \"ftp://h/\", \"http://\", \"http://[\", \"http://u:p@h/\", \"mailto:a@h\"]}]}\n"},
	{"bad selectors and patterns", "crawl: {sites: [{name: a, start: [\"http://h/\"], story: {title: \"h1[\", body: \"p >\", remove: \".x\"}, allow: [\"(\"], deny: [ok, \"*\"]}]}\n"},
	{"generate without text", "build: {train: [{format: generate}]}\n"},
	{"generate for validation", "segment: {sources: [{format: text, path: a}]}\nbuild:\n  train: [{format: generate}]\n  valid: [{format: generate}]\n"},
	{"generate with a path", "segment: {sources: [{format: text, path: a}]}\nbuild: {train: [{format: generate, path: a, answers: b}]}\n"},
	{"generate with lengths crossed", "segment: {sources: [{format: text, path: a}]}\nbuild: {train: [{format: generate, min_words: 50, max_words: 20}]}\n"},
	{"per_passage of a file", "segment: {sources: [{format: text, path: a}]}\nbuild: {train: [{format: pdcft, path: a, per_passage: 3}]}\n"},
	{"questions without answers", "segment: {sources: [{format: text, path: a}]}\nbuild: {train: [{format: cmrc2017, path: a}]}\n"},
	{"questions with answers twice", "segment: {sources: [{format: text, path: a}]}\nbuild: {train: [{format: pdcft, path: a, answers: b}]}\n"},
	{"questions without text", "build: {train: [{format: cmrc2017, path: a, answers: b}]}\n"},
	{"validation without training", "build: {valid: [{format: cmrc2017, path: a, answers: b}]}\n"},
	{"tab in the indentation", "embed:\n\tsize: 3\n"},
	{"tab after spaces", "embed:\n  size: 3\n \twindow: 3\n"},
	{"broken syntax", "embed: {size: 3\n"},
	{"broken syntax, quotes", "embed: \"a\n"},
	{"broken indentation", "embed:\n   size: 3\n  window: 4\n"},
	{"not UTF-8", "embed:\n  size: 3 # \xff\n"},
	{"a NUL character", "embed:\x00\n"},
	{"alias", "embed: &e {size: 3}\ntrain: *e\n"},
	{"alias bomb", bomb()},
	{"merge key", "embed:\n  <<: {size: 3}\n"},
	{"tag", "embed: {size: !!int \"3\"}\n"},
	{"deep brackets", "embed: " + strings.Repeat("[", 100000) + "\n"},
	{"deep dashes", "embed:\n  " + strings.Repeat("- ", 50000) + "a\n"},
	{"too large", "# " + strings.Repeat("x", MaxBytes) + "\n"},
	{"several at once", "crawl:\n  sites: [{name: a}]\nembed:\n  size: 0\n  windw: 5\ntrain:\n  seed: x\nbogus: 1\n"},
	{"very many", many(200)},
}

func bomb() string {
	var b strings.Builder
	b.WriteString("a: &a [x,x,x,x,x,x,x,x,x]\n")
	for c := 'b'; c < 'k'; c++ {
		fmt.Fprintf(&b, "%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 9), ","))
	}
	return b.String()
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	return b.String()
}

func TestErrors(t *testing.T) {
	var b strings.Builder
	for _, w := range wrong {
		_, err := parseText(t, w.text)
		if err == nil {
			t.Errorf("%s: no error", w.name)
			continue
		}
		if !Invalid(err) {
			t.Errorf("%s: %T does not count as a wrong configuration", w.name, err)
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			if !strings.HasPrefix(line, "pipeline.yaml:") {
				t.Errorf("%s: %q does not begin with the file", w.name, line)
			}
			if len(line) > 400 {
				t.Errorf("%s: a message of %d bytes", w.name, len(line))
			}
		}
		fmt.Fprintf(&b, "== %s\n%s\n\n", w.name, err)
	}
	golden(t, "errors.txt", b.String())
}

// Whatever stands in a file: no panic, errors that name the file, and an
// accepted one can be parsed to the same again.
func FuzzParse(f *testing.F) {
	f.Add(Template())
	for _, w := range wrong {
		if len(w.text) < 1000 {
			f.Add(w.text)
		}
	}
	f.Add("embed: {size: 0x10, alpha: 1_0e-3}\ntrain: {seed: 0o7}\n? a\n: b\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseText(t, text)
		if err != nil {
			if !Invalid(err) || !strings.HasPrefix(err.Error(), "pipeline.yaml:") {
				t.Fatalf("error %T %q", err, err)
			}
			return
		}
		if c.Embed.Size < 1 || c.Train.Epochs < 1 || !(c.Train.LearningRate > 0) {
			t.Fatalf("impossible values were accepted: %+v", c)
		}
	})
}

package beam

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/testing/ptest"

	"wakong/internal/config"
	"wakong/internal/pipeline"
)

// configuration parses a configuration of files in dir.
func configuration(t testing.TB, dir, text string) *config.Config {
	t.Helper()
	c, err := config.Parse("pipeline.yaml", []byte(text), dir, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// settingsOf are those of a run that writes to a new folder.
func settingsOf(t testing.TB, c *config.Config) Settings {
	t.Helper()
	s, err := NewSettings(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Output, s.Compression, s.UnitBytes = filepath.Join(t.TempDir(), "parts"), ".zst", 30_000
	return s
}

// onBeam runs on prism and gives the folder of the joined result.
func onBeam(t testing.TB, s Settings) string {
	t.Helper()
	if err := s.CheckEmpty(); err != nil {
		t.Fatal(err)
	}
	p, root := beam.NewPipelineWithRoot()
	if err := Build(root, s, DefaultRounds); err != nil {
		t.Fatal(err)
	}
	if err := ptest.Run(p); err != nil {
		t.Fatal(err)
	}
	if err := s.Complete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, err := list(s.at(stagedFolder, "*")); len(left) > 0 || err != nil {
		t.Errorf("files between steps are left: %q, %v", left, err)
	}
	to := t.TempDir()
	if err := Join(t.Context(), s.Output, to); err != nil {
		t.Fatal(err)
	}
	return to
}

// onThisMachine runs the stages themselves and gives the folder of a stage.
func onThisMachine(t testing.TB, c *config.Config, stage string) func(stage string) string {
	t.Helper()
	dir := t.TempDir()
	p, err := pipeline.Open(pipeline.Options{Config: c, Workspace: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Run(t.Context(), pipeline.RunOptions{Stage: stage}); err != nil {
		t.Fatal(err)
	}
	return func(stage string) string {
		found, err := filepath.Glob(filepath.Join(dir, "cache", stage, "*"))
		if err != nil || len(found) != 1 {
			t.Fatalf("folders of %s: %v, %v", stage, found, err)
		}
		return found[0]
	}
}

// compare holds a stage's files against the joined ones.
func compare(t testing.TB, joined string, stages func(string) string, names ...string) {
	t.Helper()
	for _, name := range names {
		stage, file, _ := strings.Cut(name, "/")
		want, err := os.ReadFile(filepath.Join(stages(stage), file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(joined, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s has %d bytes, want %d; %s", name, len(got), len(want), firstDifference(got, want))
		}
	}
}

func firstDifference(a, b []byte) string {
	x, y := strings.SplitAfter(string(a), "\n"), strings.SplitAfter(string(b), "\n")
	for i := range x {
		if i == len(y) || x[i] != y[i] {
			other := "the end"
			if i < len(y) {
				other = y[i]
			}
			return fmt.Sprintf("line %d is\n%.300q, want\n%.300q", i+1, x[i], other)
		}
	}
	return fmt.Sprintf("line %d is missing", len(x)+1)
}

var segmentFiles = []string{"segment/documents.jsonl", "segment/sentences.txt", "segment/report.json", "segment/leaks.json"}
var buildFiles = []string{"embed/vocab.tsv", "build/train.bin", "build/passages.bin", "build/valid.bin", "build/tags.tsv", "build/report.json", "build/text.json"}

// demonstration is the folder of the tales that the demonstration is made of.
func demonstration(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../../testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// tales are the demonstration's tales with copies, exact and near, leaks, ids that
// come twice, faulty lines, traditional characters and files of three formats.
func tales(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	texts, err := filepath.Glob(filepath.Join(demonstration(t), "tales", "*.txt"))
	if err != nil || len(texts) < 20 {
		t.Fatalf("%d tales, %v", len(texts), err)
	}
	var lines [3]strings.Builder
	for i, path := range texts {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		switch {
		case i%7 == 1:
			text = strings.Replace(text, "。", "！", 3) // exact: marks do not count
		case i%7 == 2:
			text = strings.Replace(text, "的", "地", 1)
		case i%7 == 3:
			text = "\ufeff" + strings.ReplaceAll(text, "说", "說") + "\n你好&nbsp;\u200b123４５\n"
		}
		write(t, filepath.Join(dir, "copies", filepath.Base(path)), text)
		fmt.Fprintf(&lines[i%3], "{\"id\": \"%d\", \"title\": \"t%d\", \"text\": %q}\n", i%4, i, string(b))
	}
	lines[1].WriteString("{\"text\": 1}\n{\"text\": \"...\"}\n{\"id\": \"1\", \"text\": \"夜里下了一场大雪。Nothing Chinese here.\\n空的 XXXXX 句子。\"}\n")
	for i := range lines {
		write(t, filepath.Join(dir, "lines", fmt.Sprintf("%d.jsonl", i)), lines[i].String())
	}
	questions, err := os.ReadFile(filepath.Join(demonstration(t), "questions.doc_query"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "q.doc_query"), string(questions))
	answers, err := os.ReadFile(filepath.Join(demonstration(t), "questions.answer"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "q.answer"), string(answers))
	if err := os.CopyFS(filepath.Join(dir, "tales"), os.DirFS(filepath.Join(demonstration(t), "tales"))); err != nil {
		t.Fatal(err)
	}
	// Validation passages among the text.
	held, err := fs.Glob(os.DirFS(filepath.Join(demonstration(t), "heldout")), "*.txt")
	if err != nil || len(held) == 0 {
		t.Fatal(err)
	}
	for _, name := range held[:5] {
		b, err := os.ReadFile(filepath.Join(demonstration(t), "heldout", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "copies", "held-"+name), string(b))
		write(t, filepath.Join(dir, "tales", "held-"+name), string(b))
	}
	return dir
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const talesYAML = `
segment:
  on_error: skip
  sources:
    - {format: text, path: copies}
    - {format: jsonl, path: "lines/*.jsonl"}
    - {format: cmrc2017, path: q.doc_query, answers: q.answer}
    - {format: text, path: tales}
  dedup: %s
embed: {size: 2, epochs: 1, negative: 1}
build:
  train:
    - {format: generate, per_passage: 5}
    - {format: cmrc2017, path: q.doc_query, answers: q.answer}
    - {format: passages}
    - {format: generate, per_passage: 2, min_occurrences: 3}
  valid:
    - {format: cmrc2017, path: q.doc_query, answers: q.answer}
`

// TestStages is the promise of the package: what the stages write, byte for byte.
func TestStages(t *testing.T) {
	dir := tales(t)
	c := configuration(t, dir, fmt.Sprintf(talesYAML, "{}"))
	joined := onBeam(t, settingsOf(t, c))
	compare(t, joined, onThisMachine(t, c, pipeline.Build), append(segmentFiles, buildFiles...)...)
}

// TestDedup holds the ways to remove copies against the stage. Boilerplate makes
// buckets of more contents than are compared pair by pair.
func TestDedup(t *testing.T) {
	dir := tales(t)
	var lines strings.Builder
	common := strings.Repeat("本站所有故事均来自网友投稿，如有侵权请联系管理员删除。欢迎转载，转载请注明出处和作者的姓名。", 4)
	for i := range 300 {
		fmt.Fprintf(&lines, "{\"text\": \"%s\\n%s\"}\n", common, strings.Repeat(string(rune(0x4E00+37*i)), 1+i%9))
	}
	write(t, filepath.Join(dir, "lines", "hot.jsonl"), lines.String())
	for _, dedup := range []string{
		"{documents: near, bands: 4, rows: 2}",
		"{documents: exact}",
		"{documents: none}",
		"{documents: near, paragraphs: near, paragraph_characters: 10}",
		"{documents: none, paragraphs: exact, paragraph_characters: 5}",
	} {
		t.Run(dedup, func(t *testing.T) {
			c := configuration(t, dir, fmt.Sprintf(talesYAML, dedup))
			c.Build.Train = nil
			joined := onBeam(t, settingsOf(t, c))
			compare(t, joined, onThisMachine(t, c, pipeline.Segment), segmentFiles...)
		})
	}
}

// TestReal is TestStages on real text.
func TestReal(t *testing.T) {
	data := os.Getenv("WAKONG_DATA")
	if data == "" {
		t.Skip("WAKONG_DATA does not name the folder of real text (cmrc2017, cft, cmrc2019, c3, stories)")
	}
	c := configuration(t, data, `
segment:
  sources:
    - {format: cmrc2017, path: cmrc2017/user.train.doc_query, answers: cmrc2017/user.train.answer}
    - {format: pdcft, path: cft/cft.auto}
    - {format: pdcft, path: cft/cft.human}
    - {format: jsonl, path: "c*/passages.jsonl"}
    - {format: text, path: stories}
embed: {size: 2, epochs: 1, negative: 1}
build:
  train: [{format: generate}, {format: passages}]
  valid: [{format: cmrc2017, path: cmrc2017/cloze.dev.doc_query, answers: cmrc2017/cloze.dev.answer}]
`)
	s := settingsOf(t, c)
	s.UnitBytes = 1_000_000
	joined := onBeam(t, s)
	compare(t, joined, onThisMachine(t, c, pipeline.Build), append(segmentFiles, buildFiles...)...)
}

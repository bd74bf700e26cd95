package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wakong/embed"
	"wakong/internal/python"
	"wakong/model"
	"wakong/vocab"
)

// PyTorch scores with our weights as we do, and we with those that it has trained,
// in one process or in two.
func TestTorch(t *testing.T) {
	interpreter := python.With(t, "torch", "numpy")
	dir, flags := project(t, smallConfig)
	expect(t, exitDone, "", append([]string{"run"}, flags...)...)
	batches := exported(t, flags, "torch", filepath.Join(dir, "batches"))
	ours := filepath.Join(exported(t, flags, "safetensors", filepath.Join(dir, "ours")), "model.safetensors")
	script := func(launcher []string, args ...string) string {
		t.Helper()
		all := append(append(launcher, filepath.Join(batches, "train_torch.py")), args...)
		// Processes that do not find each other would wait for half an hour.
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		process := exec.CommandContext(ctx, interpreter, all...)
		process.WaitDelay = time.Second
		process.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
		out, err := process.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", all, err, out)
		}
		return string(out)
	}
	one, two := filepath.Join(dir, "one.safetensors"), filepath.Join(dir, "two.safetensors")
	train := []string{"train", batches, "--max-steps", "6", "--validate-every", "3", "--output"}
	// The launcher of PyTorch 1.13 under Python 3.11 fails without options for logs.
	out := script([]string{"-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", "--redirects=1", "--tee=1"}, append(train, two)...)
	if strings.Count(out, `"accuracy"`) != 2 {
		t.Errorf("found %s, expected two validations", out)
	}
	script(nil, append(train, one)...)
	sameTensors(t, "weights of one and of two processes", readTensors(t, one), readTensors(t, two), 1e-4)

	_, examples := validIn(t, filepath.Join(dir, "work"))
	for name, weights := range map[string]string{"ours": ours, "theirs": two} {
		scored := filepath.Join(dir, "scores.safetensors")
		script(nil, "score", batches, "--weights", weights, "--output", scored)
		got := readTensors(t, scored)
		want := scoresOf(t, batches, weights, examples)
		sameTensors(t, name, got, want, 1e-4)
		// predict gives the same probabilities, rounded to six digits.
		sums := predictedSums(t, filepath.Join(dir, "q.doc_query"), batches, weights)
		at := 0
		for i, e := range examples {
			total := map[int32]float64{}
			left, right := max(1, len(e.Left)), max(1, len(e.Right))
			for j, id := range append(append([]int32{}, e.Left...), e.Right...) {
				k := at + j
				if j >= len(e.Left) {
					k = at + left + j - len(e.Left)
				}
				total[id] += float64(got["probabilities"].Data[k])
			}
			at += left + right
			if len(sums[i]) != len(total) {
				t.Fatalf("%s: question %d has %d words, expected %d", name, i, len(sums[i]), len(total))
			}
			for id, p := range total {
				if word := e.Word(id, vocabularyOf(t, batches)); math.Abs(sums[i][word]-p) > 1e-4 {
					t.Errorf("%s: question %d, %s: predict gives %g, PyTorch %g", name, i, word, sums[i][word], p)
				}
			}
		}
	}
	documented(t, interpreter, dir, flags, two)
	if _, err := os.Stat(filepath.Join(batches, "model.safetensors")); err == nil {
		t.Error("the export for training holds weights")
	}
	expect(t, exitFailed, "--weights FILE names those", "predict", "--model", batches, "-i", filepath.Join(dir, "q.doc_query"))
}

// documented runs the Python of docs/export.md, as far as what it imports is there.
func documented(t *testing.T, interpreter, dir string, flags []string, weights string) {
	t.Helper()
	exported(t, flags, "onnx", filepath.Join(dir, "model-onnx"))
	exported(t, flags, "safetensors", filepath.Join(dir, "model-safetensors"))
	copyFile(t, weights, filepath.Join(dir, "weights.safetensors"))
	blocks := regexp.MustCompile("(?s)```python\n(.*?)```").FindAllStringSubmatch(read(t, filepath.Join("..", "..", "docs", "export.md")), -1)
	if len(blocks) != 4 {
		t.Fatalf("docs/export.md has %d pieces of Python, expected 4", len(blocks))
	}
	for _, block := range blocks {
		for _, module := range []string{"onnxruntime", "gensim", "torch"} {
			if regexp.MustCompile(`(import|from) .*\b` + module + `\b`).MatchString(block[1]) {
				block[1] = "import importlib.util, sys\nif not importlib.util.find_spec('" + module + "'): print('skipped'); sys.exit()\n" + block[1]
			}
		}
		process := exec.CommandContext(t.Context(), interpreter, "-c", block[1])
		process.Dir = dir
		out, err := process.CombinedOutput()
		if err != nil {
			t.Errorf("docs/export.md: %v\n%s\n%s", err, out, block[1])
		}
		t.Logf("docs/export.md: %s", out)
	}
}

func readTensors(t *testing.T, path string) model.Weights {
	t.Helper()
	w, _, err := model.ReadWeights(strings.NewReader(read(t, path)), path)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// sameTensors holds numbers against others: of those that are all below 1, the
// tolerance is a share of the largest.
func sameTensors(t *testing.T, what string, got, want model.Weights, tolerance float64) {
	t.Helper()
	if len(want) == 0 {
		t.Fatalf("%s: nothing to compare", what)
	}
	for name, w := range want {
		g := got[name]
		if len(g.Data) != len(w.Data) || len(w.Data) == 0 {
			t.Fatalf("%s: %q has %d numbers, expected %d", what, name, len(g.Data), len(w.Data))
		}
		worst, largest := 0.0, 0.0
		for i, x := range w.Data {
			worst = max(worst, math.Abs(float64(g.Data[i])-float64(x)))
			largest = max(largest, math.Abs(float64(x)))
		}
		if worst > tolerance*min(1, largest) || math.IsNaN(worst) {
			t.Errorf("%s: %q differs by %g", what, name, worst)
		}
	}
}

// validIn reads the validation examples that a workspace's lock names.
func validIn(t *testing.T, workspace string) (model.ExampleHeader, []model.Example) {
	t.Helper()
	var lock struct {
		Stages map[string]struct{ Fingerprint string }
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(workspace, "pipeline.lock"))), &lock); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(workspace, "cache", "build", lock.Stages["build"].Fingerprint, "valid.bin")
	h, examples, err := model.ReadExamples(strings.NewReader(read(t, path)), path)
	if err != nil {
		t.Fatal(err)
	}
	return h, examples
}

func vocabularyOf(t *testing.T, folder string) *vocab.Vocabulary {
	t.Helper()
	v, err := vocab.Read(strings.NewReader(read(t, filepath.Join(folder, "vocab.tsv"))), "vocab.tsv")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A networkCard is what the tests need of model.json.
type networkCard struct {
	Network                                         string
	Units, Layers, Characters, Hidden, Keys, Reread int
	VectorSize                                      int `json:"vector_size"`
}

func cardIn(t *testing.T, folder string) (card networkCard) {
	t.Helper()
	if err := json.Unmarshal([]byte(read(t, filepath.Join(folder, "model.json"))), &card); err != nil {
		t.Fatal(err)
	}
	return card
}

func sizesIn(t *testing.T, folder string) (units, layers int) {
	card := cardIn(t, folder)
	return card.Units, card.Layers
}

// scoresOf are the network's own scores of all positions, left before right, as the
// scripts of docs/interop write them. The folder has model.json and vectors.bin.
func scoresOf(t *testing.T, folder, weights string, examples []model.Example) model.Weights {
	t.Helper()
	vectors, err := embed.Open(filepath.Join(folder, "vectors.bin"), embed.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	units, layers := sizesIn(t, folder)
	n, err := model.NewNetwork(vectors.Data, vectors.Size, model.NetworkOptions{Units: units, Layers: layers})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if err := n.SetWeights(readTensors(t, weights)); err != nil {
		t.Fatal(err)
	}
	var all []float32
	for part := range slices.Chunk(examples, 100) {
		b, err := model.NewBatch(part)
		if err != nil {
			t.Fatal(err)
		}
		scores, err := n.Scores(part)
		if err != nil {
			t.Fatal(err)
		}
		for i := range part {
			row := scores[i*b.Width():][:b.Width()]
			all = append(append(all, row[:b.LeftLengths[i]]...), row[b.LeftWidth:][:b.RightLengths[i]]...)
		}
	}
	return model.Weights{"scores": {Shape: []int{len(all)}, Data: all}}
}

// predictedSums are the probabilities of all words of each question.
func predictedSums(t *testing.T, questions, folder, weights string) (all []map[string]float64) {
	t.Helper()
	r := expect(t, exitDone, "", "predict", "--model", folder, "--weights", weights, "-i", questions, "--format", "jsonl", "--top", "10000")
	for line := range bytes.Lines([]byte(r.out)) {
		var p model.Prediction
		if err := json.Unmarshal(line, &p); err != nil {
			t.Fatal(err)
		}
		sums := map[string]float64{}
		for _, a := range p.Answers {
			sums[a.Word] = a.Probability
		}
		all = append(all, sums)
	}
	return all
}

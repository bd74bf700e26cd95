package onnx

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wakong/internal/python"
	"wakong/model"
)

const (
	testWords = 30
	testSize  = 5
)

// toy is a network with random weights, its vectors, and examples of all lengths:
// with an empty context, of one word, with words that the vocabulary lacks.
func toy(t *testing.T, layers int) (*model.Network[float32], []float32, []model.Example) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, uint64(layers)))
	vectors := make([]float32, testWords*testSize)
	for i := range vectors[testSize:] {
		vectors[testSize+i] = float32(rng.NormFloat64())
	}
	n, err := model.NewNetwork(vectors, testSize, model.NetworkOptions{Units: 4, Layers: layers, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	var examples []model.Example
	for i, lengths := range [][2]int{{3, 4}, {0, 6}, {9, 0}, {1, 1}, {5, 12}, {7, 2}} {
		e := model.Example{ID: fmt.Sprint(i), Unknown: []string{"甲", "乙"}}
		draw := func(n int) (ids []int32) {
			for range n {
				ids = append(ids, 1+int32(rng.IntN(testWords+1)))
			}
			return ids
		}
		e.Left, e.Right = draw(lengths[0]), draw(lengths[1])
		examples = append(examples, e)
	}
	return n, vectors, examples
}

// flatScores are the scores of all real positions, left before right.
func flatScores(t *testing.T, n *model.Network[float32], examples []model.Example) (all []float32) {
	t.Helper()
	b, err := model.NewBatch(examples)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := n.Scores(examples)
	if err != nil {
		t.Fatal(err)
	}
	for i := range examples {
		row := scores[i*b.Width():][:b.Width()]
		all = append(all, row[:b.LeftLengths[i]]...)
		all = append(all, row[b.LeftWidth:][:b.RightLengths[i]]...)
	}
	return all
}

func write(t *testing.T, path string, f func(*bytes.Buffer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// onnxruntime gives the scores that the network has, padded or not. It needs
// Node.js with the package onnxruntime-node, found as Node finds packages: by
// NODE_PATH.
func TestONNXRuntime(t *testing.T) {
	if out, err := exec.Command("node", "-e", "require('onnxruntime-node')").CombinedOutput(); err != nil {
		t.Skipf("no Node.js with onnxruntime-node (%v: %.80s); 'npm install onnxruntime-node', and NODE_PATH names its node_modules", err, out)
	}
	for _, layers := range []int{1, 2, 3} {
		n, vectors, examples := toy(t, layers)
		dir := t.TempDir()
		file, input, output := filepath.Join(dir, "model.onnx"), filepath.Join(dir, "in"), filepath.Join(dir, "out")
		write(t, file, func(b *bytes.Buffer) error {
			return WritePointer(b, n.Weights(), vectors, testSize, Info{Producer: "test"})
		})
		write(t, input, func(b *bytes.Buffer) error {
			return model.WriteExampleTensors(b, model.ExampleHeader{Vocabulary: testWords, Batch: 2}, examples)
		})
		want := flatScores(t, n, examples)
		for _, batch := range []string{"1", "4", "100"} {
			out, err := exec.Command("node", filepath.Join("..", "..", "docs", "interop", "score_onnx.js"), file, input, output, batch).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			raw, err := os.ReadFile(output)
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := model.ReadWeights(bytes.NewReader(raw), output)
			if err != nil {
				t.Fatal(err)
			}
			if len(got["scores"].Data) != len(want) {
				t.Fatalf("%d scores, expected %d", len(got["scores"].Data), len(want))
			}
			worst := 0.0
			for i, s := range got["scores"].Data {
				worst = max(worst, math.Abs(float64(s-want[i])))
			}
			if worst > 1e-5 {
				t.Errorf("%d layers, batches of %s: scores differ by %g", layers, batch, worst)
			}
		}
	}
}

// The checker of python3-onnx finds nothing to complain about.
func TestONNXChecker(t *testing.T) {
	interpreter := python.With(t, "onnx")
	n, vectors, _ := toy(t, 2)
	file := filepath.Join(t.TempDir(), "model.onnx")
	write(t, file, func(b *bytes.Buffer) error {
		return WritePointer(b, n.Weights(), vectors, testSize, Info{Producer: "test", Metadata: map[string]string{"a": "b"}})
	})
	out, err := exec.Command(interpreter, "-c", `
import sys, onnx
m = onnx.load(sys.argv[1])
onnx.checker.check_model(m, full_check=True)
inferred = onnx.shape_inference.infer_shapes(m, strict_mode=True)
print([o.name for o in inferred.graph.output], m.metadata_props[0].value, m.opset_import[0].version)
`, file).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "['scores', 'probabilities'] b 17") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestWritePointerRefuses(t *testing.T) {
	n, vectors, _ := toy(t, 2)
	for message, change := range map[string]func(model.Weights){
		"not those of the network pointer": func(w model.Weights) { clear(w) },
		`lack "lstm.3.weight_ih_l0"`:       func(w model.Weights) { delete(w, "lstm.3.weight_ih_l0") },
		"has shape":                        func(w model.Weights) { w["unk"] = model.Tensor{Shape: []int{1}, Data: []float32{1}} },
	} {
		w := n.Weights()
		change(w)
		if err := WritePointer(&bytes.Buffer{}, w, vectors, testSize, Info{}); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("expected an error with %q, got %v", message, err)
		}
	}
	if err := WritePointer(&bytes.Buffer{}, n.Weights(), vectors[1:], testSize, Info{}); err == nil {
		t.Error("took vectors that fill no rows")
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wakong/corpus"
	"wakong/internal/python"
	"wakong/model"
	"wakong/model/reader"
)

// onnxruntime answers the validation questions as we do. Those of a workspace of real
// text are asked where WAKONG_WORKSPACE names one:
//
//	NODE_PATH=DIR/node_modules WAKONG_WORKSPACE=DIR go test ./cmd/pipeline -run ONNXAnswers -v
func TestONNXAnswers(t *testing.T) {
	if out, err := exec.Command("node", "-e", "require('onnxruntime-node')").CombinedOutput(); err != nil {
		t.Skipf("no Node.js with onnxruntime-node (%v: %.80s); 'npm install --ignore-scripts onnxruntime-node', and NODE_PATH names its node_modules", err, out)
	}
	networks := map[string]func(t *testing.T, workspace, folder, graph string){"pointer": pointerAgrees, "reader": readerAgrees}
	workspaces := map[string]string{}
	if named := os.Getenv("WAKONG_WORKSPACE"); named != "" {
		workspaces["named"] = named
	} else {
		for name, config := range map[string]string{"pointer": smallConfig, "reader": smallReader} {
			project, flags := project(t, config)
			expect(t, exitDone, "", append([]string{"run"}, flags...)...)
			workspaces[name] = filepath.Join(project, "work")
		}
	}
	for name, workspace := range workspaces {
		t.Run(name, func(t *testing.T) {
			flags, dir := []string{"-w", workspace}, t.TempDir()
			folder := exported(t, flags, "folder", filepath.Join(dir, "folder"))
			graph := exported(t, flags, "onnx", filepath.Join(dir, "onnx"))
			networks[cardIn(t, folder).Network](t, workspace, folder, graph)
		})
	}
}

// pointerAgrees holds the scores of the pointer's graph against ours.
func pointerAgrees(t *testing.T, workspace, folder, graph string) {
	dir, file := t.TempDir(), filepath.Join(graph, "model.onnx")
	header, examples := validIn(t, workspace)
	input, output := filepath.Join(dir, "valid.safetensors"), filepath.Join(dir, "scores.safetensors")
	out, err := os.Create(input)
	if err != nil {
		t.Fatal(err)
	}
	if err := model.WriteExampleTensors(out, header, examples); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("node", filepath.Join("..", "..", "docs", "interop", "score_onnx.js"), file, input, output).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	agree(t, folder, filepath.Join(folder, "model.safetensors"), examples, output)
}

// readerAgrees holds the answers of the reader's graph, with inputs that the example
// in JavaScript makes, against ours.
func readerAgrees(t *testing.T, workspace, folder, graph string) {
	card, v := cardIn(t, folder), vocabularyOf(t, folder)
	n, err := reader.New(reader.NewLexicon(v, nil), make([]float32, v.Len()*card.VectorSize), reader.Options{
		Units: card.Units, Layers: card.Layers, Characters: card.Characters, Hidden: card.Hidden, Keys: card.Keys, Reread: card.Reread,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.SetWeights(readTensors(t, filepath.Join(folder, "model.safetensors"))); err != nil {
		t.Fatal(err)
	}
	_, examples := validIn(t, workspace)
	predictions, err := model.Predict(t.Context(), n, v, examples, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	var questions bytes.Buffer
	for _, e := range examples {
		words := func(ids []int32) (all []string) {
			for _, id := range ids {
				all = append(all, e.Word(id, v))
			}
			return all
		}
		passage := strings.Join(slices.Concat(words(e.Left), []string{corpus.Blank}, words(e.Right)), " ")
		if err := json.NewEncoder(&questions).Encode(map[string]string{"id": e.ID, "passage": passage}); err != nil {
			t.Fatal(err)
		}
	}
	node := exec.Command("node", filepath.Join(graph, "answer_reader.js"), graph)
	var problems bytes.Buffer
	node.Stdin, node.Stderr = &questions, &problems
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, problems.String())
	}
	answers, worst, same := json.NewDecoder(bytes.NewReader(out)), 0.0, 0
	for _, want := range predictions {
		var got model.Prediction
		if err := answers.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if got.ID != want.ID || len(got.Answers) != len(want.Answers) {
			t.Fatalf("question %s has %d answers, expected %s with %d", got.ID, len(got.Answers), want.ID, len(want.Answers))
		}
		theirs := map[string]float64{}
		for _, a := range got.Answers {
			theirs[a.Word] = a.Probability
		}
		for _, a := range want.Answers {
			p, ok := theirs[a.Word]
			if !ok {
				t.Fatalf("question %s: %s is missing", want.ID, a.Word)
			}
			worst = max(worst, math.Abs(p-a.Probability))
		}
		if got.Answer() == want.Answer() {
			same++
		}
	}
	t.Logf("%d questions: words' probabilities differ by at most %.2g; %d answers are the same", len(examples), worst, same)
	if worst > 1e-4 || same < len(examples)-len(examples)/500 {
		t.Errorf("probabilities differ by %g, %d of %d answers are the same", worst, same, len(examples))
	}
}

// Those of a workspace of real text, by PyTorch, with our weights and with its own;
// TestTorch has a small one.
func TestTorchAnswers(t *testing.T) {
	workspace := os.Getenv("WAKONG_WORKSPACE")
	if workspace == "" {
		t.Skip("WAKONG_WORKSPACE names no workspace of the network pointer with validation questions")
	}
	interpreter := python.With(t, "torch", "numpy")
	dir := t.TempDir()
	folder := exported(t, []string{"-w", workspace}, "folder", filepath.Join(dir, "folder"))
	units, layers := sizesIn(t, folder)
	config := filepath.Join(dir, "sizes.yaml")
	write(t, config, fmt.Sprintf("train: {units: %d, layers: %d}\n", units, layers))
	batches := exported(t, []string{"-w", workspace, "-c", config}, "torch", filepath.Join(dir, "batches"))
	_, examples := validIn(t, workspace)
	script := func(args ...string) {
		t.Helper()
		if out, err := exec.Command(interpreter, append([]string{filepath.Join(batches, "train_torch.py")}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	ours, theirs := filepath.Join(folder, "model.safetensors"), filepath.Join(dir, "theirs.safetensors")
	script("train", batches, "--start", ours, "--max-steps", "10", "--output", theirs)
	output := filepath.Join(dir, "scores.safetensors")
	for _, weights := range []string{ours, theirs} {
		script("score", batches, "--weights", weights, "--output", output)
		agree(t, folder, weights, examples, output)
	}
}

// agree holds the scores in a file against those of the network in a folder, with
// weights of a file.
func agree(t *testing.T, folder, weights string, examples []model.Example, output string) {
	t.Helper()
	got := readTensors(t, output)["scores"].Data
	want := scoresOf(t, folder, weights, examples)["scores"].Data
	if len(got) != len(want) {
		t.Fatalf("%d scores, expected %d", len(got), len(want))
	}
	scores, probabilities, largest, same, at := 0.0, 0.0, 0.0, 0, 0
	for _, e := range examples {
		n := max(1, len(e.Left)) + max(1, len(e.Right))
		ours, theirs := sumsOf(e, want[at:][:n]), sumsOf(e, got[at:][:n])
		for i := range n {
			scores = max(scores, math.Abs(float64(got[at+i]-want[at+i])))
			largest = max(largest, math.Abs(float64(want[at+i])))
		}
		for i := range ours {
			probabilities = max(probabilities, math.Abs(ours[i]-theirs[i]))
		}
		// Words in their order are the same ids in both.
		if slices.Index(ours, slices.Max(ours)) == slices.Index(theirs, slices.Max(theirs)) {
			same++
		}
		at += n
	}
	t.Logf("%d questions: scores up to %.1f differ by at most %.2g, words' probabilities by %.2g; %d answers are the same", len(examples), largest, scores, probabilities, same)
	if scores > 1e-4*largest || probabilities > 1e-4 || same < len(examples)-len(examples)/500 {
		t.Errorf("scores differ by %g, probabilities by %g, %d of %d answers are the same", scores, probabilities, same, len(examples))
	}
}

// sumsOf are the probabilities of a question's words, in the order of their first
// places, from the scores of its positions.
func sumsOf(e model.Example, scores []float32) []float64 {
	ids := append(slices.Clone(e.Left), e.Right...)
	if len(e.Left) == 0 {
		ids = append([]int32{0}, ids...)
	}
	if len(e.Right) == 0 {
		ids = append(ids, 0)
	}
	top, total := float64(slices.Max(scores)), 0.0
	place := map[int32]int{}
	var sums []float64
	for i, id := range ids {
		p := math.Exp(float64(scores[i]) - top)
		total += p
		at, seen := place[id]
		if !seen {
			at = len(sums)
			place[id], sums = at, append(sums, 0)
		}
		sums[at] += p
	}
	for i := range sums {
		sums[i] /= total
	}
	return sums
}

package onnx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wakong/internal/python"
	"wakong/model"
	"wakong/model/reader"
	"wakong/vocab"
)

// toyReader is a network with random weights, one unknown word among those of its
// vocabulary, and questions with blanks at both ends, without candidates, and with
// words that the vocabulary lacks.
func toyReader(t *testing.T, layers, reread int) (*reader.Network[float32], *vocab.Vocabulary, []model.Example) {
	t.Helper()
	words := strings.Fields("。 ， “ ” 说 狐狸 刺猬 灯 灯笼 走 木桥 磨坊 猫头鹰 的 abc 月亮 喊 ！")
	tags := strings.Fields("x x x x x v n n n n v n n n u x n v x")
	// Rarer words, which weigh something, in six groups of one last character; one of
	// these is outside of the Basic Multilingual Plane.
	for i := range 60 {
		words = append(words, string(rune('一'+i))+string([]rune("林灯花头狸𠮷")[i%6]))
		tags = append(tags, []string{"n", "v", "n", "d"}[i%4])
	}
	counts := make([]int64, len(words))
	for i := range counts {
		counts[i] = int64(100 - i)
	}
	v, err := vocab.New(words, counts)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(11, uint64(layers)))
	vectors := make([]float32, v.Len()*5)
	for i := range vectors {
		vectors[i] = float32(rng.NormFloat64())
	}
	n, err := reader.New(reader.NewLexicon(v, tags), vectors, reader.Options{Units: 4, Layers: layers, Characters: 3, Hidden: 7, Keys: 6, Reread: reread, Seed: 9})
	if err != nil {
		t.Fatal(err)
	}
	// A new network leaves features aside.
	w := n.Weights()
	for name, tensor := range w {
		if strings.HasPrefix(name, "features") || strings.HasPrefix(name, "reread") || strings.HasSuffix(name, ".bias") || name == "unknown" {
			for i := range tensor.Data {
				tensor.Data[i] = float32(rng.NormFloat64())
			}
		}
	}
	w["known"].Data[7] = 0
	w["function_words"].Data[1+slices.Index(words, "的")] = 1
	// Of a third of all collocations that there can be.
	rows := model.Tensor{}
	draw := rand.New(rand.NewPCG(12, uint64(layers)))
	letters := w["characters"].Shape[0]
	for counting := range 18 { // six of words, six of a word and a character, six of characters
		words, candidates := v.Len(), v.Len()
		if counting >= 6 {
			candidates = letters
		}
		if counting >= 12 {
			words = letters
		}
		for word := 1; word < words; word++ {
			for candidate := 1; candidate < candidates; candidate++ {
				if draw.IntN(3) == 0 {
					rows.Data = append(rows.Data, float32(counting), float32(word), float32(candidate), float32(2+draw.IntN(9)))
				}
			}
		}
	}
	rows.Shape = []int{len(rows.Data) / 4, 4}
	w["collocations"] = rows
	if err := n.SetWeights(w); err != nil {
		t.Fatal(err)
	}
	var examples []model.Example
	for i, lengths := range [][2]int{{3, 4}, {0, 16}, {19, 0}, {1, 1}, {55, 72}, {20, 9}, {40, 41}} {
		e := model.Example{ID: fmt.Sprint(i), Unknown: []string{"白胡花", "甲"}}
		draw := func(n int) (ids []int32) {
			for range n {
				id := 1 + int32(rng.IntN(20)) // and 19 and 20 of the rarer ones
				switch rng.IntN(6) {
				case 0:
					id = int32(v.Len() + rng.IntN(2)) // unknown
				case 1, 2:
					id = int32(v.Len() - 1 - 9*rng.IntN(6))
				}
				ids = append(ids, id)
			}
			return ids
		}
		e.Left, e.Right = draw(lengths[0]), draw(lengths[1])
		examples = append(examples, e)
	}
	return n, v, examples
}

// feeds are a question's inputs by their names.
func feeds(in reader.Inputs) evaluator {
	table := func(data []int32, shape ...int) array {
		a := array{shape: shape}
		for _, v := range data {
			a.data = append(a.data, float64(v))
		}
		return a
	}
	time, candidates := len(in.Words), len(in.Kinds)
	return evaluator{
		"words": table(in.Words, time), "characters": table(in.Characters, time, in.Width), "letters": table(in.Letters, time),
		"blank": table([]int32{int32(in.Blank)}, 1), "states": table(in.States, candidates, reader.StatesWidth),
		"kinds": table(in.Kinds, candidates), "features": table(in.Features, candidates, len(in.Features)/candidates), "same": table(in.Same, candidates),
	}
}

// The graph that is written computes the network's probabilities.
func TestReaderGraph(t *testing.T) {
	for _, size := range [][2]int{{1, 5}, {2, 0}, {2, 5}, {3, 0}} {
		layers := size[0]
		n, _, examples := toyReader(t, layers, size[1])
		m := written(t, func(w io.Writer, info Info) error { return WriteReader(w, n, info) })
		want, err := n.Probabilities(examples)
		if err != nil {
			t.Fatal(err)
		}
		asked, kinds := 0, map[int32]bool{}
		for i, e := range examples {
			in := n.Inputs(e)
			if len(in.Kinds) == 0 {
				continue // nothing to compute
			}
			asked++
			v := feeds(in)
			v.run(t, m.Graph)
			if got := v["scores"].shape; !slices.Equal(got, []int{len(in.Kinds)}) {
				t.Fatalf("scores have shape %v", got)
			}
			got := make([]float64, len(in.Words))
			for j, p := range v["probabilities"].data {
				got[in.States[j*reader.StatesWidth]] = p
				kinds[in.Kinds[j]] = true
			}
			got = slices.Delete(got, in.Blank, in.Blank+1)
			pool(append(slices.Clone(e.Left), e.Right...), got)
			for j, p := range want[i] {
				if math.Abs(got[j]-p) > 1e-5 {
					t.Errorf("%d layers, question %d, word %d: the graph gives %g, the network %g", layers, i, j, got[j], p)
				}
			}
		}
		if names, _ := reader.KindNames(); asked < 4 || len(kinds) != len(names) {
			t.Errorf("%d questions with keys of kinds %v", asked, kinds)
		}
	}
}

// pool makes words' probabilities of those of their places, as the program does: they
// go as the root of the sum of squares.
func pool(words []int32, positions []float64) {
	squares, total := map[int32]float64{}, 0.0
	for i, p := range positions {
		squares[words[i]] += p * p
	}
	for _, s := range squares {
		total += math.Sqrt(s)
	}
	for i, p := range positions {
		if p > 0 {
			positions[i] = p * p / math.Sqrt(squares[words[i]]) / total
		}
	}
}

// The example in JavaScript makes the same inputs of words.
func TestReaderInputs(t *testing.T) {
	if out, err := exec.Command("node", "--version").CombinedOutput(); err != nil {
		t.Skipf("no Node.js (%v: %.80s)", err, out)
	}
	n, v, examples := toyReader(t, 1, 5)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "lexicon.json"), func(b *bytes.Buffer) error { return json.NewEncoder(b).Encode(n.Description()) })
	write(t, filepath.Join(dir, "vocab.tsv"), func(b *bytes.Buffer) error { _, err := v.WriteTo(b); return err })
	script, err := filepath.Abs(filepath.Join("..", "..", "docs", "interop", "answer_reader.js"))
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-e", `
const { Lexicon, question } = require(process.argv[1]);
const lexicon = new Lexicon(process.argv[2]);
console.log(JSON.stringify(process.argv.slice(3).map((passage) =>
  Object.fromEntries(Object.entries(question(lexicon, passage).inputs().tensors).map(([name, [data]]) => [name, data])))));
const pooled = question(lexicon, "灯 走 XXXXX 灯 灯").pool([0, 1, 3, 4], [0.2, 0.3, 0.3, 0.2]);
console.error(pooled.map((p) => p.toFixed(9)).join(" "));
`, script, dir}
	for _, e := range examples {
		words := func(ids []int32) (all []string) {
			for _, id := range ids {
				all = append(all, e.Word(id, v))
			}
			return all
		}
		args = append(args, strings.Join(slices.Concat(words(e.Left), []string{"XXXXX"}, words(e.Right)), " "))
	}
	if _, err := os.ReadFile(script); err != nil { // so that a change of it runs the test again
		t.Fatal(err)
	}
	var pooled bytes.Buffer
	node := exec.Command("node", args...)
	node.Stderr = &pooled
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, pooled.String())
	}
	probabilities := []float64{0.2, 0.3, 0.3, 0.2}
	pool([]int32{1, 2, 1, 1}, probabilities)
	if got, want := strings.TrimSpace(pooled.String()), strings.Trim(fmt.Sprintf("%.9f", probabilities), "[]"); got != want {
		t.Errorf("pooled: %s, expected %s", got, want)
	}
	var got []map[string][]int32
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, e := range examples {
		in := n.Inputs(e)
		for name, want := range map[string][]int32{
			"words": in.Words, "characters": in.Characters, "letters": in.Letters, "blank": {int32(in.Blank)},
			"states": in.States, "kinds": in.Kinds, "features": in.Features, "same": in.Same,
		} {
			if !slices.Equal(got[i][name], want) {
				t.Errorf("question %s, %s:\n%v\nexpected\n%v", e.ID, name, got[i][name], want)
			}
		}
	}
}

// The checker of python3-onnx finds nothing to complain about.
func TestReaderONNXChecker(t *testing.T) {
	interpreter := python.With(t, "onnx")
	n, _, _ := toyReader(t, 2, 5)
	file := filepath.Join(t.TempDir(), "model.onnx")
	write(t, file, func(b *bytes.Buffer) error { return WriteReader(b, n, Info{Producer: "test"}) })
	out, err := exec.Command(interpreter, "-c", `
import sys, onnx
m = onnx.load(sys.argv[1])
onnx.checker.check_model(m, full_check=True)
inferred = onnx.shape_inference.infer_shapes(m, strict_mode=True)
print([o.name for o in inferred.graph.output], m.opset_import[0].version)
`, file).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "['scores', 'probabilities'] 17") {
		t.Errorf("%v\n%s", err, out)
	}
}

package model

import (
	"bytes"
	"encoding/binary"
	"iter"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nlpodyssey/safetensors"
)

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func sequence(all []Example) iter.Seq2[Example, error] {
	return func(yield func(Example, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func exampleFile(t testing.TB) ([]byte, []Example) {
	t.Helper()
	all := []Example{
		{ID: "qid_0", Left: []int32{1, 2, 3}, Right: []int32{2}, Answer: 2},
		{ID: "qid_1", Right: []int32{10, 11}, Answer: 11, Unknown: []string{"甲", "乙"}},
		{ID: "", Left: []int32{9}, Answer: 0},
	}
	var b bytes.Buffer
	n, err := WriteExamples(&b, ExampleHeader{Vocabulary: 10, Batch: 160}, sequence(all))
	if err != nil || n != len(all) {
		t.Fatal(n, err)
	}
	return b.Bytes(), all
}

func TestExampleFile(t *testing.T) {
	raw, want := exampleFile(t)
	h, got, err := ReadExamples(bytes.NewReader(raw), "x")
	if err != nil {
		t.Fatal(err)
	}
	if h != (ExampleHeader{Vocabulary: 10, Batch: 160}) || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v %+v", h, got)
	}
	for i := range raw {
		if _, _, err := ReadExamples(bytes.NewReader(raw[:i]), "x"); err == nil || !strings.HasPrefix(err.Error(), "x: ") {
			t.Fatalf("cut off at %d: %v", i, err)
		}
		bad := bytes.Clone(raw)
		bad[i] ^= 0x10
		if _, _, err := ReadExamples(bytes.NewReader(bad), "x"); err == nil {
			t.Fatalf("byte %d altered: no error", i)
		}
	}
}

func FuzzReadExamples(f *testing.F) {
	raw, _ := exampleFile(f)
	f.Add(raw)
	f.Add(raw[:40])
	f.Fuzz(func(t *testing.T, b []byte) {
		h, all, err := ReadExamples(bytes.NewReader(b), "x")
		if err != nil {
			return
		}
		var again bytes.Buffer
		if _, err := WriteExamples(&again, h, sequence(all)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ReadExamples(&again, "x"); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWeightsFile(t *testing.T) {
	n, _, _ := toyNetwork(t, NetworkOptions{Units: 5, Seed: 1})
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := WriteWeights(w, n.Weights(), map[string]string{"k": "v", "a": "b"}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same weights give different bytes")
	}
	got, metadata, err := ReadWeights(bytes.NewReader(a.Bytes()), "w")
	if err != nil {
		t.Fatal(err)
	}
	if metadata["k"] != "v" || !sameWeights(got, n.Weights()) {
		t.Error("weights read differ from those written")
	}
	other, _, _ := toyNetwork(t, NetworkOptions{Units: 5, Seed: 2})
	if err := other.SetWeights(got); err != nil {
		t.Fatal(err)
	}
	if !sameWeights(other.Weights(), n.Weights()) {
		t.Error("weights set differ")
	}
	// The constant vectors may stand beside them; row 0 is not read.
	vectors := Tensor{Shape: []int{other.vocab, other.dim}, Data: slices.Clone(other.vectors)}
	vectors.Data[0] = 99
	got["vectors"] = vectors
	if err := other.SetWeights(got); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(Weights){
		"lack \"lstm.3": func(w Weights) { delete(w, "lstm.3.weight_hh_l0") },
		"has shape":     func(w Weights) { w["unk"] = Tensor{Shape: []int{1, 3}, Data: make([]float32, 3)} },
		"other word": func(w Weights) {
			data := slices.Clone(other.vectors)
			data[len(data)-1]++
			w["vectors"] = Tensor{Shape: []int{other.vocab, other.dim}, Data: data}
		},
		"\"vectors\" has": func(w Weights) { w["vectors"] = Tensor{Shape: []int{1, 1}, Data: []float32{1}} },
		"not have":        func(w Weights) { w["lstm.9.bias_ih_l0"] = Tensor{Shape: []int{1}, Data: []float32{1}} },
	} {
		w := n.Weights()
		change(w)
		if err := other.SetWeights(w); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("expected an error with %q, got %v", name, err)
		}
	}
}

func TestExampleTensors(t *testing.T) {
	examples := []Example{
		{ID: "a", Left: []int32{1, 2}, Right: []int32{12}, Answer: 2, Unknown: []string{"x", "y", "z"}},
		{ID: "b", Right: []int32{3, 4, 5}},
	}
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := WriteExampleTensors(w, ExampleHeader{Vocabulary: 10, Batch: 7}, examples); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same examples give different bytes")
	}
	st, err := safetensors.Deserialize(a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	_, metadata, err := safetensors.ReadMetadata(a.Bytes())
	if err != nil || metadata.Metadata()["vocabulary"] != "10" || metadata.Metadata()["batch"] != "7" {
		t.Errorf("%v %v", metadata, err)
	}
	want := map[string][]int32{"words": {1, 2, 12, 3, 4, 5}, "lengths": {2, 1, 0, 3}, "answers": {2, 0}}
	for _, tensor := range st.Tensors() {
		view := tensor.TensorView
		var got []int32
		for i := 0; i < len(view.Data()); i += 4 {
			got = append(got, int32(binary.LittleEndian.Uint32(view.Data()[i:])))
		}
		if view.DType() != safetensors.I32 || !slices.Equal(got, want[tensor.Name]) {
			t.Errorf("%s: %v %v, expected %v", tensor.Name, view.DType(), got, want[tensor.Name])
		}
		delete(want, tensor.Name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	for message, c := range map[string]struct {
		h        ExampleHeader
		examples []Example
	}{
		"no examples":       {ExampleHeader{10, 7}, nil},
		"impossible header": {ExampleHeader{0, 7}, examples},
		"found word id 12":  {ExampleHeader{9, 7}, examples},
	} {
		if err := WriteExampleTensors(&a, c.h, c.examples); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("expected an error with %q, got %v", message, err)
		}
	}
}

func FuzzReadWeights(f *testing.F) {
	var b bytes.Buffer
	if err := WriteWeights(&b, Weights{"unk": {Shape: []int{1, 2}, Data: []float32{1, 2}}}, map[string]string{"a": "b"}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:30])
	f.Fuzz(func(t *testing.T, raw []byte) {
		w, _, err := ReadWeights(bytes.NewReader(raw), "w")
		if err != nil {
			return
		}
		for name, tensor := range w {
			n := 1
			for _, s := range tensor.Shape {
				n *= s
			}
			if n != len(tensor.Data) {
				t.Fatalf("%s: shape %v with %d numbers", name, tensor.Shape, len(tensor.Data))
			}
		}
	})
}

func TestEvaluate(t *testing.T) {
	answers := []Labeled{{"qid_0", "狐狸", "a", 1}, {"qid_2", "兔子", "a", 2}, {"qid_3", "桥", "a", 3}, {"qid_4", "门", "a", 4}}
	got, err := Evaluate([]Labeled{{"qid_3", " 桥 ", "p", 1}, {"qid_0", "狐狸", "p", 2}, {"qid_2", "", "p", 3}}, answers)
	if err != nil || got != (Evaluation{Questions: 4, Correct: 2, Accuracy: 0.5}) {
		t.Errorf("%+v %v", got, err)
	}
	for want, c := range map[string][2][]Labeled{
		"p:2: ":      {{{"qid_0", "x", "p", 1}, {"qid_0", "y", "p", 2}}, answers},
		"p:1: ":      {{{"qid_9", "x", "p", 1}}, answers},
		"a:4: ":      {nil, {{"qid_0", "x", "a", 1}, {"qid_0", "y", "a", 4}}},
		"no answers": {nil, nil},
	} {
		if _, err := Evaluate(c[0], c[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("expected an error with %q, got %v", want, err)
		}
	}
}

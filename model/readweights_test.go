package model

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// safetensorsOf is a file with a header and numbers.
func safetensorsOf(header string, numbers ...float32) []byte {
	raw := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return appendFloats(append(raw, header...), numbers)
}

// readers are ways to read the same bytes, with the length known and without.
func readers(t *testing.T, raw []byte) map[string]io.Reader {
	t.Helper()
	path := filepath.Join(t.TempDir(), "weights")
	writeFile(t, path, raw)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return map[string]io.Reader{"bytes": bytes.NewReader(raw), "file": f, "stream": bufio.NewReader(bytes.NewReader(raw))}
}

func TestReadWeights(t *testing.T) {
	want := Weights{
		"a": {Shape: []int{2, 40000}, Data: make([]float32, 80000)}, "b": {Shape: []int{0, 4}, Data: []float32{}},
		"c": {Shape: []int{0}, Data: []float32{}}, "d": {Shape: []int{1}, Data: []float32{-3}},
	}
	for i := range want["a"].Data {
		want["a"].Data[i] = float32(i)
	}
	var b bytes.Buffer
	if err := WriteWeights(&b, want, map[string]string{"k": "v"}); err != nil {
		t.Fatal(err)
	}
	for name, r := range readers(t, b.Bytes()) {
		if got, metadata, err := ReadWeights(r, "w"); err != nil || !sameWeights(got, want) || metadata["k"] != "v" {
			t.Errorf("%s: read %d tensors and %v, %v", name, len(got), metadata, err)
		}
	}
	const good = `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`
	for _, c := range []struct {
		raw  []byte
		want string
	}{
		{safetensorsOf(good, 1, 2, 3), ""},
		{safetensorsOf(good, 1, 2), "cut off"},
		{safetensorsOf(good, 1, 2, 3)[:len(good)+13], "cut off"},
		{safetensorsOf(good)[:60], "cut off"},
		{safetensorsOf(good)[:5], "cut off"},
		{nil, "cut off"},
		{safetensorsOf(good, 1, 2, 3, 4), "not a safetensors file"},
		{safetensorsOf(good+"}", 1, 2, 3), "not a safetensors file"},
		{binary.LittleEndian.AppendUint64(nil, math.MaxUint64), "not a safetensors file"},
		{safetensorsOf(good, 1, float32(math.NaN()), 3), `"a" holds NaN at 1`},
		{safetensorsOf(good, 1, 2, float32(math.Inf(-1))), `"b" holds -Inf at 0`},
		{safetensorsOf(strings.Replace(good, "F32", "F16", 1), 1, 2, 3), `"a" is of type F16, expected F32`},
		{safetensorsOf(strings.Replace(good, `"a"`, `" "`, 1), 1, 2, 3), "no name"},
		{safetensorsOf(strings.Replace(good, "[2]", "[3]", 1), 1, 2, 3), `found "a" of shape [3]`},
		{safetensorsOf(strings.Replace(good, "[0,8]", "[0,7]", 1), 1, 2, 3), `found "a"`},
		{safetensorsOf(strings.Replace(good, "[8,12]", "[4,8]", 1), 1, 2, 3), `found "b"`},
		{safetensorsOf(strings.Replace(good, "[8,12]", "[12,16]", 1), 1, 2, 3, 4), `found "b"`},
		{safetensorsOf(strings.Replace(good, "[8,12]", "[12,8]", 1), 1, 2, 3), `found "b"`},
		{safetensorsOf(strings.Replace(good, "[2]", "[9223372036854775808,2]", 1), 1, 2, 3), `found "a"`},
	} {
		for name, r := range readers(t, c.raw) {
			_, _, err := ReadWeights(r, "w")
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "w: ")) {
				t.Errorf("%.150q by %s: expected an error with %q, got %v", c.raw, name, c.want, err)
			}
		}
	}
}

// zeros are bytes without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestReadWeightsOfAnySize: a checkpoint of a large network has more than a GiB, which is
// no reason to refuse it. The number that this one is refused for stands first.
func TestReadWeightsOfAnySize(t *testing.T) {
	const numbers = 3 << 28
	header := fmt.Sprintf(`{"large":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}`, numbers, 4*numbers)
	raw := safetensorsOf(header, float32(math.Inf(1)))
	in := io.MultiReader(bytes.NewReader(raw), io.LimitReader(zeros{}, 4*(numbers-1)))
	if _, _, err := ReadWeights(in, "w"); err == nil || !strings.Contains(err.Error(), `"large" holds +Inf at 0`) {
		t.Errorf("a file of %d bytes: %v", len(raw)+4*(numbers-1), err)
	}
}

// TestReadingWeightsTakesLittleMemory: no more than the numbers, whatever a header claims.
func TestReadingWeightsTakesLittleMemory(t *testing.T) {
	const tensors, numbers = 20, 1 << 16
	w := Weights{}
	for i := range tensors {
		w[string(rune('a'+i))] = Tensor{Shape: []int{numbers}, Data: make([]float32, numbers)}
	}
	var b bytes.Buffer
	if err := WriteWeights(&b, w, nil); err != nil {
		t.Fatal(err)
	}
	lie := safetensorsOf(`{"large":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}`, 1, 2, 3)
	for what, raw := range map[string][]byte{"weights": b.Bytes(), "a lie": lie, "half a header": binary.LittleEndian.AppendUint64(nil, 99_000_000)} {
		for name, r := range readers(t, raw) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := ReadWeights(r, "w")
			runtime.ReadMemStats(&after)
			if whole := what == "weights"; whole != (err == nil) {
				t.Errorf("%s by %s: %v", what, name, err)
			}
			if took, has := after.TotalAlloc-before.TotalAlloc, uint64(len(raw)); took > has+has/8+1<<19 {
				t.Errorf("%s by %s: %d bytes were allocated for %d", what, name, took, has)
			}
		}
	}
}

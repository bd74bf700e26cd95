package model

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func oneExample(e Example) func(yield func(Example, error) bool) {
	return func(yield func(Example, error) bool) { yield(e, nil) }
}

// What cannot be read back is never written.
func TestExamplesWritableAreReadable(t *testing.T) {
	length := rapid.SampledFrom([]int{0, 1, 5, maxText - 1, maxText, maxText + 1})
	id := rapid.Int32Range(-1, 6)
	rapid.Check(t, func(r *rapid.T) {
		e := Example{
			ID:   strings.Repeat("x", length.Draw(r, "id")),
			Left: rapid.SliceOfN(id, 0, 3).Draw(r, "left"), Right: rapid.SliceOfN(id, 0, 3).Draw(r, "right"),
			Answer: id.Draw(r, "answer"),
		}
		for range rapid.IntRange(0, 2).Draw(r, "unknown") {
			e.Unknown = append(e.Unknown, strings.Repeat("y", length.Draw(r, "word")))
		}
		h := ExampleHeader{Vocabulary: rapid.IntRange(0, 5).Draw(r, "vocabulary"), Batch: rapid.SampledFrom([]int{0, 1, maxBatch, maxBatch + 1}).Draw(r, "batch")}
		var b bytes.Buffer
		if _, err := WriteExamples(&b, h, oneExample(e)); err != nil {
			return
		}
		got, all, err := ReadExamples(&b, "f")
		if err != nil || got != h || len(all) != 1 || fmt.Sprint(all[0]) != fmt.Sprint(e) {
			r.Fatalf("written, and read back as %v %v", all, err)
		}
	})
}

func TestExampleLimits(t *testing.T) {
	h := ExampleHeader{Vocabulary: 5, Batch: 1}
	long := make([]int32, maxContext+1)
	for i := range long {
		long[i] = 1
	}
	for want, e := range map[string]Example{
		"context of 1048577 words":     {ID: "a", Left: long},
		"an id of 65537 bytes":         {ID: strings.Repeat("a", maxText+1), Left: []int32{1}},
		"unknown word of 65537 bytes":  {ID: "a", Left: []int32{1}, Unknown: []string{strings.Repeat("a", maxText+1)}},
		"found word id 5":              {ID: "a", Left: []int32{5}},
		"found answer id -1":           {ID: "a", Left: []int32{1}, Answer: -1},
		"found an example without wor": {ID: "a"},
	} {
		if _, err := WriteExamples(io.Discard, h, oneExample(e)); err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 300 {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	var b bytes.Buffer
	if _, err := WriteExamples(&b, h, oneExample(Example{ID: "a", Left: long[1:], Right: long[1:]})); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadExamples(&b, "f"); err != nil {
		t.Error(err)
	}
}

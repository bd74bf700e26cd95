package model

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/nlpodyssey/safetensors"
)

// WriteExampleTensors writes examples as safetensors, for programs in other
// languages. All tensors are I32, N the number of examples:
//
//	words    [W]     ids of all contexts: an example's left words, its right ones, then the next example's
//	lengths  [N, 2]  words left and right of the blank
//	answers  [N]     id of the answer, 0 where it is no word of the passage
//
// Ids are those of [Example]: from the vocabulary's length on they are words of
// that passage alone. The metadata tell "vocabulary", its length, and "batch", the
// examples in a batch.
func WriteExampleTensors(w io.Writer, h ExampleHeader, examples []Example) error {
	if len(examples) == 0 {
		return errors.New("model: no examples to write")
	}
	if !h.possible() {
		return fmt.Errorf("model: impossible header: vocabulary %d, batch %d", h.Vocabulary, h.Batch)
	}
	words := 0
	for _, e := range examples {
		if err := e.writable(h); err != nil {
			return fmt.Errorf("model: example %.100q cannot be written: %w", e.ID, err)
		}
		words += e.Words()
	}
	all, lengths, answers := make([]byte, 0, 4*words), make([]byte, 0, 8*len(examples)), make([]byte, 0, 4*len(examples))
	for _, e := range examples {
		for _, side := range [][]int32{e.Left, e.Right} {
			for _, id := range side {
				all = binary.LittleEndian.AppendUint32(all, uint32(id))
			}
			lengths = binary.LittleEndian.AppendUint32(lengths, uint32(len(side)))
		}
		answers = binary.LittleEndian.AppendUint32(answers, uint32(e.Answer))
	}
	n := uint64(len(examples))
	views := map[string]safetensors.TensorView{}
	for _, t := range []struct {
		name  string
		shape []uint64
		data  []byte
	}{{"words", []uint64{uint64(words)}, all}, {"lengths", []uint64{n, 2}, lengths}, {"answers", []uint64{n}, answers}} {
		view, err := safetensors.NewTensorView(safetensors.I32, t.shape, t.data)
		if err != nil {
			return fmt.Errorf("model: %s: %w", t.name, err)
		}
		views[t.name] = view
	}
	metadata := map[string]string{"vocabulary": strconv.Itoa(h.Vocabulary), "batch": strconv.Itoa(h.Batch)}
	if err := safetensors.SerializeToWriter(views, metadata, w); err != nil {
		return fmt.Errorf("model: writing examples: %w", err)
	}
	return nil
}

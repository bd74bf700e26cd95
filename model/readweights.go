package model

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"
)

// ReadWeights reads safetensors of single precision; name is for errors.
// Infinite and NaN weights are refused. However much is written is read, for a
// checkpoint holds what is learned several times; but a file that claims more
// than it has takes no more memory than what it has. Of a reader that is a file,
// or tells its length as [bytes.Reader] does, each tensor is read into its place
// at once; of others it grows while it is read.
func ReadWeights(r io.Reader, name string) (Weights, map[string]string, error) {
	has := left(r)
	header, err := readHeader(r)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: not a safetensors file, or cut off: %w", name, err)
	}
	claims, err := header.check()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	if has >= 0 && has != claims {
		return nil, nil, fmt.Errorf("%s: not a safetensors file, or cut off: its tensors end at byte %d, the file at %d", name, claims, has)
	}
	weights, raw := Weights{}, make([]byte, 1<<16)
	for _, t := range header.tensors {
		if weights[t.name], err = t.read(r, has >= 0, raw); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	switch n, err := io.ReadFull(r, raw[:1]); {
	case n > 0:
		return nil, nil, fmt.Errorf("%s: not a safetensors file: there are more bytes behind its last tensor, at %d", name, claims)
	case err != io.EOF:
		return nil, nil, fmt.Errorf("%s: reading weights: %w", name, err)
	}
	return weights, header.metadata, nil
}

// left is how many bytes a reader still has, -1 where that shows only when they are read.
func left(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case *os.File:
		info, err := r.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return -1
		}
		if at, err := r.Seek(0, io.SeekCurrent); err == nil {
			return info.Size() - at
		}
	}
	return -1
}

// mostHeader is the largest header that the format allows.
const mostHeader = 100_000_000

// A header is what stands before the numbers of a safetensors file.
type header struct {
	metadata map[string]string
	tensors  []placed // in the order in which they follow
	size     int      // in bytes, with its length before it
}

// A placed tensor is one whose numbers are still to be read.
type placed struct {
	name string
	safetensors.TensorInfo
}

func readHeader(r io.Reader) (h header, err error) {
	var length [8]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return h, fmt.Errorf("reading the length of its header: %w", err)
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > mostHeader {
		return h, fmt.Errorf("found a header of %d bytes, expected at most %d", n, mostHeader)
	}
	text, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && uint64(len(text)) < n {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return h, fmt.Errorf("reading its header of %d bytes: %w", n, err)
	}
	var found safetensors.Metadata
	if err := json.Unmarshal(text, &found); err != nil {
		return h, fmt.Errorf("reading its header: %w", err)
	}
	h.metadata, h.size = found.Metadata(), len(length)+len(text)
	for name, info := range found.Tensors() {
		h.tensors = append(h.tensors, placed{name, *info})
	}
	slices.SortFunc(h.tensors, func(a, b placed) int {
		return cmp.Or(slices.Compare(a.DataOffsets[:], b.DataOffsets[:]), strings.Compare(a.name, b.name))
	})
	return h, nil
}

// check gives the size of the whole file, and reports tensors that are not of single
// precision, do not fill their shape or do not follow each other without a gap.
func (h header) check() (size int64, err error) {
	at := uint64(0)
	for _, t := range h.tensors {
		if strings.TrimSpace(t.name) == "" {
			return 0, errors.New("a tensor has no name")
		}
		if t.DType != safetensors.F32 {
			return 0, fmt.Errorf("%q is of type %v, expected F32", t.name, t.DType)
		}
		from, to := t.DataOffsets[0], t.DataOffsets[1]
		count, ok := product(t.Shape)
		if !ok || from != at || to < from || (to-from)%4 != 0 || (to-from)/4 != count || to > math.MaxInt-mostHeader-8 {
			return 0, fmt.Errorf("found %q of shape %v at the bytes %d to %d of the numbers, expected it at %d, with four bytes for each of its own", t.name, t.Shape, from, to, at)
		}
		at = to
	}
	return int64(h.size) + int64(at), nil
}

// read reads the tensor's numbers, by way of raw. Where the file is known to have them
// there is room for all at once.
func (t placed) read(r io.Reader, known bool, raw []byte) (Tensor, error) {
	count := int((t.DataOffsets[1] - t.DataOffsets[0]) / 4)
	room := count
	if !known {
		room = min(count, len(raw))
	}
	tensor := Tensor{Data: make([]float32, 0, room)}
	for _, size := range t.Shape {
		tensor.Shape = append(tensor.Shape, int(size))
	}
	for len(tensor.Data) < count {
		part := raw[:min(len(raw), 4*(count-len(tensor.Data)))]
		if _, err := io.ReadFull(r, part); err != nil {
			return Tensor{}, fmt.Errorf("reading %q, which is cut off or damaged, after %d of %d numbers: %w", t.name, len(tensor.Data), count, err)
		}
		for ; len(part) > 0; part = part[4:] {
			v := math.Float32frombits(binary.LittleEndian.Uint32(part))
			if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
				return Tensor{}, fmt.Errorf("%q holds %v at %d; the weights are damaged", t.name, v, len(tensor.Data))
			}
			tensor.Data = append(tensor.Data, v)
		}
	}
	return tensor, nil
}

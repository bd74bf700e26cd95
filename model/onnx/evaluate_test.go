package onnx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"wakong/model"
	"wakong/model/onnx/internal/schema"
)

// array is a value of the graph, whole numbers too in double precision.
type array struct {
	shape []int
	data  []float64
}

func (a array) strides() []int {
	s := make([]int, len(a.shape))
	for i, n := len(s)-1, 1; i >= 0; i-- {
		s[i], n = n, n*a.shape[i]
	}
	return s
}

// An evaluator computes a graph in double precision, each operator as
// https://onnx.ai/onnx/operators has it, as far as this package writes it: what is
// written here is not taken from the network.
type evaluator map[string]array

func (v evaluator) run(t *testing.T, g *schema.GraphProto) {
	t.Helper()
	for _, c := range g.Initializer {
		a := array{}
		for _, d := range c.Dims {
			a.shape = append(a.shape, int(d))
		}
		switch c.DataType {
		case typeFloat:
			for i := 0; i < len(c.RawData); i += 4 {
				a.data = append(a.data, float64(math.Float32frombits(binary.LittleEndian.Uint32(c.RawData[i:]))))
			}
		case typeInt32:
			for i := 0; i < len(c.RawData); i += 4 {
				a.data = append(a.data, float64(int32(binary.LittleEndian.Uint32(c.RawData[i:]))))
			}
		case typeInt64:
			for i := 0; i < len(c.RawData); i += 8 {
				a.data = append(a.data, float64(int64(binary.LittleEndian.Uint64(c.RawData[i:]))))
			}
		}
		v[c.Name] = a
	}
	for _, n := range g.Node {
		var in []array
		for _, name := range n.Input {
			a, ok := v[name]
			if !ok {
				t.Fatalf("%s reads %q, which nothing has computed", n.Name, name)
			}
			in = append(in, a)
		}
		for i, out := range operate(t, n, in) {
			v[n.Output[i]] = out
		}
	}
}

func attribute(n *schema.NodeProto, name string) *schema.AttributeProto {
	for _, a := range n.Attribute {
		if a.Name == name {
			return a
		}
	}
	return &schema.AttributeProto{}
}

func operate(t *testing.T, n *schema.NodeProto, in []array) []array {
	t.Helper()
	switch n.OpType {
	case "Gather": // axis 0, or 1 for one column
		if attribute(n, "axis").I == 1 {
			out, width := array{shape: in[0].shape[:1]}, in[0].shape[1]
			for r := range out.shape[0] {
				out.data = append(out.data, in[0].data[r*width+int(in[1].data[0])])
			}
			return []array{out}
		}
		row := len(in[0].data) / in[0].shape[0]
		out := array{shape: append(slices.Clone(in[1].shape), in[0].shape[1:]...)}
		for _, i := range in[1].data {
			out.data = append(out.data, in[0].data[int(i)*row:][:row]...)
		}
		return []array{out}
	case "Transpose":
		return []array{transpose(in[0], attribute(n, "perm").Ints)}
	case "Reshape":
		return []array{reshape(in[0], in[1].data)}
	case "Unsqueeze":
		return []array{{slices.Insert(slices.Clone(in[0].shape), int(in[1].data[0]), 1), in[0].data}}
	case "Squeeze":
		shape := slices.Clone(in[0].shape)
		for _, axis := range slices.Backward(in[1].data) {
			if shape[int(axis)] != 1 {
				t.Fatalf("%s squeezes an axis of %d", n.Name, shape[int(axis)])
			}
			shape = slices.Delete(shape, int(axis), int(axis)+1)
		}
		return []array{{shape, in[0].data}}
	case "Shape":
		out := array{shape: []int{len(in[0].shape)}}
		for _, d := range in[0].shape {
			out.data = append(out.data, float64(d))
		}
		return []array{out}
	case "Range":
		out := array{}
		for x := in[0].data[0]; x < in[1].data[0]; x += in[2].data[0] {
			out.data = append(out.data, x)
		}
		out.shape = []int{len(out.data)}
		return []array{out}
	case "Cast":
		return in
	case "Add", "Sub", "Mul", "Div", "Less", "Equal":
		return []array{broadcast(in, func(x []float64) float64 {
			switch n.OpType {
			case "Add":
				return x[0] + x[1]
			case "Sub":
				return x[0] - x[1]
			case "Div":
				return x[0] / x[1]
			case "Mul":
				return x[0] * x[1]
			}
			if x[0] < x[1] && n.OpType == "Less" || x[0] == x[1] && n.OpType == "Equal" {
				return 1
			}
			return 0
		})}
	case "Where":
		return []array{broadcast(in, func(x []float64) float64 {
			if x[0] != 0 {
				return x[1]
			}
			return x[2]
		})}
	case "MatMul": // [b, m, k] and [b, k, n]
		b, m, k, w := in[0].shape[0], in[0].shape[1], in[0].shape[2], in[1].shape[2]
		out := array{[]int{b, m, w}, make([]float64, b*m*w)}
		for i := range b * m * w {
			at, row, column := i/(m*w), i/w, i%w
			for j := range k {
				out.data[i] += in[0].data[row*k+j] * in[1].data[(at*k+j)*w+column]
			}
		}
		return []array{out}
	case "Gemm": // the second one transposed
		rows, k, w := in[0].shape[0], in[0].shape[1], in[1].shape[0]
		if attribute(n, "transB").I != 1 || in[1].shape[1] != k {
			t.Fatalf("%s multiplies %v and %v", n.Name, in[0].shape, in[1].shape)
		}
		out := array{[]int{rows, w}, make([]float64, rows*w)}
		for i := range out.data {
			for j := range k {
				out.data[i] += in[0].data[i/w*k+j] * in[1].data[i%w*k+j]
			}
			if len(in) > 2 {
				out.data[i] += in[2].data[i%w]
			}
		}
		return []array{out}
	case "Relu":
		out := array{in[0].shape, slices.Clone(in[0].data)}
		for i, v := range out.data {
			out.data[i] = max(v, 0)
		}
		return []array{out}
	case "ReduceSum": // axis 1
		rows, k := in[0].shape[0], in[0].shape[1]
		inner := len(in[0].data) / max(1, rows*k)
		out := array{slices.Delete(slices.Clone(in[0].shape), 1, 2), make([]float64, rows*inner)}
		for i, v := range in[0].data {
			out.data[i/(k*inner)*inner+i%inner] += v
		}
		return []array{out}
	case "ReduceMax": // axis 1 of matrices
		out := array{shape: in[0].shape[:1]}
		for r := range in[0].shape[0] {
			out.data = append(out.data, slices.Max(in[0].data[r*in[0].shape[1]:][:in[0].shape[1]]))
		}
		return []array{out}
	case "GatherElements": // axis 1 of matrices
		out := array{in[1].shape, nil}
		for i, at := range in[1].data {
			out.data = append(out.data, in[0].data[i/in[1].shape[1]*in[0].shape[1]+int(at)])
		}
		return []array{out}
	case "Concat": // matrices
		if attribute(n, "axis").I == 0 {
			out := array{shape: []int{0, in[0].shape[1]}}
			for _, a := range in {
				out.shape[0] += a.shape[0]
				out.data = append(out.data, a.data...)
			}
			return []array{out}
		}
		out := array{shape: []int{in[0].shape[0], 0}}
		for _, a := range in {
			out.shape[1] += a.shape[1]
		}
		for r := range in[0].shape[0] {
			for _, a := range in {
				out.data = append(out.data, a.data[r*a.shape[1]:][:a.shape[1]]...)
			}
		}
		return []array{out}
	case "Softmax": // the last axis
		out := array{in[0].shape, slices.Clone(in[0].data)}
		width := out.shape[len(out.shape)-1]
		for r := range len(out.data) / width {
			row := out.data[r*width:][:width]
			top, sum := slices.Max(row), 0.0
			for i := range row {
				row[i] = math.Exp(row[i] - top)
				sum += row[i]
			}
			for i := range row {
				row[i] /= sum
			}
		}
		return []array{out}
	case "LSTM":
		return recurrent(n, in)
	}
	t.Fatalf("%s: this test knows no operator %s", n.Name, n.OpType)
	return nil
}

func transpose(a array, perm []int64) array {
	out := array{data: make([]float64, 0, len(a.data))}
	from := a.strides()
	var strides []int
	for _, p := range perm {
		out.shape, strides = append(out.shape, a.shape[p]), append(strides, from[p])
	}
	for i := range a.data {
		at := 0
		for d, s := range out.strides() {
			at += i / s % out.shape[d] * strides[d]
		}
		out.data = append(out.data, a.data[at])
	}
	return out
}

func reshape(a array, to []float64) array {
	out, known := array{data: a.data}, 1
	for i, d := range to {
		if d == 0 {
			d = float64(a.shape[i])
		}
		out.shape = append(out.shape, int(d))
		known *= int(max(d, 1))
	}
	for i, d := range out.shape {
		if d < 0 {
			out.shape[i] = len(a.data) / known
		}
	}
	return out
}

// broadcast applies f to the elements that stand at the same place, as NumPy does.
func broadcast(in []array, f func([]float64) float64) array {
	out := array{}
	for _, a := range in {
		for len(out.shape) < len(a.shape) {
			out.shape = slices.Insert(out.shape, 0, 1)
		}
		for d, n := range a.shape {
			at := len(out.shape) - len(a.shape) + d
			out.shape[at] = max(out.shape[at], n)
		}
	}
	strides, size := out.strides(), 1
	for _, d := range out.shape {
		size *= d
	}
	for i := range size {
		var x []float64
		for _, a := range in {
			at, skip := 0, len(out.shape)-len(a.shape)
			for d, s := range a.strides() {
				at += i / strides[skip+d] % a.shape[d] * s
			}
			x = append(x, a.data[at])
		}
		out.data = append(out.data, f(x))
	}
	return out
}

// recurrent is LSTM: X [time, batch, in], W [directions, 4h, in], R [directions, 4h, h],
// B [directions, 8h] and, if given, the lengths of the sequences, gates in the order i,
// o, f, c. What it gives behind a sequence's end is zero, and the reverse direction
// begins at the end.
func recurrent(n *schema.NodeProto, in []array) []array {
	x, w, r, b := in[0], in[1], in[2], in[3]
	steps, batch, size, h := x.shape[0], x.shape[1], x.shape[2], r.shape[2]
	directions, which := w.shape[0], string(attribute(n, "direction").S)
	y := array{[]int{steps, directions, batch, h}, make([]float64, steps*directions*batch*h)}
	final := array{[]int{directions, batch, h}, make([]float64, directions*batch*h)}
	sigmoid := func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
	for d := range directions {
		for s := range batch {
			state, cell := make([]float64, h), make([]float64, h)
			length := steps
			if len(in) > 4 {
				length = int(in[4].data[s])
			}
			for step := range length {
				at := step
				if d == 1 || which == "reverse" {
					at = length - 1 - step
				}
				gate := make([]float64, 4*h)
				for g := range gate {
					gate[g] = b.data[d*8*h+g] + b.data[d*8*h+4*h+g]
					for j := range size {
						gate[g] += w.data[(d*4*h+g)*size+j] * x.data[(at*batch+s)*size+j]
					}
					for j := range h {
						gate[g] += r.data[(d*4*h+g)*h+j] * state[j]
					}
				}
				for u := range h {
					cell[u] = sigmoid(gate[2*h+u])*cell[u] + sigmoid(gate[u])*math.Tanh(gate[3*h+u])
					state[u] = sigmoid(gate[h+u]) * math.Tanh(cell[u])
				}
				copy(y.data[((at*directions+d)*batch+s)*h:], state)
			}
			copy(final.data[(d*batch+s)*h:], state)
		}
	}
	return []array{y, final}[:len(n.Output)]
}

// written is a graph as write gives it, the same bytes each time.
func written(t *testing.T, write func(io.Writer, Info) error) *schema.ModelProto {
	t.Helper()
	var first, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &again} {
		if err := write(w, Info{Metadata: map[string]string{"a": "b", "c": "d"}}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), again.Bytes()) {
		t.Error("the same network gives different bytes")
	}
	m := &schema.ModelProto{}
	if err := proto.Unmarshal(first.Bytes(), m); err != nil {
		t.Fatal(err)
	}
	return m
}

// The graph that is written computes the network's scores and probabilities.
func TestGraph(t *testing.T) {
	for _, layers := range []int{1, 2, 3} {
		t.Run(fmt.Sprint(layers), func(t *testing.T) {
			n, vectors, examples := toy(t, layers)
			m := written(t, func(w io.Writer, info Info) error { return WritePointer(w, n.Weights(), vectors, testSize, info) })
			b, err := model.NewBatch(examples)
			if err != nil {
				t.Fatal(err)
			}
			ids := func(side []int32, width int) array {
				a := array{shape: []int{b.Size, width}}
				for _, id := range side {
					if id >= testWords {
						id = 0
					}
					a.data = append(a.data, float64(id))
				}
				return a
			}
			lengths := func(l []int) array {
				a := array{shape: []int{b.Size}}
				for _, n := range l {
					a.data = append(a.data, float64(n))
				}
				return a
			}
			v := evaluator{
				"left": ids(b.Left, b.LeftWidth), "right": ids(b.Right, b.RightWidth),
				"left_lengths": lengths(b.LeftLengths), "right_lengths": lengths(b.RightLengths),
			}
			v.run(t, m.Graph)
			want, err := n.Scores(examples)
			if err != nil {
				t.Fatal(err)
			}
			scores, probabilities := v["scores"], v["probabilities"]
			if !slices.Equal(scores.shape, []int{b.Size, b.Width()}) || !slices.Equal(probabilities.shape, scores.shape) {
				t.Fatalf("shapes %v and %v", scores.shape, probabilities.shape)
			}
			for i, s := range want {
				if s == masked && scores.data[i] != float64(float32(masked)) || s != masked && math.Abs(scores.data[i]-float64(s)) > 1e-6 {
					t.Errorf("position %d: the graph gives %g, the network %g", i, scores.data[i], s)
				}
			}
			expected, err := n.Probabilities(examples)
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range examples {
				row := probabilities.data[i*b.Width():][:b.Width()]
				got := append(slices.Clone(row[:len(e.Left)]), row[b.LeftWidth:][:len(e.Right)]...)
				for j, p := range expected[i] {
					if math.Abs(got[j]-p) > 1e-6 {
						t.Errorf("question %d, word %d: the graph gives %g, the network %g", i, j, got[j], p)
					}
				}
			}
		})
	}
}

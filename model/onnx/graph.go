package onnx

import (
	"encoding/binary"
	"math"

	"wakong/model/onnx/internal/schema"
)

// The numbers by which ONNX names types of elements and of attributes.
const (
	typeFloat = 1
	typeInt32 = 6
	typeInt64 = 7

	attributeInt    = 2
	attributeString = 3
	attributeInts   = 7
)

// A graph collects operations and constants. Each value has a name of its own.
type graph struct {
	nodes     []*schema.NodeProto
	constants []*schema.TensorProto
}

// op adds an operation with one output, of its own name.
func (g *graph) op(operator, output string, inputs []string, attributes ...*schema.AttributeProto) string {
	g.nodes = append(g.nodes, &schema.NodeProto{
		Name: output, OpType: operator, Input: inputs, Output: []string{output}, Attribute: attributes,
	})
	return output
}

func (g *graph) floats(name string, data []float32, shape ...int64) string {
	raw := make([]byte, 0, 4*len(data))
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return g.constant(name, typeFloat, raw, shape)
}

func (g *graph) ints(name string, data []int64, shape ...int64) string {
	var raw []byte
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return g.constant(name, typeInt64, raw, shape)
}

func (g *graph) int32s(name string, data []int32, shape ...int64) string {
	var raw []byte
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(v))
	}
	return g.constant(name, typeInt32, raw, shape)
}

func (g *graph) constant(name string, kind int32, raw []byte, shape []int64) string {
	g.constants = append(g.constants, &schema.TensorProto{Name: name, DataType: kind, Dims: shape, RawData: raw})
	return name
}

func intAttribute(name string, value int64) *schema.AttributeProto {
	return &schema.AttributeProto{Name: name, Type: attributeInt, I: value}
}

func intsAttribute(name string, values ...int64) *schema.AttributeProto {
	return &schema.AttributeProto{Name: name, Type: attributeInts, Ints: values}
}

func stringAttribute(name, value string) *schema.AttributeProto {
	return &schema.AttributeProto{Name: name, Type: attributeString, S: []byte(value)}
}

// value describes an input or output whose dimensions have names.
func value(name string, kind int32, doc string, dimensions ...string) *schema.ValueInfoProto {
	shape := &schema.TensorShapeProto{}
	for _, d := range dimensions {
		shape.Dim = append(shape.Dim, &schema.TensorShapeProto_Dimension{
			Value: &schema.TensorShapeProto_Dimension_DimParam{DimParam: d},
		})
	}
	tensor := &schema.TypeProto_Tensor{ElemType: kind, Shape: shape}
	return &schema.ValueInfoProto{Name: name, DocString: doc, Type: &schema.TypeProto{
		Value: &schema.TypeProto_TensorType{TensorType: tensor},
	}}
}

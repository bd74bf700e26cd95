package onnx

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"wakong/model/onnx/internal/schema"
)

// What the files are written against.
const (
	irVersion       = 8
	operatorVersion = 17

	// mostBytes is what protobuf, and so a file of this format, can hold.
	mostBytes = 1<<31 - 1
)

// Info is what a file says of itself.
type Info struct {
	Producer string            // the program
	Version  string            // of the program
	Metadata map[string]string // further keys with their texts
}

// file is the graph with its inputs and outputs.
func (g *graph) file(name string, info Info, inputs, outputs []*schema.ValueInfoProto) *schema.ModelProto {
	m := &schema.ModelProto{
		IrVersion: irVersion, ProducerName: info.Producer, ProducerVersion: info.Version,
		DocString:   "Chooses the word of a Chinese passage that fills the blank in it.",
		OpsetImport: []*schema.OperatorSetIdProto{{Version: operatorVersion}},
		Graph:       &schema.GraphProto{Name: name, Node: g.nodes, Initializer: g.constants, Input: inputs, Output: outputs},
	}
	for _, key := range slices.Sorted(maps.Keys(info.Metadata)) {
		m.MetadataProps = append(m.MetadataProps, &schema.StringStringEntryProto{Key: key, Value: info.Metadata[key]})
	}
	return m
}

func encode(w io.Writer, file *schema.ModelProto) error {
	if bytes := proto.Size(file); bytes > mostBytes {
		return fmt.Errorf("onnx: the network has %d bytes, ONNX's files hold at most %d", bytes, mostBytes)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(file)
	if err != nil {
		return fmt.Errorf("onnx: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("onnx: writing the network: %w", err)
	}
	return nil
}

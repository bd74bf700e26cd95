// Package schema is the part of ONNX's schema that package onnx writes, made of
// the .proto files beside it by protoc and protoc-gen-go.
package schema

//go:generate protoc -I../../../.. --go_out=../../../.. --go_opt=paths=source_relative model/onnx/internal/schema/tensor.proto model/onnx/internal/schema/model.proto

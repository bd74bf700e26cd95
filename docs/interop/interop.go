// Package interop holds the scripts for other programs that exports take along.
package interop

import _ "embed"

// TrainTorch trains the network pointer with PyTorch on what
// "pipeline export --format torch" writes.
//
//go:embed train_torch.py
var TrainTorch string

// AnswerReader answers questions with the network reader as ONNX, in Node.js.
//
//go:embed answer_reader.js
var AnswerReader string

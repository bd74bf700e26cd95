package pipeline

import (
	"encoding/json"
	"io"

	"wakong/docs/interop"
	"wakong/model/onnx"
)

// What goes with a network reader: what its caller must know of words, and an
// example that makes its inputs.
const (
	lexiconFile      = "lexicon.json"
	answerScriptFile = "answer_reader.js"
)

// writeONNX writes the graph.
func (e *exporter) writeONNX() error {
	info := onnx.Info{Producer: "pipeline", Version: e.options.Program, Metadata: e.metadata()}
	n, ok := e.answerer.network.(readerScorer)
	if !ok {
		v := e.answerer.vectors
		return e.file(onnxFile, func(w io.Writer) error {
			return onnx.WritePointer(w, e.answerer.network.Weights(), v.Data, v.Size, info)
		})
	}
	if err := e.file(onnxFile, func(w io.Writer) error { return onnx.WriteReader(w, n.Network, info) }); err != nil {
		return err
	}
	if err := e.file(lexiconFile, func(w io.Writer) error {
		// Without indents: with a number a line its lists would take twice the room.
		lexicon := json.NewEncoder(w)
		lexicon.SetEscapeHTML(false)
		return lexicon.Encode(n.Description())
	}); err != nil {
		return err
	}
	return e.file(answerScriptFile, func(w io.Writer) error {
		_, err := io.WriteString(w, interop.AnswerReader)
		return err
	})
}

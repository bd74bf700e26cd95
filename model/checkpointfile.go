package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"wakong/internal/atomicfile"
)

const checkpointVersion = "2" // 2: Adam's steps stand in the state

// SaveCheckpoint writes the state of a training to a file, so that a kill at any
// moment leaves either the old one or the new one: a safetensors file of the
// tensors, and in its metadata the state as JSON, the identity of what is
// trained and a checksum.
func SaveCheckpoint(path, identity string, state any, tensors Weights) error {
	text, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("model: checkpoint: %w", err)
	}
	metadata := map[string]string{
		"version":  checkpointVersion,
		"identity": identity,
		"state":    string(text),
		"sha256":   checkpointSum(tensors, identity, string(text)),
	}
	if err := atomicfile.Write(path, func(w io.Writer) error { return WriteWeights(w, tensors, metadata) }); err != nil {
		return fmt.Errorf("model: saving checkpoint: %w", err)
	}
	return nil
}

// LoadCheckpoint reads what SaveCheckpoint has written for the same identity
// into state and gives the tensors. A damaged file is an error.
func LoadCheckpoint(path, identity string, state any) (Weights, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, metadata, err := ReadWeights(f, path)
	if err != nil {
		return nil, err
	}
	if v := metadata["version"]; v != checkpointVersion {
		return nil, fmt.Errorf("%s: checkpoint of version %q, expected %q", path, v, checkpointVersion)
	}
	if metadata["identity"] != identity {
		return nil, fmt.Errorf("%s: the checkpoint belongs to another training", path)
	}
	if metadata["sha256"] != checkpointSum(all, identity, metadata["state"]) {
		return nil, fmt.Errorf("%s: the checkpoint's checksum does not match", path)
	}
	if err := json.Unmarshal([]byte(metadata["state"]), state); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}

func checkpointSum(weights Weights, texts ...string) string {
	const part = 1 << 14
	sum, raw := sha256.New(), make([]byte, 0, 4*part)
	for _, name := range sortedNames(weights) {
		fmt.Fprintf(sum, "%q %v\n", name, weights[name].Shape)
		for numbers := range slices.Chunk(weights[name].Data, part) {
			sum.Write(appendFloats(raw, numbers))
		}
	}
	fmt.Fprintf(sum, "%q", texts)
	return hex.EncodeToString(sum.Sum(nil))
}

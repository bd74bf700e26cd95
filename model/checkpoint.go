package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"wakong/internal/atomicfile"
)

// A checkpoint is a safetensors file: the network's weights, the best ones so
// far under "best." names, Adam's moments under "adam.", and in its metadata
// the rest of the state, the identity of what is trained and a checksum.
const (
	checkpointVersion = "1"
	bestPrefix        = "best."
	adamPrefix        = "adam."
)

// save writes the checkpoint, if one is wanted, so that a kill at any moment
// leaves either the old one or the new one.
func (t *trainer) save() error {
	if t.o.Checkpoint == "" {
		return nil
	}
	weights := t.n.Weights()
	for name, w := range t.best {
		weights[bestPrefix+name] = w
	}
	moments, err := t.n.adam.state()
	if err != nil {
		return err
	}
	for i := range moments.first {
		weights[fmt.Sprintf("%sfirst.%d", adamPrefix, i)] = Tensor{Shape: []int{len(moments.first[i])}, Data: moments.first[i]}
		weights[fmt.Sprintf("%ssecond.%d", adamPrefix, i)] = Tensor{Shape: []int{len(moments.second[i])}, Data: moments.second[i]}
	}
	state, err := json.Marshal(t.state)
	if err != nil {
		return fmt.Errorf("model: checkpoint: %w", err)
	}
	metadata := map[string]string{
		"version":    checkpointVersion,
		"identity":   t.o.Identity,
		"adam_steps": fmt.Sprint(moments.steps),
		"state":      string(state),
		"sha256":     checkpointSum(weights, t.o.Identity, string(state), fmt.Sprint(moments.steps)),
	}
	if err := atomicfile.Write(t.o.Checkpoint, func(w io.Writer) error { return WriteWeights(w, weights, metadata) }); err != nil {
		return fmt.Errorf("model: saving checkpoint: %w", err)
	}
	t.saved = time.Now()
	return nil
}

func checkpointSum(weights Weights, texts ...string) string {
	sum := sha256.New()
	for _, name := range sortedNames(weights) {
		fmt.Fprintf(sum, "%q %v\n", name, weights[name].Shape)
		raw := make([]byte, 0, 4*len(weights[name].Data))
		sum.Write(appendFloats(raw, weights[name].Data))
	}
	fmt.Fprintf(sum, "%q", texts)
	return hex.EncodeToString(sum.Sum(nil))
}

// resume takes up the checkpoint, if there is one. One that is damaged or
// belongs to another training is reported and left aside: training from the
// start gives the same result.
func (t *trainer) resume() {
	if t.o.Checkpoint == "" {
		return
	}
	if err := t.load(); err != nil && !errors.Is(err, fs.ErrNotExist) && t.o.Notice != nil {
		t.o.Notice(fmt.Sprintf("checkpoint not used, training starts anew: %v", err))
	}
}

// load reads the checkpoint and, only if all of it is sound, sets network,
// Adam and state from it.
func (t *trainer) load() error {
	f, err := os.Open(t.o.Checkpoint)
	if err != nil {
		return err
	}
	defer f.Close()
	all, metadata, err := ReadWeights(f, t.o.Checkpoint)
	if err != nil {
		return err
	}
	if v := metadata["version"]; v != checkpointVersion {
		return fmt.Errorf("%s: checkpoint of version %q, expected %q", t.o.Checkpoint, v, checkpointVersion)
	}
	if metadata["identity"] != t.o.Identity {
		return fmt.Errorf("%s: the checkpoint belongs to another training", t.o.Checkpoint)
	}
	if metadata["sha256"] != checkpointSum(all, t.o.Identity, metadata["state"], metadata["adam_steps"]) {
		return fmt.Errorf("%s: the checkpoint's checksum does not match", t.o.Checkpoint)
	}
	var state trainState
	if err := json.Unmarshal([]byte(metadata["state"]), &state); err != nil {
		return fmt.Errorf("%s: %w", t.o.Checkpoint, err)
	}
	if state.Step < 0 || state.Step > t.steps {
		return fmt.Errorf("%s: the checkpoint is of step %d of a training of %d", t.o.Checkpoint, state.Step, t.steps)
	}
	weights, best := Weights{}, Weights{}
	moments := adamState[float32]{first: make([][]float32, len(t.n.learned)), second: make([][]float32, len(t.n.learned))}
	if _, err := fmt.Sscan(metadata["adam_steps"], &moments.steps); err != nil {
		return fmt.Errorf("%s: Adam's step count %q: %w", t.o.Checkpoint, metadata["adam_steps"], err)
	}
	for i := range moments.first {
		moments.first[i] = all[fmt.Sprintf("%sfirst.%d", adamPrefix, i)].Data
		moments.second[i] = all[fmt.Sprintf("%ssecond.%d", adamPrefix, i)].Data
	}
	for name, w := range all {
		if rest, ok := strings.CutPrefix(name, bestPrefix); ok {
			best[rest] = w
		} else if !strings.HasPrefix(name, adamPrefix) {
			weights[name] = w
		}
	}
	// Check all of it before any of it is taken.
	if err := errors.Join(moments.fits(t.n.learned), t.n.fits(weights)); err != nil {
		return fmt.Errorf("%s: %w", t.o.Checkpoint, err)
	}
	if state.BestStep >= 0 {
		if err := t.n.fits(best); err != nil {
			return fmt.Errorf("%s: %w", t.o.Checkpoint, err)
		}
		t.best = best
	}
	if err := errors.Join(t.n.SetWeights(weights), t.n.adam.restore(moments)); err != nil {
		return fmt.Errorf("%s: %w", t.o.Checkpoint, err)
	}
	t.state, t.resumed = state, state.Step
	return nil
}

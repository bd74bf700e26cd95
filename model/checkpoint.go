package model

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// A checkpoint's tensors are the network's weights, the best ones so far under
// "best." names and Adam's moments under "adam.".
const (
	bestPrefix = "best."
	adamPrefix = "adam."
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
	state := t.state
	state.AdamSteps = moments.steps
	if err := SaveCheckpoint(t.o.Checkpoint, t.o.Identity, state, weights); err != nil {
		return err
	}
	t.saved = time.Now()
	return nil
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
	var state trainState
	all, err := LoadCheckpoint(t.o.Checkpoint, t.o.Identity, &state)
	if err != nil {
		return err
	}
	if state.Step < 0 || state.Step > t.steps {
		return fmt.Errorf("%s: the checkpoint is of step %d of a training of %d", t.o.Checkpoint, state.Step, t.steps)
	}
	weights, best := Weights{}, Weights{}
	moments := adamState[float32]{steps: state.AdamSteps, first: make([][]float32, len(t.n.learned)), second: make([][]float32, len(t.n.learned))}
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

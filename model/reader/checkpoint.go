package reader

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"wakong/model"
)

// tensors are what a checkpoint keeps besides the state: the network's weights,
// Adam's moments, the mean weights, and the best weights so far.
func (t *trainer) tensors() map[string][]float32 {
	n, a := t.n, t.adam
	all := map[string][]float32{
		"theta": n.theta, "vectors": n.vectors,
		"adam.first": a.first, "adam.second": a.second,
	}
	if a.vectorFirst != nil {
		all["adam.vectors.first"], all["adam.vectors.second"] = a.vectorFirst, a.vectorSecond
	}
	if t.mean.theta != nil {
		all["mean.theta"] = t.mean.theta
		if t.mean.vectors != nil {
			all["mean.vectors"] = t.mean.vectors
		}
	}
	return all
}

const bestPrefix = "best."

// save writes the checkpoint, if one is wanted.
func (t *trainer) save() error {
	if t.o.Checkpoint == "" {
		return nil
	}
	begin := time.Now()
	all := model.Weights{}
	for name, data := range t.tensors() {
		all[name] = model.Tensor{Shape: []int{len(data)}, Data: data}
	}
	for name, w := range t.best {
		all[bestPrefix+name] = w
	}
	state := t.state
	state.Averaged, state.AdamSteps = t.mean.taken, t.adam.steps
	if err := model.SaveCheckpoint(t.o.Checkpoint, t.o.Identity, state, all); err != nil {
		return err
	}
	t.saved, t.saving = time.Now(), time.Since(begin)
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

// load sets all of the training's state, or, with an error, none of it.
func (t *trainer) load() error {
	var state trainState
	all, err := model.LoadCheckpoint(t.o.Checkpoint, t.o.Identity, &state)
	if err != nil {
		return err
	}
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%s: "+format, append([]any{t.o.Checkpoint}, args...)...)
	}
	if state.Step < 0 || state.Within < 0 || state.Epoch < 0 || state.Epoch > t.o.Epochs || state.AdamSteps < 0 || state.Averaged < 0 {
		return wrong("the checkpoint is of epoch %d, step %d of a training of %d epochs", state.Epoch, state.Step, t.o.Epochs)
	}
	if _, ok := all["mean.theta"]; ok {
		t.mean.theta = make([]float32, len(t.n.theta))
		if t.n.o.VectorRate > 0 {
			t.mean.vectors = make([]float32, len(t.n.vectors))
		}
	}
	to := t.tensors()
	for name, data := range to {
		if len(all[name].Data) != len(data) {
			t.mean = average[float32]{}
			return wrong("%q has %d elements, expected %d", name, len(all[name].Data), len(data))
		}
	}
	best := model.Weights{}
	for name, w := range all {
		if len(name) > len(bestPrefix) && name[:len(bestPrefix)] == bestPrefix {
			best[name[len(bestPrefix):]] = w
		}
	}
	if state.BestStep >= 0 {
		if err := t.n.fits(best); err != nil {
			t.mean = average[float32]{}
			return wrong("%w", err)
		}
		t.best = best
	}
	t.plan(min(state.Epoch, t.o.Epochs-1))
	if state.Within > 0 && state.Within >= len(t.todo) {
		t.mean, t.best = average[float32]{}, nil
		t.plan(0)
		return wrong("the checkpoint is of step %d of an epoch of %d", state.Within, len(t.todo))
	}
	for name, data := range to {
		copy(data, all[name].Data)
	}
	t.mean.taken, t.adam.steps = state.Averaged, state.AdamSteps
	t.state, t.resumed = state, state.Step
	return nil
}

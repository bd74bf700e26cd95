package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// TrainOptions say how to train. Fields that cannot change the resulting
// weights stand last.
type TrainOptions struct {
	Epochs        int    // passes over the examples, at least 1
	Batch         int    // examples in a step, at least 1
	Seed          uint64 // of the order of examples
	ValidateEvery int    // steps between validations; 0: after each epoch only
	MaxSteps      int    // stop after this many steps; 0: no bound
	// Bucket puts examples of like length into one batch. An epoch still sees
	// every example once. Padding costs nothing here, so it changes speed
	// little; see docs/performance.md.
	Bucket bool

	// Checkpoint is the file from which an interrupted training goes on and
	// into which it saves itself; "": none. CheckpointEvery is the time
	// between two, default 20 s; 0 there means the default.
	Checkpoint      string
	CheckpointEvery time.Duration
	// Identity ties a checkpoint to what is trained: one with another identity
	// is not taken up.
	Identity string
	// Notice receives remarks, such as a checkpoint that cannot be used.
	Notice func(string)
	// Progress is called after each step and each validation.
	Progress func(Progress)
}

// Progress tells how a training stands.
type Progress struct {
	Step, Steps int
	Epoch       int // from 1
	Loss        float64
	Words       int64    // real words trained on so far
	Accuracy    *float64 // set after a validation
}

// A Metric is what training records at each validation.
type Metric struct {
	Step     int     `json:"step"`
	Epoch    int     `json:"epoch"`
	Loss     float64 `json:"loss"`                // mean over the steps since the last metric
	WordLoss float64 `json:"word_loss,omitempty"` // that of predicting words, where the network does
	Words    int64   `json:"words"`
	Accuracy float64 `json:"accuracy"` // on the validation examples; 0 where there are none
	// ValidationLoss is that of the validation examples, where it is measured.
	ValidationLoss float64 `json:"validation_loss,omitempty"`
	Best           bool    `json:"best"` // whether these weights are the ones kept so far
}

// TrainResult is what Train leaves behind, besides the weights in the network.
type TrainResult struct {
	Metrics  []Metric
	Steps    int
	BestStep int
	Accuracy float64 // of the kept weights on the validation examples
	Resumed  int     // step from which an interrupted training went on, 0: from the start
}

// Train trains the network on the examples, shuffled anew each epoch, and
// leaves in it the weights that were best on the validation examples (of
// equally good ones, the first); without validation examples, the last. A
// step whose loss is not a number is an error.
//
// When ctx ends, the state is saved to the checkpoint and ctx's error is
// returned.
func Train(ctx context.Context, n *Network[float32], train, valid []Example, o TrainOptions) (TrainResult, error) {
	if len(train) == 0 {
		return TrainResult{}, errors.New("model: no examples to train on")
	}
	if o.Epochs < 1 || o.Batch < 1 || o.ValidateEvery < 0 || o.MaxSteps < 0 {
		return TrainResult{}, fmt.Errorf("model: impossible training: epochs %d, batch %d, validate every %d, max steps %d", o.Epochs, o.Batch, o.ValidateEvery, o.MaxSteps)
	}
	if o.CheckpointEvery == 0 {
		o.CheckpointEvery = 20 * time.Second
	}
	t := &trainer{n: n, valid: valid, o: o, state: trainState{BestStep: -1}}
	t.schedule = &schedule{examples: train, batch: o.Batch, seed: o.Seed, bucket: o.Bucket}
	t.steps = t.schedule.perEpoch() * o.Epochs
	if o.MaxSteps > 0 {
		t.steps = min(t.steps, o.MaxSteps)
	}
	return t.run(ctx)
}

// trainState is the part of a training that a checkpoint keeps as JSON; the
// weights, the best weights and Adam's moments stand beside it.
type trainState struct {
	Step      int      `json:"step"`    // steps done
	Pending   bool     `json:"pending"` // the validation after the last step is still to be done
	BestStep  int      `json:"best_step"`
	Accuracy  float64  `json:"accuracy"`
	LossSum   float64  `json:"loss_sum"` // since the last metric
	LossCount int      `json:"loss_count"`
	Words     int64    `json:"words"`
	AdamSteps int      `json:"adam_steps"`
	Metrics   []Metric `json:"metrics"`
}

type trainer struct {
	n        *Network[float32]
	valid    []Example
	o        TrainOptions
	schedule *schedule
	steps    int

	state   trainState
	best    Weights
	resumed int
	saved   time.Time
}

func (t *trainer) run(ctx context.Context) (TrainResult, error) {
	t.resume()
	t.saved = time.Now()
	plans := newAhead(t.n, t.schedule, t.steps)
	defer plans.stop()
	for {
		if t.state.Pending {
			accuracy, err := t.validate(ctx)
			if err != nil {
				return TrainResult{}, t.interrupted(err)
			}
			t.report(nil, &accuracy)
		}
		if t.state.Step >= t.steps {
			break
		}
		if ctx.Err() != nil {
			return TrainResult{}, t.interrupted(ctx.Err())
		}
		loss, err := t.step(plans.plan(t.state.Step))
		if err != nil {
			return TrainResult{}, err
		}
		t.report(&loss, nil)
		if time.Since(t.saved) >= t.o.CheckpointEvery {
			if err := t.save(); err != nil {
				return TrainResult{}, err
			}
		}
	}
	if t.best != nil {
		if err := t.n.SetWeights(t.best); err != nil {
			return TrainResult{}, err
		}
	}
	return TrainResult{Metrics: t.state.Metrics, Steps: t.state.Step, BestStep: t.state.BestStep, Accuracy: t.state.Accuracy, Resumed: t.resumed}, nil
}

// step trains on one batch and counts it.
func (t *trainer) step(p *plan[float32]) (float64, error) {
	loss, err := p.gradient(t.n)
	if err != nil {
		return 0, err
	}
	if err := t.n.Update(); err != nil {
		return 0, err
	}
	s := &t.state
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return 0, fmt.Errorf("model: step %d: the loss is %v; try a smaller learning rate than %g", s.Step+1, loss, t.n.options.LearningRate)
	}
	s.Step++
	s.LossSum += loss
	s.LossCount++
	s.Words += int64(p.words)
	s.Pending = t.due()
	return loss, nil
}

// due tells whether the step just done is followed by a validation.
func (t *trainer) due() bool {
	s := t.state.Step
	if t.o.ValidateEvery > 0 {
		return s%t.o.ValidateEvery == 0 || s == t.steps
	}
	return s%t.schedule.perEpoch() == 0 || s == t.steps
}

func (t *trainer) report(loss, accuracy *float64) {
	if t.o.Progress == nil {
		return
	}
	s := t.state
	p := Progress{Step: s.Step, Steps: t.steps, Epoch: t.epoch(), Words: s.Words, Accuracy: accuracy}
	if loss != nil {
		p.Loss = *loss
	} else if len(s.Metrics) > 0 {
		p.Loss = s.Metrics[len(s.Metrics)-1].Loss
	}
	t.o.Progress(p)
}

// epoch is the epoch, from 1, of the step just done.
func (t *trainer) epoch() int { return (t.state.Step-1)/t.schedule.perEpoch() + 1 }

// interrupted saves what was done before ctx ended and returns ctx's error.
func (t *trainer) interrupted(err error) error { return errors.Join(err, t.save()) }

// validate measures accuracy, keeps the weights if they are the best so far
// and records a metric.
func (t *trainer) validate(ctx context.Context) (float64, error) {
	accuracy, err := Accuracy(ctx, t.n, t.valid, nil)
	if err != nil {
		return 0, err
	}
	s := &t.state
	best := s.BestStep < 0 || accuracy > s.Accuracy || len(t.valid) == 0
	if best {
		s.BestStep, s.Accuracy, t.best = s.Step, accuracy, t.n.Weights()
	}
	s.Metrics = append(s.Metrics, Metric{Step: s.Step, Epoch: t.epoch(), Loss: s.LossSum / float64(s.LossCount), Words: s.Words, Accuracy: accuracy, Best: best})
	s.LossSum, s.LossCount, s.Pending = 0, 0, false
	return accuracy, nil
}

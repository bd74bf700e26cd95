package reader

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"wakong/model"
)

// TrainOptions say how to train. Fields that cannot change the resulting
// weights stand last.
type TrainOptions struct {
	Epochs        int // passes over the texts, at least 1
	StepWords     int // words of a step, at least; default 1500
	PassageWords  int // length at which texts are cut; default 400
	ValidateEvery int // steps between validations; 0: after each epoch only
	MaxSteps      int // stop after this many steps; 0: no bound. The learning rate falls as if there were none.

	// As in model.TrainOptions.
	Checkpoint      string
	CheckpointEvery time.Duration
	Identity        string
	Notice          func(string)
	Progress        func(model.Progress)
}

func (o TrainOptions) withDefaults() (TrainOptions, error) {
	if o.StepWords == 0 {
		o.StepWords = 1500
	}
	if o.PassageWords == 0 {
		o.PassageWords = 400
	}
	if o.CheckpointEvery == 0 {
		o.CheckpointEvery = 20 * time.Second
	}
	if o.Epochs < 1 || o.StepWords < 1 || o.PassageWords < leastWords || o.ValidateEvery < 0 || o.MaxSteps < 0 {
		return o, fmt.Errorf("reader: impossible training: epochs %d, words of a step %d, words of a passage %d, validate every %d, max steps %d", o.Epochs, o.StepWords, o.PassageWords, o.ValidateEvery, o.MaxSteps)
	}
	return o, nil
}

// Train trains the network on texts, given as examples whose words all stand
// in Left, and leaves in it the last weights whose accuracy on the validation
// examples is within a standard error of the best; without validation examples, the
// last. A text's blanks are its nouns that stand again near by; texts are cut
// into passages anew each epoch. A later epoch whose cuts leave no noun twice in a
// passage has no steps; a first one is an error.
//
// When ctx ends, the state is saved to the checkpoint and ctx's error is
// returned.
func Train(ctx context.Context, n *Network[float32], texts, valid []model.Example, o TrainOptions) (model.TrainResult, error) {
	o, err := o.withDefaults()
	if err != nil {
		return model.TrainResult{}, err
	}
	t := &trainer{n: n, texts: texts, valid: valid, o: o, adam: newOptimizer(n), state: trainState{BestStep: -1}}
	n.lexicon.findNouns(texts)
	n.setRare(texts)
	n.setCollocations(texts)
	n.thesaurus = newThesaurus(n)
	t.plan(0)
	if len(t.todo) == 0 {
		return model.TrainResult{}, errors.New("reader: no text to train on: no noun stands twice in a passage")
	}
	n.setAnswers(t.todo)
	t.perEpoch = len(t.todo)
	return t.run(ctx)
}

// trainState is the part of a training that a checkpoint keeps as JSON.
type trainState struct {
	Step      int            `json:"step"`    // steps done
	Epoch     int            `json:"epoch"`   // epochs done
	Within    int            `json:"within"`  // steps done of the epoch after them
	Pending   bool           `json:"pending"` // the validation after the last step is still to be done
	BestStep  int            `json:"best_step"`
	Accuracy  float64        `json:"accuracy"`
	Loss      Loss           `json:"loss"` // sums since the last metric
	LossCount int            `json:"loss_count"`
	Words     int64          `json:"words"`
	Averaged  int            `json:"averaged"`
	AdamSteps int            `json:"adam_steps"`
	Metrics   []model.Metric `json:"metrics"`
}

type trainer struct {
	n            *Network[float32]
	texts, valid []model.Example
	o            TrainOptions
	adam         *optimizer[float32]
	mean         average[float32]

	ahead    *packing     // the step that comes next; nil: none
	planned  int          // the epoch that todo is of
	todo     [][]*passage // its steps
	perEpoch int          // steps of the first epoch; others have about as many
	state    trainState
	best     model.Weights
	resumed  int
	saved    time.Time
	saving   time.Duration // what the last checkpoint took
}

// plan cuts the texts for an epoch.
func (t *trainer) plan(epoch int) {
	t.planned = epoch
	t.todo = steps(t.n.epoch(t.texts, t.o.PassageWords, epoch), t.o.StepWords)
}

// steps is about how many there will be.
func (t *trainer) steps() int {
	all := t.perEpoch * t.o.Epochs
	if t.o.MaxSteps > 0 {
		all = min(all, t.o.MaxSteps)
	}
	return all
}

func (t *trainer) done() bool {
	return t.state.Epoch >= t.o.Epochs || t.o.MaxSteps > 0 && t.state.Step >= t.o.MaxSteps
}

func (t *trainer) run(ctx context.Context) (model.TrainResult, error) {
	t.resume()
	defer t.settle()
	t.saved = time.Now()
	for {
		if t.state.Pending {
			if err := t.validate(ctx); err != nil {
				return model.TrainResult{}, t.interrupted(err)
			}
		}
		if t.done() {
			break
		}
		if ctx.Err() != nil {
			return model.TrainResult{}, t.interrupted(ctx.Err())
		}
		if err := t.step(); err != nil {
			return model.TrainResult{}, err
		}
		// Saving takes a fortieth of the time at most.
		if time.Since(t.saved) >= max(t.o.CheckpointEvery, 40*t.saving) {
			if err := t.save(); err != nil {
				return model.TrainResult{}, err
			}
		}
	}
	if err := t.n.SetWeights(t.best); err != nil {
		return model.TrainResult{}, err
	}
	s := t.state
	return model.TrainResult{Metrics: s.Metrics, Steps: s.Step, BestStep: s.BestStep, Accuracy: s.Accuracy, Resumed: t.resumed}, nil
}

const warmUp = 100 // steps in which the learning rate rises

// rate is the learning rate of the step that comes: it rises in a line, and
// falls to a fiftieth along 1 - 3p^2 + 2p^3, which is near the half cosine of
// Loshchilov and Hutter 2017 and has the same bits on every CPU.
func (t *trainer) rate() float64 {
	s, progress := t.state, t.progress()
	fall := max(0.02, 1-float64(float64(progress*progress)*(3-float64(2*progress))))
	return t.n.o.LearningRate * min(1, float64(s.Step+1)/warmUp) * fall
}

// progress is the part of the training that is done, in an epoch that has steps.
func (t *trainer) progress() float64 {
	return (float64(t.state.Epoch) + float64(t.state.Within)/float64(len(t.todo))) / float64(t.o.Epochs)
}

// risen is the part of the dropout that the step that comes has.
func (t *trainer) risen() float64 {
	if rise := t.n.o.Dropout.Rise; rise > 0 {
		return min(1, t.progress()/rise)
	}
	return 1
}

func (t *trainer) endEpoch() { t.state.Epoch, t.state.Within = t.state.Epoch+1, 0 }

// step trains on the passages that come next; an epoch without any is passed over.
func (t *trainer) step() error {
	s := &t.state
	if t.planned != s.Epoch {
		t.plan(s.Epoch)
	}
	if len(t.todo) == 0 {
		t.endEpoch()
		// The weights are those of the last step, which may have been validated.
		s.Pending = s.LossCount > 0 && (t.done() || t.o.ValidateEvery == 0)
		return nil
	}
	b, random, err := t.packed()
	if err != nil {
		return err
	}
	t.n.random, t.n.risen = random, t.risen()
	loss, err := t.n.learn(b, t.adam, t.rate())
	t.n.random, t.n.risen = nil, 1
	if err != nil {
		return err
	}
	if sum := loss.Blanks + loss.Words; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return fmt.Errorf("reader: step %d: the loss is %v; try a smaller learning rate than %g", s.Step+1, sum, t.n.o.LearningRate)
	}
	s.Step++
	t.mean.add(t.n, s.Step)
	if s.Within++; s.Within == len(t.todo) {
		t.endEpoch()
	}
	s.Loss.Blanks += loss.Blanks
	s.Loss.Words += loss.Words
	s.LossCount++
	for _, p := range b.passages {
		s.Words += int64(len(p.words))
	}
	s.Pending = t.done() || t.o.ValidateEvery > 0 && s.Step%t.o.ValidateEvery == 0 || t.o.ValidateEvery == 0 && s.Within == 0
	t.report(loss.Blanks, nil)
	return nil
}

// learn takes one step along the gradient of the batch's loss.
func (n *Network[T]) learn(b *batch, a *optimizer[T], rate float64) (Loss, error) {
	loss, err := n.forward(b)
	if err != nil {
		return Loss{}, err
	}
	if err := n.backward(b, &a.u); err != nil {
		return Loss{}, err
	}
	a.step(n, rate)
	return loss, nil
}

func (t *trainer) report(loss float64, accuracy *float64) {
	if t.o.Progress != nil {
		s := t.state
		t.o.Progress(model.Progress{Step: s.Step, Steps: max(s.Step, t.steps()), Epoch: min(s.Epoch+1, t.o.Epochs), Loss: loss, Words: s.Words, Accuracy: accuracy})
	}
}

// interrupted saves what was done before ctx ended and returns ctx's error.
func (t *trainer) interrupted(err error) error { return errors.Join(err, t.save()) }

// standardError is that of an accuracy on so many questions.
func standardError(accuracy float64, questions int) float64 {
	return math.Sqrt(accuracy * (1 - accuracy) / float64(questions))
}

// validate answers the validation questions with the mean weights and records a
// metric. The weights are kept unless they are worse than the best so far by more
// than the standard error: the learning rate falls to the end, so that later weights
// are the better ones unless the questions clearly say that they are not. The best
// of many validations would be chosen for its luck. (Of simple models within a standard
// error of the best, the simplest: Breiman et al., "Classification and regression
// trees", 1984.)
func (t *trainer) validate(ctx context.Context) error {
	t.mean.swap(t.n)
	defer t.mean.swap(t.n)
	v, err := model.Validate(ctx, t.n, t.valid, nil)
	if err != nil {
		return err
	}
	s := &t.state
	top := v.Accuracy
	for _, m := range s.Metrics {
		top = max(top, m.Accuracy)
	}
	best := s.BestStep < 0 || len(t.valid) == 0 || v.Accuracy >= top-standardError(top, len(t.valid))
	if best {
		s.BestStep, s.Accuracy, t.best = s.Step, v.Accuracy, t.n.Weights()
	}
	m := model.Metric{Step: s.Step, Epoch: s.Epoch, Loss: s.Loss.Blanks / float64(s.LossCount), Words: s.Words, Accuracy: v.Accuracy, ValidationLoss: v.Loss, Best: best}
	if s.Within > 0 {
		m.Epoch++
	}
	if t.n.o.WordLoss > 0 {
		m.WordLoss = s.Loss.Words / float64(s.LossCount)
	}
	s.Metrics = append(s.Metrics, m)
	s.Loss, s.LossCount, s.Pending = Loss{}, 0, false
	t.report(m.Loss, &v.Accuracy)
	return nil
}

package reader

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"reflect"
	"testing"

	"wakong/model"
)

// apart is a text of so many words in which one noun stands twice, at the places given,
// and no other word does that can be a blank.
func apart(words int, places ...int) model.Example {
	e := model.Example{ID: "apart", Left: make32(words, 5)}
	for _, at := range places {
		e.Left[at] = 2
	}
	return e
}

// TestEpochsWithoutBlanks: where a text is first cut is random; an epoch that parts the
// noun from itself has no steps, and the training goes on.
func TestEpochsWithoutBlanks(t *testing.T) {
	texts := []model.Example{apart(700, 150, 250)}
	asked := []model.Example{{ID: "q", Left: []int32{5, 2, 3, 5}, Right: []int32{5, 5, 2, 1}, Answer: 2}}
	for _, every := range []int{0, 3} {
		o := TrainOptions{Epochs: 12, PassageWords: 400, ValidateEvery: every, Identity: "test"}
		var seen model.Progress
		o.Progress = func(p model.Progress) { seen = p }
		options := small(Options{})
		for options.Seed = 1; options.Seed < 1000; options.Seed++ {
			if n := newSmall[float32](t, options); hasBlanks(n, texts, 0) && !hasBlanks(n, texts, 1) && !hasBlanks(n, texts, 11) {
				break
			}
		}
		n := newSmall[float32](t, options)
		steps := 0
		for epoch := range o.Epochs {
			if hasBlanks(n, texts, epoch) {
				steps++
			}
		}
		want, err := Train(t.Context(), n, texts, asked, o)
		if err != nil {
			t.Fatal(err)
		}
		if want.Steps != steps || seen.Step != steps || want.BestStep == 0 {
			t.Errorf("%+v after %+v, expected %d steps", want, seen, steps)
		}
		last := 0
		for _, m := range want.Metrics {
			if m.Step <= last || math.IsNaN(m.Loss) {
				t.Errorf("validate every %d: %+v after step %d", every, m, last)
			}
			last = m.Step
		}
		if last != steps {
			t.Errorf("validate every %d: the last of %d steps was not validated: %+v", every, steps, want.Metrics)
		}

		// Stopped at each report it gives the same.
		o.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
		o.Notice = func(text string) { t.Error(text) }
		for {
			ctx, cancel := context.WithCancel(t.Context())
			o.Progress = func(model.Progress) { cancel() }
			again := newSmall[float32](t, options)
			got, err := Train(ctx, again, texts, asked, o)
			cancel()
			if errors.Is(err, context.Canceled) {
				continue
			}
			if err != nil || !reflect.DeepEqual(got.Metrics, want.Metrics) || !reflect.DeepEqual(again.Weights(), n.Weights()) {
				t.Errorf("resumed: %+v, %v, expected %+v", got, err, want)
			}
			break
		}
	}
}

func hasBlanks(n *Network[float32], texts []model.Example, epoch int) bool {
	n.lexicon.findNouns(texts)
	return len(n.epoch(texts, 400, epoch)) > 0
}

package embed

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestAsynchronousNeighboursShareTopics(t *testing.T) {
	p := small()
	p.Asynchronous = true
	for _, threads := range []int{1, 2, 8} {
		v := train(t, topics(8000), p, Options{Threads: threads})
		if got := topicsApart(t, v); got < 0.95 {
			t.Errorf("%d threads: %.2f of the words have a neighbour of their topic, expected 0.95", threads, got)
		}
	}
}

// One thread has nobody to race with.
func TestAsynchronousAlone(t *testing.T) {
	p := small()
	all := topics(2000)
	var want, got bytes.Buffer
	if err := train(t, all, p, Options{Threads: 1}).WriteBinary(&want); err != nil {
		t.Fatal(err)
	}
	p.Asynchronous = true
	if err := train(t, all, p, Options{Threads: 1}).WriteBinary(&got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		t.Error("one asynchronous thread gives other vectors than the default")
	}
}

func TestAsynchronousGoesOn(t *testing.T) {
	p := small()
	p.Asynchronous = true
	all := topics(8000)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var stopped int64
	o := Options{Threads: 2, Checkpoint: Checkpoint{Path: filepath.Join(t.TempDir(), "checkpoint")}}
	o.Progress = func(done, _ int64) { stopped = done; stop() }
	if _, err := Train(ctx, count(t, all), stream(all), p, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, expected a cancelled training", err)
	}
	first := int64(0)
	o.Progress = func(done, _ int64) {
		if first == 0 {
			first = done
		}
	}
	o.Notice = func(text string) { t.Error(text) }
	v := train(t, all, p, o)
	if first <= stopped {
		t.Errorf("the training began anew: %d words done, stopped at %d", first, stopped)
	}
	if got := topicsApart(t, v); got < 0.95 {
		t.Errorf("%.2f of the words have a neighbour of their topic, expected 0.95", got)
	}
}

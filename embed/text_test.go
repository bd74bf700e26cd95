package embed

import (
	"context"
	"errors"
	"iter"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wakong/vocab"
)

func collect(t *testing.T, x *text) (all []block) {
	t.Helper()
	for k, err := range x.blocks(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		k.ids = slices.Clone(k.ids)
		all = append(all, k)
	}
	return all
}

// TestBlocks has sentences of every length, unknown words, and one sentence
// longer than a block may hold.
func TestBlocks(t *testing.T) {
	all := [][]string{{"別", "的"}, {}, {"a"}, slices.Repeat([]string{"a", "b", "別"}, 12345), {"b"}}
	for n := range 900 {
		all = append(all, slices.Repeat([]string{"c"}, n%40))
	}
	all = append(all, slices.Repeat([]string{"a"}, longestSentence), []string{"別"})
	v, err := vocab.New([]string{"a", "b", "c"}, []int64{1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := scanText(t.Context(), v, stream(all), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	streamed, err := scanText(t.Context(), v, stream(all), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if kept.cache == nil || streamed.cache != nil {
		t.Fatal("kept or not, against the limit")
	}
	a, b := collect(t, kept), collect(t, streamed)
	if !reflect.DeepEqual(a, b) || kept.words != streamed.words || kept.digest != streamed.digest {
		t.Fatalf("a kept text has %d blocks and %d words, a streamed one %d and %d, or they differ", len(a), kept.words, len(b), streamed.words)
	}
	var want []int32
	for _, s := range all {
		n := 0
		for _, w := range s {
			if id := v.ID(w); id != 0 {
				if n == longestSentence {
					want, n = append(want, 0), 0
				}
				want, n = append(want, id), n+1
			}
		}
		if n > 0 {
			want = append(want, 0)
		}
	}
	var got []int32
	before := int64(0)
	for i, k := range a {
		words := 0
		for _, id := range k.ids {
			if id != 0 {
				words++
			}
		}
		if k.index != i || k.before != before || k.words != words || k.ids[len(k.ids)-1] != 0 || (words < blockWords && i < len(a)-1) || words > blockWords+longestSentence {
			t.Errorf("block %d: index %d, %d words before, %d in it, counted %d and %d", i, k.index, k.before, k.words, before, words)
		}
		before += int64(words)
		got = append(got, k.ids...)
	}
	if !slices.Equal(got, want) {
		t.Error("the blocks are not the text")
	}
}

// TestStreamedTextTrainsAlike trains on a text too long to keep.
func TestStreamedTextTrainsAlike(t *testing.T) {
	all := topics(1000)
	v := count(t, all)
	var data [2][]float32
	for i, limit := range []int{10, 1 << 20} {
		x, err := scanText(t.Context(), v, stream(all), limit)
		if err != nil {
			t.Fatal(err)
		}
		tr := newTrainer(v, x, small(), Options{Threads: 2}, Portable)
		if err := tr.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		data[i] = compact(tr.in, v.Len(), tr.p.Size, tr.parts*tr.width)
	}
	if !slices.Equal(data[0], data[1]) {
		t.Error("a streamed text gives other vectors than a kept one")
	}
}

func TestTextThatChanges(t *testing.T) {
	all := topics(500)
	x, err := scanText(t.Context(), count(t, all), stream(all), 0)
	if err != nil {
		t.Fatal(err)
	}
	x.sentences = stream(all[:400])
	err = newTrainer(x.vocabulary, x, small(), Options{}, Portable).run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the text changed") {
		t.Errorf("got %v", err)
	}
}

func TestSentencesAreApart(t *testing.T) {
	// Two sentences of one word each have no pairs: nothing moves.
	all := [][]string{{"一"}, {"二"}, {"一"}, {"二"}}
	v := count(t, all)
	x, err := scanText(t.Context(), v, stream(all), cachedWords)
	if err != nil {
		t.Fatal(err)
	}
	tr := newTrainer(v, x, small(), Options{}, Portable)
	start := slices.Clone(tr.in)
	if err := tr.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(tr.in, start) || slices.ContainsFunc(tr.out, func(x float32) bool { return x != 0 }) {
		t.Error("a pair crossed the border of a sentence")
	}
}

func TestRowsOfVectors(t *testing.T) {
	all := topics(200)
	for _, size := range []int{1, 5, 16, 17, 33, 256, 300} {
		p := small()
		p.Size, p.Epochs = size, 1
		v := train(t, all, p, Options{Threads: 8})
		if len(v.Data) != v.Vocabulary.Len()*size {
			t.Fatalf("size %d: %d numbers for %d words", size, len(v.Data), v.Vocabulary.Len())
		}
		for id := range int32(v.Vocabulary.Len()) {
			sum := 0.0
			for _, x := range v.Vector(id) {
				sum += math.Abs(float64(x))
			}
			if (sum == 0) != (id == 0) {
				t.Errorf("size %d: the numbers of word %d add up to %v", size, id, sum)
			}
		}
	}
}

func TestUntrainable(t *testing.T) {
	all := topics(200)
	words, err := vocab.New([]string{"森1", "森2"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Train(t.Context(), words, stream(all), small(), Options{}); err == nil || !strings.Contains(err.Error(), "no count for") {
		t.Errorf("a vocabulary without counts: %v", err)
	}
	p := small()
	p.Alpha = 1e30
	if _, err := Train(t.Context(), count(t, all), stream(all), p, Options{}); err == nil || !strings.Contains(err.Error(), "diverged") {
		t.Errorf("an absurd learning rate: %v", err)
	}
}

// TestEnginesFail checks that both engines hand on errors of the text and end
// with the context.
func TestEnginesFail(t *testing.T) {
	all := topics(2000)
	v := count(t, all)
	broken := errors.New("disk on fire")
	failing := func() iter.Seq2[[]string, error] {
		return func(yield func([]string, error) bool) {
			_ = yield(all[0], nil) && yield(nil, broken)
		}
	}
	for _, engine := range []string{EngineSkipGram, EngineWego} {
		p := small()
		p.Engine = engine
		if _, err := Train(t.Context(), v, failing, p, Options{Threads: 1}); !errors.Is(err, broken) {
			t.Errorf("%s, a text that breaks off: %v", engine, err)
		}
		if _, err := Train(t.Context(), v, stream([][]string{{"別的"}}), p, Options{Threads: 1}); !errors.Is(err, ErrNoText) {
			t.Errorf("%s, a text without known words: %v", engine, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Train(ctx, v, stream(all), p, Options{Threads: 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, a context that has ended: %v", engine, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	steps := 0
	_, err := Train(ctx, v, stream(all), small(), Options{Progress: func(done, total int64) { steps++; cancel() }})
	if !errors.Is(err, context.Canceled) || steps != 1 {
		t.Errorf("a context that ends while training: %v after %d steps", err, steps)
	}
}

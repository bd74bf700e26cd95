package embed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wakong/vocab"
)

// trained trains on a text and gives input and output vectors.
func trained(t *testing.T, v *vocab.Vocabulary, all [][]string, p Params, o Options) (in, out *Vectors) {
	t.Helper()
	o.Output = func(given *Vectors) error { out = given; return nil }
	in, err := Train(context.Background(), v, stream(all), p, o)
	if err != nil {
		t.Fatal(err)
	}
	return in, out
}

// Steps too small for single precision leave the given vectors where they are.
func TestStartGivesVectors(t *testing.T) {
	all := topics(200)
	v := count(t, all)
	p := small()
	in, out := trained(t, v, all, p, Options{})
	if slices.Equal(in.Data, out.Data) || len(out.Data) != len(in.Data) {
		t.Fatal("output vectors are wrong")
	}
	p.Alpha = 1e-60
	more := append(topics(100), []string{"新", "海1", "新"})
	words, err := count(t, more).Extended(v)
	if err != nil {
		t.Fatal(err)
	}
	again, outAgain := trained(t, words, more, p, Options{Start: &Start{Vectors: in, Output: out}})
	fresh := train(t, more, p, Options{})
	for id := int32(1); int(id) < words.Len(); id++ {
		word := words.Word(id)
		want, wantOut := fresh.Vector(id), make([]float32, p.Size)
		if old := v.ID(word); old != vocab.UNK {
			want, wantOut = in.Vector(old), out.Vector(old)
		}
		if !slices.Equal(again.Vector(id), want) || !slices.Equal(outAgain.Vector(id), wantOut) {
			t.Errorf("%s begins with other vectors", word)
		}
	}
}

// Two halves of a training are as good as a whole one.
func TestStartGoesOn(t *testing.T) {
	all := topics(2000)
	v := count(t, all)
	p := small()
	in, out := trained(t, v, all[:1000], p, Options{})
	got, _ := trained(t, v, all[1000:], p, Options{Start: &Start{Vectors: in, Output: out}})
	if share := topicsApart(t, got); share < 1 {
		t.Errorf("%.2f of the words have a neighbour of their topic", share)
	}
	// For any number of threads, too.
	for _, threads := range []int{2, 8} {
		again, _ := trained(t, v, all[1000:], p, Options{Threads: threads, Start: &Start{Vectors: in, Output: out}})
		if !slices.Equal(again.Data, got.Data) {
			t.Errorf("%d threads give other vectors", threads)
		}
	}
}

// Words that the text lacks keep their vectors.
func TestStartKeepsWords(t *testing.T) {
	old := &Vectors{Size: 20, Data: make([]float32, 3*20)}
	for i := range old.Data[20:] {
		old.Data[20+i] = float32(i) / 100
	}
	var err error
	if old.Vocabulary, err = vocab.New([]string{"磨坊", "海1"}, nil); err != nil {
		t.Fatal(err)
	}
	all := topics(300)
	words, err := count(t, all).Extended(old.Vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := trained(t, words, all, small(), Options{Start: &Start{Vectors: old}})
	if !slices.Equal(got.Vector(words.ID("磨坊")), old.Vector(1)) {
		t.Error("a word that the text lacks has got another vector")
	}
	if slices.Equal(got.Vector(words.ID("海1")), old.Vector(2)) {
		t.Error("a word of the text has kept its vector")
	}
}

// A checkpoint belongs to the vectors that its training began with.
func TestStartIsPartOfTheCheckpoint(t *testing.T) {
	all := topics(9000)
	v := count(t, all)
	first, second := train(t, all[:100], small(), Options{}), train(t, all[:200], small(), Options{})
	o := Options{Start: &Start{Vectors: first}, Checkpoint: Checkpoint{Path: filepath.Join(t.TempDir(), "c"), Every: 1}}
	want, _ := trained(t, v, all, small(), o)
	ctx, cancel := context.WithCancel(context.Background())
	o.Progress = func(done, _ int64) { cancel() }
	o.Checkpoint.Path += "2"
	if _, err := Train(ctx, v, stream(all), small(), o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, expected a cancelled training", err)
	}
	o.Progress = nil
	o.Notice = func(text string) { t.Error(text) }
	if got, _ := trained(t, v, all, small(), o); !slices.Equal(got.Data, want.Data) {
		t.Error("went on to other vectors")
	}
	notice := ""
	o.Notice = func(text string) { notice = text }
	o.Start = &Start{Vectors: second}
	trained(t, v, all, small(), o)
	if !strings.Contains(notice, "the vectors to start from differ") {
		t.Errorf("notice %q", notice)
	}
}

func TestBadStarts(t *testing.T) {
	all := topics(50)
	v := count(t, all)
	good := train(t, all, small(), Options{})
	missing, err := v.Extended(count(t, [][]string{{"磨坊"}}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want   string
		words  *vocab.Vocabulary
		change func(*Params)
		start  Start
	}{
		{"expected 21", v, func(p *Params) { p.Size++ }, Start{Vectors: good}},
		{"without vectors", v, nil, Start{Output: good}},
		{"do not belong together", v, nil, Start{Vectors: &Vectors{Size: 20}}},
		{"only begin at random", v, func(p *Params) { p.Engine = EngineWego }, Start{Vectors: good}},
		{`no count for "磨坊", and no vector`, missing, nil, Start{Vectors: good}},
	} {
		p := small()
		if c.change != nil {
			c.change(&p)
		}
		_, err := Train(context.Background(), c.words, stream(all), p, Options{Start: &c.start})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, expected %q", err, c.want)
		}
	}
	if _, err := Train(context.Background(), missing, stream(all), small(), Options{}); err == nil || !strings.Contains(err.Error(), "no count") {
		t.Errorf("a word without a count was taken: %v", err)
	}
}

// Of a file, the wanted words alone are kept, in all its forms.
func TestOnlyWantedWords(t *testing.T) {
	v := sample(t, 5)
	only := count(t, [][]string{{v.Vocabulary.Word(2), v.Vocabulary.Word(4), "别的"}})
	for _, name := range []string{"v.txt", "v.bin.zst", "v.npy"} {
		path := filepath.Join(t.TempDir(), name)
		if err := v.Save(path); err != nil {
			t.Fatal(err)
		}
		got, err := Open(path, ReadOptions{Only: only})
		if err != nil {
			t.Fatal(err)
		}
		if got.Vocabulary.Len() != 3 || !slices.Equal(got.Data[got.Size:], slices.Concat(v.Vector(2), v.Vector(4))) {
			t.Errorf("%s: %d words", name, got.Vocabulary.Len()-1)
		}
		if got, err = Open(path, ReadOptions{Only: only, Limit: 3}); err != nil || got.Vocabulary.Len() != 2 {
			t.Errorf("%s: the first three: %v, %v", name, got, err)
		}
		if _, err := Open(path, ReadOptions{Only: count(t, [][]string{{"别的"}})}); err == nil || !strings.Contains(err.Error(), "none of which is wanted") {
			t.Errorf("%s: no wanted word: %v", name, err)
		}
	}
}

// Two texts, one after the other.
func ExampleStart() {
	ctx := context.Background()
	old, more := topics(2000), [][]string{{"海1", "灯塔", "海2"}, {"海3", "灯塔"}}
	v, err := CountWords(ctx, stream(old), 2)
	if err != nil {
		panic(err)
	}
	p := DefaultParams()
	p.Size = 16
	var start Start
	start.Vectors, err = Train(ctx, v, stream(old), p, Options{
		Output: func(output *Vectors) error { start.Output = output; return nil },
	})
	if err != nil {
		panic(err)
	}
	words, err := CountWords(ctx, stream(more), 2)
	if err != nil {
		panic(err)
	}
	if words, err = words.Extended(v); err != nil { // and the words of before
		panic(err)
	}
	vectors, err := Train(ctx, words, stream(more), p, Options{Start: &start})
	if err != nil {
		panic(err)
	}
	fmt.Println(words.Word(1), vectors.Vocabulary.Len()-1)
	// Output: 灯塔 21
}

// sample has words of two bytes and vectors that tell them apart.
func sample(t *testing.T, words int) *Vectors {
	t.Helper()
	v := &Vectors{Size: 3, Data: make([]float32, 3)}
	var names []string
	for i := range words {
		names = append(names, fmt.Sprint("w", i))
		v.Data = append(v.Data, float32(i), 0.5, -float32(i))
	}
	var err error
	if v.Vocabulary, err = vocab.New(names, nil); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := v.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return v
}

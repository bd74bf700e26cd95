package embed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wakong/vocab"
)

// topics is a text of two topics whose words never meet in a sentence.
func topics(sentences int) [][]string {
	rng := rand.New(rand.NewPCG(1, 2))
	var all [][]string
	for range sentences {
		prefix := []string{"森", "海"}[rng.IntN(2)]
		s := make([]string, 12)
		for i := range s {
			s[i] = fmt.Sprint(prefix, rng.IntN(10))
		}
		all = append(all, s)
	}
	return all
}

func count(t testing.TB, all [][]string) *vocab.Vocabulary {
	t.Helper()
	v, err := CountWords(context.Background(), stream(all), 1)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func small() Params {
	p := DefaultParams()
	p.Size, p.Epochs, p.Negative, p.Sample = 20, 6, 5, 0
	return p
}

func train(t testing.TB, all [][]string, p Params, o Options) *Vectors {
	t.Helper()
	v, err := Train(context.Background(), count(t, all), stream(all), p, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// topicsApart is the share of words whose nearest neighbour is of their topic.
func topicsApart(t *testing.T, v *Vectors) float64 {
	t.Helper()
	same, words := 0, 0
	for id := int32(1); int(id) < v.Vocabulary.Len(); id++ {
		word := v.Vocabulary.Word(id)
		near, err := v.Nearest(word, 1)
		if err != nil {
			t.Fatal(err)
		}
		words++
		if []rune(near[0].Word)[0] == []rune(word)[0] {
			same++
		}
	}
	return float64(same) / float64(words)
}

func TestNeighboursShareTopics(t *testing.T) {
	all := topics(2000)
	for _, k := range Kernels() {
		if share := topicsApart(t, train(t, all, small(), Options{Kernel: k})); share < 1 {
			t.Errorf("%v: %.2f of the words have a neighbour of their topic", k, share)
		}
	}
}

func TestWegoTrains(t *testing.T) {
	if raceDetector {
		t.Skip("wego's threads race for its weights and its learning rate, by design")
	}
	p := small()
	p.Engine = EngineWego
	all := topics(500)
	v := train(t, all, p, Options{Threads: 2})
	if v.Size != p.Size || v.Vocabulary.Len() != 21 || len(v.Data) != 21*p.Size {
		t.Errorf("%d words of size %d", v.Vocabulary.Len()-1, v.Size)
	}
	moved := false
	for id := int32(1); int(id) < v.Vocabulary.Len(); id++ {
		for _, x := range v.Vector(id) {
			// Untrained, no number exceeds half the inverse of the size.
			moved = moved || math.Abs(float64(x)) > 0.5/float64(p.Size)
		}
	}
	if !moved {
		t.Error("wego left the vectors where they began")
	}
}

func TestSameVectorsEveryTime(t *testing.T) {
	all := topics(3000)
	p := small()
	p.Size, p.Epochs = 64, 4
	for _, k := range Kernels() {
		want := train(t, all, p, Options{Kernel: k, Threads: 1})
		for _, threads := range []int{2, 8} {
			if !slices.Equal(train(t, all, p, Options{Kernel: k, Threads: threads}).Data, want.Data) {
				t.Errorf("%v: %d threads give other vectors", k, threads)
			}
		}
		other := p
		other.Seed++
		if slices.Equal(train(t, all, other, Options{Kernel: k}).Data, want.Data) {
			t.Errorf("%v: another seed gives the same vectors", k)
		}
	}
}

// TestInterruptedTrainingGoesOn cancels a training again and again.
func TestInterruptedTrainingGoesOn(t *testing.T) {
	all := topics(9000) // several chunks an epoch
	want := train(t, all, small(), Options{})
	o := Options{Checkpoint: Checkpoint{Path: filepath.Join(t.TempDir(), "c"), Every: 1}, Notice: func(s string) { t.Error(s) }}
	for tries := 0; ; tries++ {
		ctx, cancel := context.WithCancel(context.Background())
		chunks := 0
		o.Progress = func(done, total int64) {
			if chunks++; chunks > tries%4 {
				cancel()
			}
		}
		got, err := Train(ctx, count(t, all), stream(all), small(), o)
		cancel()
		if errors.Is(err, context.Canceled) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if tries < 5 {
			t.Errorf("only %d interruptions", tries)
		}
		if !slices.Equal(got.Data, want.Data) {
			t.Error("other vectors than an undisturbed training's")
		}
		return
	}
}

func TestForeignAndDamagedCheckpoints(t *testing.T) {
	all := topics(300)
	p := small()
	path := filepath.Join(t.TempDir(), "c")
	o := Options{Checkpoint: Checkpoint{Path: path, Every: 1}}
	want := train(t, all, p, o)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 4
	foreign := p
	foreign.Window = 3
	for name, c := range map[string]struct {
		content []byte
		params  Params
		notice  string
	}{
		"flipped":   {flipped, p, "checksum"},
		"cut off":   {good[:10], p, "another kind of file"},
		"truncated": {good[:len(good)-1], p, "checksum"},
		"halved":    {good[:len(good)/2], p, "damaged"},
		"empty":     {nil, p, "another kind of file"},
		"too long":  {append(bytes.Clone(good), 1), p, "checksum"},
		"foreign":   {good, foreign, "another training"},
	} {
		if err := os.WriteFile(path, c.content, 0o644); err != nil {
			t.Fatal(err)
		}
		var notice string
		o.Notice = func(s string) { notice = s }
		got := train(t, all, c.params, o)
		if !strings.Contains(notice, c.notice) {
			t.Errorf("%s: notice %q, expected one about %q", name, notice, c.notice)
		}
		if name != "foreign" && !slices.Equal(got.Data, want.Data) {
			t.Errorf("%s: other vectors", name)
		}
	}
}

func TestBadTrainings(t *testing.T) {
	ctx := context.Background()
	all := topics(20)
	v := count(t, all)
	for name, change := range map[string]func(*Params){
		"size": func(p *Params) { p.Size = 0 }, "window": func(p *Params) { p.Window = -1 },
		"negatives": func(p *Params) { p.Negative = 60000 }, "epochs": func(p *Params) { p.Epochs = 0 },
		"min count": func(p *Params) { p.MinCount = -1 }, "sample": func(p *Params) { p.Sample = math.NaN() },
		"alpha": func(p *Params) { p.Alpha = math.Inf(1) }, "engine": func(p *Params) { p.Engine = "glove" },
	} {
		p := small()
		change(&p)
		if _, err := Train(ctx, v, stream(all), p, Options{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Train(ctx, v, stream([][]string{{"别的"}}), small(), Options{}); !errors.Is(err, ErrNoText) {
		t.Errorf("a text without known words: %v", err)
	}
	if _, err := CountWords(ctx, stream(nil), 1); !errors.Is(err, vocab.ErrEmpty) {
		t.Errorf("an empty text: %v", err)
	}
	broken := errors.New("disk on fire")
	failing := func() iter.Seq2[[]string, error] {
		return func(yield func([]string, error) bool) {
			_ = yield(all[0], nil) && yield(nil, broken)
		}
	}
	if _, err := Train(ctx, v, failing, small(), Options{}); !errors.Is(err, broken) {
		t.Errorf("a text that breaks off: %v", err)
	}
	if _, err := CountWords(ctx, failing, 1); !errors.Is(err, broken) {
		t.Errorf("counting a text that breaks off: %v", err)
	}
}

func ExampleTrain() {
	text := topics(2000) // any iterator over sentences will do
	v, err := CountWords(context.Background(), stream(text), 2)
	if err != nil {
		panic(err)
	}
	p := DefaultParams()
	p.Size = 16
	vectors, err := Train(context.Background(), v, stream(text), p, Options{Kernel: Portable})
	if err != nil {
		panic(err)
	}
	near, err := vectors.Nearest("海3", 3)
	if err != nil {
		panic(err)
	}
	for _, n := range near {
		fmt.Println(strings.TrimRight(n.Word, "0123456789"), n.Similarity > 0.5)
	}
	// Output:
	// 海 true
	// 海 true
	// 海 true
}

package reader

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"wakong/model"
	"wakong/model/lstm"
	"wakong/vocab"
)

// smallVocabulary has nouns of one and two characters, some other words, and
// the end of a sentence.
func smallVocabulary(t *testing.T) (*vocab.Vocabulary, []string) {
	t.Helper()
	words, tags, counts := []string{"。"}, []string{"", "x"}, []int64{50}
	for i := range 12 {
		word, tag := fmt.Sprintf("%c", '一'+rune(i%7)), "n"
		if i >= 7 {
			word += "乙"
		}
		if i%4 == 3 {
			tag = "d"
		}
		if i == 3 {
			word = "说"
		}
		words, tags, counts = append(words, word), append(tags, tag), append(counts, int64(40-i))
	}
	v, err := vocab.New(words, counts)
	if err != nil {
		t.Fatal(err)
	}
	return v, tags
}

func small(o Options) Options {
	o.Units, o.Layers, o.Characters, o.Hidden, o.Keys, o.Seed = 4, 2, 3, 7, 6, 3
	o.LearningRate = 0.01
	return o
}

func newSmall[T lstm.Float](t *testing.T, o Options) *Network[T] {
	t.Helper()
	v, tags := smallVocabulary(t)
	return newOf[T](t, v, tags, o)
}

// newOf makes a network over a vocabulary, with random vectors.
func newOf[T lstm.Float](t *testing.T, v *vocab.Vocabulary, tags []string, o Options) *Network[T] {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	vectors := make([]T, v.Len()*5)
	for i := range vectors {
		vectors[i] = T(rng.Float64() - 0.5)
	}
	n, err := New(NewLexicon(v, tags), vectors, o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// texts are random but for a habit: word 2 is followed by word 1.
func smallTexts(v int, lengths ...int) []model.Example {
	rng := rand.New(rand.NewPCG(5, 6))
	var all []model.Example
	for i, length := range lengths {
		e := model.Example{ID: fmt.Sprint(i), Unknown: []string{"甲甲"}}
		for j := range length {
			id := int32(1 + rng.IntN(v))
			if j > 0 && e.Left[j-1] == 3 {
				id = 2
			}
			e.Left = append(e.Left, id)
		}
		all = append(all, e)
	}
	return all
}

// questions asks for a noun of each text.
func questions(l *Lexicon, texts []model.Example) []model.Example {
	var all []model.Example
	for _, text := range texts {
		at := len(text.Left) / 2
		if blanks := l.text(text.Left, text.Unknown, false).blanks; len(blanks) > 0 {
			at = int(blanks[len(blanks)/2])
		}
		all = append(all, model.Example{ID: text.ID, Left: text.Left[:at], Right: text.Left[at+1:], Answer: text.Left[at], Unknown: text.Unknown})
	}
	return all
}

// TestGradients holds every gradient against finite differences.
func TestGradients(t *testing.T) {
	n := newSmall[float64](t, small(Options{Reread: 5, WordLoss: 0.5, WordShare: 0.5, WordSamples: 3, VectorRate: 1, Dropout: Dropout{Words: 0.1, Input: 0.2, Layers: 0.3, Output: 0.2, Recurrent: 0.3, Reread: 0.2, Hidden: 0.3}}))
	rng := rand.New(rand.NewPCG(7, 8))
	for _, piece := range []piece{n.reread.parts.features, n.reread.parts.out} {
		for i := range part(n.theta, piece) {
			part(n.theta, piece)[i] = rng.Float64() - 0.5
		}
	}
	var passages []*passage
	for _, text := range smallTexts(n.vocabulary, 17, 12, 25) {
		for i, id := range text.Left { // leaves words to be drawn
			if id >= 9 && id <= 11 {
				text.Left[i] = 8
			}
		}
		passages = append(passages, n.lexicon.text(text.Left, text.Unknown, false))
	}
	var u updates[float64]
	run := func(backward bool) float64 {
		n.random = rand.New(rand.NewPCG(1, 1))
		b, err := n.pack(passages, n.random)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.sampled) == 0 {
			t.Fatal("no words were drawn")
		}
		loss, err := n.forward(b)
		if err == nil && backward {
			err = n.backward(b, &u)
		}
		if err != nil {
			t.Fatal(err)
		}
		return loss.Blanks + n.o.WordLoss*loss.Words
	}
	run(true)
	grad := append([]float64(nil), n.pass.grad...)
	vectors := make([]float64, len(n.vectors))
	for i, id := range u.ids {
		addScaled(vectors[int(id)*n.dim:], u.rows[i*n.dim:][:n.dim], 1)
	}
	check := func(what string, theta, grad []float64) {
		wrong, moved := 0, false
		for i := range theta {
			const e = 1e-5
			old := theta[i]
			theta[i] = old + e
			up := run(false)
			theta[i] = old - e
			want := (up - run(false)) / (2 * e)
			theta[i] = old
			moved = moved || grad[i] != 0
			if math.Abs(want-grad[i]) > 1e-6*(1+math.Abs(want)) {
				if wrong++; wrong < 4 {
					t.Errorf("%s %d: %.8f, by differences %.8f", what, i, grad[i], want)
				}
			}
		}
		if wrong > 0 || !moved {
			t.Errorf("%s: %d of %d wrong, some not 0: %v", what, wrong, len(theta), moved)
		}
	}
	p := n.parts
	check("characters", part(n.theta, p.characters), part(grad, p.characters))
	check("unknown", part(n.theta, p.unknown), part(grad, p.unknown))
	check("scale", part(n.theta, p.scale), part(grad, p.scale))
	for l, layer := range p.layers {
		check(fmt.Sprint("layer ", l), part(n.theta, layer), part(grad, layer))
	}
	for _, l := range n.linears() {
		check(l.name, part(n.theta, l.piece), part(grad, l.piece))
	}
	r := n.reread.parts
	for i, piece := range []piece{r.features, r.first, r.blank, r.layer, r.out} {
		check(fmt.Sprint("second reading ", i), part(n.theta, piece), part(grad, piece))
	}
	check("vectors", n.vectors, vectors)
}

// TestBlanksAreHidden: what stands at a blank has no influence on its
// candidates' scores, so that all blanks of a passage can be asked for at once.
func TestBlanksAreHidden(t *testing.T) {
	n := newSmall[float64](t, small(Options{Reread: 5}))
	rng := rand.New(rand.NewPCG(7, 8))
	for i := range part(n.theta, n.reread.parts.out) {
		part(n.theta, n.reread.parts.out)[i] = rng.Float64()
	}
	for _, piece := range []piece{n.reread.parts.features, n.reread.parts.first} {
		for i := range part(n.theta, piece) {
			part(n.theta, piece)[i] = rng.Float64()
		}
	}
	features := part(n.theta, n.parts.features)
	for i := range features {
		features[i] = rng.Float64()
	}
	texts := smallTexts(n.vocabulary, 40, 25, 60, 30, 35, 30, 50, 20, 20, 20)
	n.setCollocations(texts)
	// 问 is a noun to a dictionary, and a verb of speech.
	n.lexicon.roles[slices.Index(n.lexicon.target, true)] |= speech
	scores := func(words []int32, unknown []string, blanks ...int32) map[int32]float64 {
		p := n.lexicon.newPassage(words, unknown)
		p.blanks = blanks
		b, err := n.pack([]*passage{p}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.forward(b); err != nil {
			t.Fatal(err)
		}
		all := map[int32]float64{}
		for j, key := range b.keys.of(0) {
			all[key] = n.pass.scores[0][j]
		}
		return all
	}
	for _, text := range texts {
		blanks := n.lexicon.text(text.Left, text.Unknown, false).blanks
		for _, blank := range blanks {
			together := scores(text.Left, text.Unknown, append([]int32{blank}, blanks...)...)
			hidden := append([]int32(nil), text.Left...)
			hidden[blank] = 0
			for key, want := range scores(hidden, text.Unknown, blank) {
				if math.Abs(together[key]-want) > 1e-12 {
					t.Errorf("blank %d: candidate %d has %v, with the word hidden %v", blank, key, together[key], want)
				}
			}
		}
	}
}

func train(t *testing.T, n *Network[float32], o TrainOptions) (model.TrainResult, model.Weights) {
	t.Helper()
	texts := smallTexts(n.vocabulary-3, 60, 90, 300, 45, 200, 10) // two words are left to be drawn
	o.StepWords, o.PassageWords = 120, 50
	result, err := Train(context.Background(), n, texts, questions(n.lexicon, texts), o)
	if err != nil {
		t.Fatal(err)
	}
	return result, n.Weights()
}

var everything = Options{Reread: 5, WordLoss: 1, WordShare: 0.5, WordSamples: 20, VectorRate: 0.5, Clip: 1, Average: 0.9, Substitute: 0.3, Answers: Answers{Times: []float64{1, 3, 2}, Earlier: 40, Lightest: 0.9}, Dropout: Dropout{Words: 0.1, Rare: 0.5, Input: 0.1, Layers: 0.1, Output: 0.1, Recurrent: 0.1, Reread: 0.1, Hidden: 0.1, Rise: 0.5}}

// TestThreads: the weights are the same for any number of threads, on each kernel.
func TestThreads(t *testing.T) {
	for _, kernel := range lstm.Kernels() {
		var want model.Weights
		for _, threads := range []int{1, 2, 8} {
			o := small(everything)
			o.Threads, o.Kernel = threads, kernel
			_, w := train(t, newSmall[float32](t, o), TrainOptions{Epochs: 3})
			if want == nil {
				want = w
			}
			if !reflect.DeepEqual(w, want) {
				t.Errorf("%v: %d threads give other weights than 1", kernel, threads)
			}
		}
	}
}

// TestKeepsLast: the weights left behind are the last that are not worse than the
// best by more than a standard error.
func TestKeepsLast(t *testing.T) {
	o := small(everything)
	o.Units, o.Dropout, o.LearningRate = 16, Dropout{}, 0.02
	n := newSmall[float32](t, o)
	texts := smallTexts(n.vocabulary-3, 60, 90, 300, 45, 200, 10)
	asked := questions(n.lexicon, texts)
	result, _ := train(t, n, TrainOptions{Epochs: 60, ValidateEvery: 1})
	top, last, best := 0.0, 0, 0
	for i, m := range result.Metrics {
		top = max(top, m.Accuracy)
		if within := m.Accuracy >= top-math.Sqrt(top*(1-top)/float64(len(asked))); within != m.Best {
			t.Errorf("validation %d: accuracy %g after %g at best, kept: %v", i, m.Accuracy, top, m.Best)
		}
		if m.Best {
			last = i
		}
		if m.Accuracy > result.Metrics[best].Accuracy {
			best = i
		}
	}
	kept := result.Metrics[last]
	if last == best || top == result.Metrics[0].Accuracy {
		t.Fatalf("the training tests nothing: %d is kept, %d is the best", last, best)
	}
	if result.BestStep != kept.Step || result.Accuracy != kept.Accuracy {
		t.Errorf("step %d with accuracy %g was kept, want %+v", result.BestStep, result.Accuracy, kept)
	}
	v, err := model.Validate(t.Context(), n, asked, nil)
	if err != nil || v.Loss != kept.ValidationLoss || v.Accuracy != kept.Accuracy {
		t.Errorf("the network left behind: %+v, %v, want %+v", v, err, kept)
	}
}

// TestLearns: the loss falls and the habit is learned.
func TestLearns(t *testing.T) {
	o := small(everything)
	o.Units, o.Dropout, o.Answers.Lightest = 16, Dropout{}, 0
	result, _ := train(t, newSmall[float32](t, o), TrainOptions{Epochs: 150})
	first, last := result.Metrics[0], result.Metrics[len(result.Metrics)-1]
	if last.Loss > first.Loss/2 || last.WordLoss > first.WordLoss*0.8 {
		t.Errorf("the loss went from %.3f and %.3f to %.3f and %.3f", first.Loss, first.WordLoss, last.Loss, last.WordLoss)
	}
	if result.Accuracy < 0.5 {
		t.Errorf("accuracy %.2f on texts that were trained on", result.Accuracy)
	}
}

// TestResume: a training that was stopped at each of its reports goes on to the
// same weights and metrics.
func TestResume(t *testing.T) {
	o := small(everything)
	wantResult, want := train(t, newSmall[float32](t, o), TrainOptions{Epochs: 3, ValidateEvery: 4})
	path := filepath.Join(t.TempDir(), "checkpoint")
	texts := smallTexts(newSmall[float32](t, o).vocabulary-3, 60, 90, 300, 45, 200, 10)
	stops := 0
	for {
		n := newSmall[float32](t, o)
		ctx, cancel := context.WithCancel(context.Background())
		result, err := Train(ctx, n, texts, questions(n.lexicon, texts), TrainOptions{
			Epochs: 3, ValidateEvery: 4, StepWords: 120, PassageWords: 50, Checkpoint: path, Identity: "test",
			Notice:   func(text string) { t.Error(text) },
			Progress: func(model.Progress) { cancel() },
		})
		cancel()
		if errors.Is(err, context.Canceled) {
			stops++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if stops < wantResult.Steps {
			t.Errorf("stopped %d times in %d steps", stops, wantResult.Steps)
		}
		if !reflect.DeepEqual(n.Weights(), want) || !reflect.DeepEqual(result.Metrics, wantResult.Metrics) {
			t.Error("the resumed training gives other weights or metrics")
		}
		return
	}
}

// TestWeights: weights travel through a file to a network without tags.
func TestWeights(t *testing.T) {
	o := small(everything)
	n := newSmall[float32](t, o)
	_, w := train(t, n, TrainOptions{Epochs: 1})
	other, err := New(newLexicon(n.lexicon.Vocabulary), make([]float32, len(n.vectors)), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.SetWeights(w); err != nil {
		t.Fatal(err)
	}
	ask := questions(n.lexicon, smallTexts(n.vocabulary-1, 30, 50))
	a, errA := n.Probabilities(ask)
	b, errB := other.Probabilities(ask)
	if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("the same weights answer differently: %v %v", errA, errB)
	}
	for name := range w {
		less := model.Weights{}
		for k, v := range w {
			if k != name {
				less[k] = v
			}
		}
		if other.SetWeights(less) == nil {
			t.Errorf("weights without %q were taken", name)
		}
	}
	w["more"] = model.Tensor{Shape: []int{1}, Data: []float32{0}}
	if other.SetWeights(w) == nil {
		t.Error("weights with a tensor too many were taken")
	}
}

// TestPredictionBatches: how many questions are computed at once changes no bit.
func TestPredictionBatches(t *testing.T) {
	lengths := []int{7, 120, 33, 64, 5, 90, 41, 18, 77, 25, 60, 11}
	var want [][]float64
	for _, most := range []int{1 << 14, 1, 40, 200} {
		n := newSmall[float32](t, Options{Units: 19, Characters: 3, Hidden: 37, Keys: 21, Reread: 13, Seed: 3, MaxWords: most})
		got, err := n.Probabilities(questions(n.lexicon, smallTexts(n.vocabulary, lengths...)))
		switch {
		case err != nil:
			t.Fatal(err)
		case want == nil:
			want = got
		case !reflect.DeepEqual(got, want):
			t.Errorf("with %d words at once other probabilities than with all", most)
		}
	}
}

// TestOdd: passages at the edges have probabilities that add up to 1.
func TestOdd(t *testing.T) {
	n := newSmall[float32](t, small(Options{MaxWords: 30}))
	last := int32(n.vocabulary)
	for name, e := range map[string]model.Example{
		"one word":                {Left: []int32{2}},
		"no candidate":            {Left: []int32{1, 1, 5, 5, 1}, Right: []int32{1}},
		"no Chinese word":         {Right: []int32{1, 1, 1}},
		"blank first":             {Right: []int32{2, 3, 4, 6, 7, 2}},
		"blank last":              {Left: []int32{2, 3, 4, 6, 7, 2}},
		"unknown words":           {Left: []int32{last, last + 1, 1, 2}, Right: []int32{1, 2, last}, Unknown: []string{"甲乙", "a"}},
		"longer than the bound":   {Left: make32(50, 2), Right: make32(40, 3)},
		"candidates are too near": {Left: []int32{2}, Right: []int32{3}},
	} {
		probabilities, err := n.Probabilities([]model.Example{e, e})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, p := range probabilities {
			sum := 0.0
			for _, x := range p {
				sum += x
			}
			if len(p) != e.Words() || math.Abs(sum-1) > 1e-5 {
				t.Errorf("%s: %d probabilities for %d words, sum %v", name, len(p), e.Words(), sum)
			}
		}
	}
	if p, err := n.Probabilities([]model.Example{{ID: "empty"}}); err != nil || len(p[0]) != 0 {
		t.Errorf("a passage of the blank alone: %v %v", p, err)
	}
}

func make32(n int, id int32) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = id
	}
	return s
}

// TestCut: passages of a text are all of it, in order, cut at ends of sentences.
func TestCut(t *testing.T) {
	n := newSmall[float32](t, small(Options{}))
	rng := rand.New(rand.NewPCG(1, 1))
	for _, text := range smallTexts(n.vocabulary-1, 1, 30, 61, 400, 1000, 5000) {
		var joined []int32
		for i, p := range n.lexicon.cut(text.Left, 100, rng) {
			joined = append(joined, p...)
			if len(p) == 0 || len(p) > 100+shortRest {
				t.Errorf("passage %d has %d words", i, len(p))
			}
		}
		if !reflect.DeepEqual(joined, text.Left) {
			t.Errorf("the passages of a text of %d words are not the text", len(text.Left))
		}
	}
}

// TestAnswers: the blanks' weights have the shares that were asked for.
func TestAnswers(t *testing.T) {
	// The last names several at once, which their weights have nearly.
	for _, want := range []Answers{
		{Times: []float64{10, 40, 20, 30}}, {Lengths: []float64{30, 70}}, {Places: []float64{25, 45, 30}},
		{Earlier: 60}, {Sentence: 20}, {Beside: 60}, {Unknown: 10}, {Other: 20}, {Lengths: []float64{45, 55}, Places: []float64{40, 30, 30}, Earlier: 65},
	} {
		holdAnswers(t, want)
	}
	for _, shares := range [][]float64{{0, 0}, {1, -1}, {math.NaN()}, {math.Inf(1)}, make([]float64, mostShares+1)} {
		if _, err := small(Options{Answers: Answers{Times: shares}}).withDefaults(); err == nil {
			t.Errorf("no error for the shares %v", shares)
		}
	}
	for _, share := range []float64{-1, 100, math.NaN()} {
		if _, err := small(Options{Answers: Answers{Unknown: share}}).withDefaults(); err == nil {
			t.Errorf("no error for %g %% of unknown answers", share)
		}
	}
}

// holdAnswers weighs the blanks of some texts and counts their traits anew.
func holdAnswers(t *testing.T, want Answers) {
	t.Helper()
	n := newSmall[float32](t, small(Options{Answers: want}))
	n.known[3], n.known[8] = false, false
	n.lexicon.candidate[9] = true // is no noun
	var passages []*passage
	for _, text := range smallTexts(n.vocabulary-1, 20, 25, 30, 40, 60, 90, 70, 80, 45, 55, 65) {
		p := n.lexicon.text(text.Left, text.Unknown, want.Other > 0)
		n.describe(p)
		passages = append(passages, p)
	}
	n.setAnswers([][]*passage{passages[:2], passages[2:]})
	got := map[string]float64{}
	total := 0.0
	for _, p := range passages {
		number := 0 // of the sentence
		sentences := make([]int, len(p.words))
		for i, id := range p.words {
			sentences[i] = number
			if n.lexicon.endsAt(id) && (i+1 == len(p.words) || !n.lexicon.endsAt(p.words[i+1])) {
				number++
			}
		}
		for i, at := range p.blanks {
			elsewhere, earlier, same := 0, false, false
			for j, id := range p.words {
				if id == p.words[at] && j != int(at) {
					elsewhere++
					earlier = earlier || j < int(at)
					same = same || sentences[j] == sentences[at]
				}
			}
			noun := func(i int32) bool {
				return i >= 0 && int(i) < len(p.words) && n.lexicon.target[p.words[i]]
			}
			w := n.weight(p.traits[i])
			total += w
			got[fmt.Sprint("times ", min(elsewhere, 4))] += w
			got[fmt.Sprint("length ", min(2, len([]rune(n.lexicon.word(p, p.words[at])))))] += w
			got[fmt.Sprint("place ", int(at)*3/len(p.words))] += w
			got[fmt.Sprint("earlier ", earlier)] += w
			got[fmt.Sprint("sentence ", same)] += w
			got[fmt.Sprint("beside ", noun(at-1) || noun(at+1))] += w
			got[fmt.Sprint("other ", !n.lexicon.target[p.words[at]])] += w
			got[fmt.Sprint("unknown ", p.words[at] == 3 || p.words[at] == 8)] += w
		}
	}
	hold := func(name string, share float64) {
		if got := 100 * got[name] / total; math.Abs(got-share) > 0.01 {
			t.Errorf("%+v: %s has %.3f %% of the weight, want %.0f", want, name, got, share)
		}
	}
	for i, share := range want.Times {
		hold(fmt.Sprint("times ", i+1), share)
	}
	for i, share := range want.Lengths {
		hold(fmt.Sprint("length ", i+1), share)
	}
	for i, share := range want.Places {
		hold(fmt.Sprint("place ", i), share)
	}
	for name, share := range map[string]float64{"earlier true": want.Earlier, "sentence true": want.Sentence, "beside true": want.Beside, "unknown true": want.Unknown, "other true": want.Other} {
		if share > 0 {
			hold(name, share)
		}
	}
}

// TestPortableBits: the portable kernel gives these weights on every CPU.
func TestPortableBits(t *testing.T) {
	o := small(everything)
	o.Kernel = lstm.Portable
	_, w := train(t, newSmall[float32](t, o), TrainOptions{Epochs: 2})
	sum := sha256.New()
	if err := model.WriteWeights(sum, w, nil); err != nil {
		t.Fatal(err)
	}
	const want = "41f297b62265b85ded14fe98b60329e9b7273435d0ecba2f8919727f27b343d6"
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		t.Errorf("the weights' SHA-256 is %s, expected %s", got, want)
	}
}

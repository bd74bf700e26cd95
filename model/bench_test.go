package model

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"wakong/corpus"
	"wakong/model/lstm"
)

// The benchmarks time whole steps through gorgonia (lookup, forward, backward,
// Adam) on distinct batches, at the method's sizes. words/s counts the real
// words left and right of the blank, once a step, without padding.
//
// WAKONG_BENCH_QUESTIONS names a CMRC 2017 file of questions to take passages
// from; without it lengths are drawn from the contest's: mean 321 words,
// median 330, 95 % below 451, at most 480, the blank anywhere.
const (
	benchVocabulary = 20000
	benchSize       = 128
)

func benchExamples(b *testing.B, count int) []Example {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	path := os.Getenv("WAKONG_BENCH_QUESTIONS")
	if path == "" {
		return drawnExamples(rng, count)
	}
	ids := map[string]int32{}
	var all []Example
	source := corpus.QuestionSource{Format: "cmrc2017", Path: path}
	for q, err := range source.Questions(context.Background(), corpus.QuestionOptions{}) {
		if err != nil {
			b.Fatal(err)
		}
		var e Example
		for i, w := range q.Words {
			if ids[w] == 0 {
				ids[w] = int32(len(ids) + 1)
			}
			if i < q.Blank {
				e.Left = append(e.Left, ids[w])
			} else {
				e.Right = append(e.Right, ids[w])
			}
		}
		e.Answer = ids[q.Words[0]]
		all = append(all, e)
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func drawnExamples(rng *rand.Rand, count int) []Example {
	all := make([]Example, count)
	for i := range all {
		n := 0
		for n < 60 || n > 480 {
			n = int(325 + 85*rng.NormFloat64())
		}
		ids := make([]int32, n)
		for j := range ids {
			// Zipf's law, near enough: rank = V^u for uniform u.
			ids[j] = int32(1 + rng.Float64()*rng.Float64()*rng.Float64()*(benchVocabulary-2))
		}
		at := rng.IntN(n + 1)
		all[i] = Example{Left: ids[:at:at], Right: ids[at:], Answer: ids[rng.IntN(n)]}
	}
	return all
}

func benchNetwork(b *testing.B) *Network[float32] {
	b.Helper()
	rng := rand.New(rand.NewPCG(2, 2))
	vectors := make([]float32, benchVocabulary*benchSize)
	for i := range vectors {
		vectors[i] = float32(rng.NormFloat64() * 0.3)
	}
	n, err := NewNetwork(vectors, benchSize, NetworkOptions{Seed: 1, Kernel: lstm.Auto})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { n.Close() })
	return n
}

// perBatch calls step with distinct batches, b.N times, and reports words/s.
func perBatch(b *testing.B, all []Example, size int, step func([]Example) error) {
	words, from := 0, 0
	// Every batch once beforehand, so that none pays for buffers: what is timed
	// is the steady state.
	for batch := range slices.Chunk(all[:len(all)/size*size], size) {
		if err := step(batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if from += size; from+size > len(all) {
			from = 0
		}
		batch := all[from : from+size]
		if err := step(batch); err != nil {
			b.Fatal(err)
		}
		for _, e := range batch {
			words += e.Words()
		}
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkTrain(b *testing.B) {
	for _, size := range []int{160, 32} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			n := benchNetwork(b)
			perBatch(b, benchExamples(b, 960), size, func(batch []Example) error {
				_, err := n.Step(batch)
				return err
			})
		})
	}
}

func BenchmarkInfer(b *testing.B) {
	for _, size := range []int{160, 1} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			n := benchNetwork(b)
			perBatch(b, benchExamples(b, 960), size, func(batch []Example) error {
				_, err := n.Probabilities(batch)
				return err
			})
		})
	}
}

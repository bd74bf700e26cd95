package embed

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// benchSentences reads the file named by WAKONG_BENCH_SENTENCES, a sentence a
// line, or draws a text by Zipf's law.
func benchSentences(b *testing.B) [][]string {
	b.Helper()
	var all [][]string
	if path := os.Getenv("WAKONG_BENCH_SENTENCES"); path != "" {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			all = append(all, strings.Fields(lines.Text()))
		}
		if err := lines.Err(); err != nil {
			b.Fatal(err)
		}
		return all
	}
	rng := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(rng, 1.07, 3, 40000)
	for range 40000 {
		s := make([]string, 8+rng.IntN(30))
		for i := range s {
			s[i] = fmt.Sprint("w", zipf.Uint64())
		}
		all = append(all, s)
	}
	return all
}

func stream(all [][]string) Sentences {
	return func() iter.Seq2[[]string, error] {
		return func(yield func([]string, error) bool) {
			for _, s := range all {
				if !yield(s, nil) {
					return
				}
			}
		}
	}
}

// BenchmarkSkipGram times the default training. words/s are raw words of the
// text times epochs, without building the vocabulary.
func BenchmarkSkipGram(b *testing.B) { benchTraining(b, DefaultParams()) }

// BenchmarkVariantAsynchronous times the training whose threads race.
func BenchmarkVariantAsynchronous(b *testing.B) {
	p := DefaultParams()
	p.Asynchronous = true
	benchTraining(b, p)
}

// BenchmarkVariantWego times the engine wego, some twenty times as slow: a short
// text will do.
func BenchmarkVariantWego(b *testing.B) {
	p := DefaultParams()
	p.Engine = EngineWego
	benchTraining(b, p)
}

func benchTraining(b *testing.B, p Params) {
	b.Helper()
	all := benchSentences(b)
	words := 0
	for _, s := range all {
		words += len(s)
	}
	p.Epochs = 2
	v, err := CountWords(context.Background(), stream(all), int64(p.MinCount))
	if err != nil {
		b.Fatal(err)
	}
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			for b.Loop() {
				if _, err := Train(context.Background(), v, stream(all), p, Options{Threads: threads}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(words*p.Epochs*b.N)/b.Elapsed().Seconds(), "words/s")
		})
	}
}

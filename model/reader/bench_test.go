package reader

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"wakong/model"
	"wakong/vocab"
)

// BenchmarkTrain times whole steps of so many words: packing with its features,
// forward, backward, Adam. words/s counts the words read. A text's words are drawn by
// Zipf's law, a quarter are nouns, as in tales.
func BenchmarkTrain(b *testing.B) {
	const vocabulary, size = 20000, 128
	var words, tags []string
	var counts []int64
	for i := range vocabulary {
		words = append(words, string(rune('一'+i%2000))+string(rune('一'+2000+i/2000)))
		tags = append(tags, []string{"n", "v", "d", "u"}[i%4])
		counts = append(counts, int64(1+2*vocabulary/(i+1)))
	}
	words[0], tags[0] = "。", "x"
	v, err := vocab.New(words, counts)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rng, 1.1, 5, vocabulary-2)
	var texts []model.Example
	for i := range 40 {
		e := model.Example{ID: fmt.Sprint(i)}
		for range 400 {
			e.Left = append(e.Left, 1+int32(zipf.Uint64()))
		}
		texts = append(texts, e)
	}
	for _, c := range []struct{ words, reread int }{{1500, 0}, {1500, 64}, {6000, 0}, {6000, 64}} {
		b.Run(fmt.Sprintf("words=%d/reread=%d", c.words, c.reread), func(b *testing.B) {
			o := DefaultOptions()
			o.Reread = c.reread
			n, err := New(NewLexicon(v, append([]string{""}, tags...)), make([]float32, v.Len()*size), o)
			if err != nil {
				b.Fatal(err)
			}
			n.lexicon.findNouns(texts)
			n.setRare(texts)
			n.setCollocations(texts)
			todo, adam, read := steps(n.epoch(texts, 400, 0), c.words), newOptimizer(n), 0
			b.ResetTimer()
			for i := range b.N {
				n.random = rand.New(rand.NewPCG(1, uint64(i)))
				packed, err := n.pack(todo[i%len(todo)], n.random)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := n.learn(packed, adam, 0.001); err != nil {
					b.Fatal(err)
				}
				for _, p := range packed.passages {
					read += len(p.words)
				}
			}
			n.random = nil
			b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "words/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

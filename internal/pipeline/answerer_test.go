package pipeline

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"wakong/embed"
	"wakong/internal/config"
	"wakong/model"
	"wakong/model/lstm"
	"wakong/model/reader"
	"wakong/vocab"
)

// foreign are the files of a small network, whose card says what it likes.
func foreign(t *testing.T, card modelCard) modelFiles {
	t.Helper()
	folder := t.TempDir()
	words, err := vocab.New([]string{"狐狸", "兔子", "桥"}, []int64{3, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	vectors := &embed.Vectors{Vocabulary: words, Size: 5, Data: make([]float32, words.Len()*5)}
	at := func(name string) string { return filepath.Join(folder, name) }
	f := modelFiles{card: at(modelFile), weights: at(weightsFile), text: at(textFile), words: at(vocabularyFile)}
	params := config.TrainParams{Units: 4, Layers: 2, Reader: config.Reader{Characters: 3, Hidden: 6, Keys: 5}}
	var weights model.Weights
	if card.Network == pointerNetwork {
		f.vectors = at(vectorsFile)
		n, err := model.NewNetwork(vectors.Data, vectors.Size, pointerOptions(params, lstm.Auto, "", 1))
		if err != nil {
			t.Fatal(err)
		}
		weights = n.Weights()
		n.Close()
	} else {
		n, err := reader.New(reader.NewLexicon(words, nil), vectors.Data, readerOptions(params, lstm.Auto, 1))
		if err != nil {
			t.Fatal(err)
		}
		weights = n.Weights()
	}
	for name, write := range map[string]func(io.Writer) error{
		vocabularyFile: func(w io.Writer) error { _, err := words.WriteTo(w); return err },
		vectorsFile:    vectors.WriteBinary,
		weightsFile:    func(w io.Writer) error { return model.WriteWeights(w, weights, nil) },
	} {
		if err := create(folder, name, write); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeJSON(folder, textFile, textParams{}); err != nil {
		t.Fatal(err)
	}
	if err := writeJSON(folder, modelFile, card); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestForeignCard: the sizes that a card claims take no memory unless the weights have them.
func TestForeignCard(t *testing.T) {
	pointer := modelCard{Format: modelCardFormat, Network: pointerNetwork, Units: 4, Layers: 2, VectorSize: 5, Vocabulary: 4}
	reader := pointer
	reader.Network, reader.Characters, reader.Hidden, reader.Keys = readerNetwork, 3, 6, 5
	change := func(card modelCard, f func(*modelCard)) modelCard { f(&card); return card }
	for _, c := range []struct {
		card modelCard
		want string // "": it is loaded
	}{
		{pointer, ""},
		{reader, ""},
		{change(pointer, func(c *modelCard) { c.Units, c.Layers = 8192, 16 }), "parameters"},
		{change(pointer, func(c *modelCard) { c.Units, c.Layers = 16384, 16 }), "must lie between"},
		{change(pointer, func(c *modelCard) { c.Units = 5 }), "parameters"},
		{change(pointer, func(c *modelCard) { c.Units = 3 }), "has shape"},
		{change(reader, func(c *modelCard) { c.Units, c.Layers = 16384, 16 }), "parameters"},
		{change(reader, func(c *modelCard) { c.Hidden, c.Keys = 1<<20, 1<<20 }), "parameters"},
		{change(reader, func(c *modelCard) { c.Reread = 1 << 12 }), "parameters"},
		{change(reader, func(c *modelCard) { c.VectorSize = mostVectorSize }), "parameters"},
		{change(reader, func(c *modelCard) { c.Format = readerFormat - 1 }), "train it again"},
		{change(pointer, func(c *modelCard) { c.Format++ }), "does not know"},
		{change(pointer, func(c *modelCard) { c.Network = "" }), "does not know"},
	} {
		f := foreign(t, c.card)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		a, err := loadAnswerer(f, lstm.Auto, 1)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
			t.Errorf("%+v: %d bytes were allocated", c.card, took)
		}
		if err == nil {
			a.close()
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: expected an error with %q, got %v", c.card, c.want, err)
		}
		if c.want == "parameters" && err != nil && (!strings.HasPrefix(err.Error(), f.card+": ") || !strings.Contains(err.Error(), fmt.Sprintf("%s has ", f.weights))) {
			t.Errorf("%v does not name both files", err)
		}
	}
}

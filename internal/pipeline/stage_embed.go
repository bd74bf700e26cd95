package pipeline

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"

	"wakong/embed"
	"wakong/internal/stage"
	"wakong/vocab"
)

// embedReport is report.json of the stage embed.
type embedReport struct {
	Engine     string `json:"engine"`
	Words      int    `json:"words"` // in the vocabulary
	VectorSize int    `json:"vector_size"`
	// Reproducible says whether another run would give the same vectors.
	Reproducible bool `json:"reproducible"`
}

// runEmbed is the stage embed.
func (p *Pipeline) runEmbed(ctx context.Context, r *stage.Run) error {
	path, err := r.Need(Segment, sentencesFile)
	if err != nil {
		return err
	}
	c := p.config.Embed
	words, err := embed.CountWords(ctx, sentences(path), int64(c.MinCount))
	if errors.Is(err, vocab.ErrEmpty) {
		return fmt.Errorf("empty vocabulary: no word occurs %d times (embed.min_count) in the text of %s", c.MinCount, p.sourceList())
	}
	if err != nil {
		return err
	}
	start, words, err := p.readStart(words)
	if err != nil {
		return err
	}
	kernel, err := p.embedKernel()
	if err != nil {
		return err
	}
	var output func(*embed.Vectors) error
	if c.Output {
		output = func(v *embed.Vectors) error { return create(r.Dir, outputFile, v.WriteBinary) }
	}
	defer limitMemory(embed.MatrixBytes(words, c.Size))()
	var losses []embed.LossPoint
	vectors, err := embed.Train(ctx, words, sentences(path), embed.Params{
		Engine: c.Engine, Size: c.Size, Window: c.Window, Negative: c.Negative, Epochs: c.Epochs,
		MinCount: c.MinCount, Sample: c.Sample, Alpha: c.Alpha, Seed: c.Seed,
		Asynchronous: !c.Deterministic,
	}, embed.Options{
		Threads: c.Threads, Kernel: kernel, Progress: p.progress,
		Loss: func(curve []embed.LossPoint) {
			losses = append(losses[:0], curve...)
			p.loss(curve[len(curve)-1].Loss)
		},
		Notice:     func(text string) { p.ui.Info(Embed, "%s", text) },
		Checkpoint: embed.Checkpoint{Path: filepath.Join(r.Scratch, "checkpoint")},
		Start:      start, Output: output,
	})
	if err != nil {
		return err
	}
	p.ui.Info(Embed, "%d words, vectors of size %d", words.Len()-1, vectors.Size)
	if err := create(r.Dir, vocabularyFile, func(w io.Writer) error {
		_, err := words.WriteTo(w)
		return err
	}); err != nil {
		return err
	}
	if err := create(r.Dir, vectorsFile, vectors.WriteBinary); err != nil {
		return err
	}
	if c.Text {
		if err := create(r.Dir, vectorsText, vectors.WriteText); err != nil {
			return err
		}
	}
	if err := writeLosses(r.Dir, losses); err != nil {
		return err
	}
	return writeJSON(r.Dir, reportFile, embedReport{
		Engine: c.Engine, Words: words.Len() - 1, VectorSize: vectors.Size,
		Reproducible: c.Deterministic && c.Engine == embed.EngineSkipGram,
	})
}

// writeLosses writes metrics.jsonl, empty for an engine that tells no loss. The
// last digits of a logarithm may differ between processors.
func writeLosses(dir string, losses []embed.LossPoint) error {
	return create(dir, metricsFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		for _, point := range losses {
			point.Loss = math.Round(1e4*point.Loss) / 1e4
			if err := e.Encode(point); err != nil {
				return err
			}
		}
		return nil
	})
}

// sentences reads sentences.txt anew each time it is asked to.
func sentences(path string) embed.Sentences {
	return func() iter.Seq2[[]string, error] {
		return func(yield func([]string, error) bool) {
			f, err := os.Open(path)
			if err != nil {
				yield(nil, err)
				return
			}
			defer f.Close()
			in := bufio.NewReaderSize(f, 1<<18)
			var words []string
			for {
				line, err := in.ReadString('\n')
				words = words[:0]
				for word := range strings.FieldsSeq(line) {
					words = append(words, word)
				}
				if len(words) > 0 && !yield(words, nil) {
					return
				}
				if err == io.EOF {
					return
				}
				if err != nil {
					yield(nil, err)
					return
				}
			}
		}
	}
}

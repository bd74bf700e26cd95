package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"wakong/embed"
	"wakong/vocab"
)

//go:embed train.py
var script string

var trainers = []string{"default", "asynchronous", "wego", "gensim"}

// trainings trains on one text.
type trainings struct {
	o          options
	folder     string
	vocabulary *vocab.Vocabulary
}

func newTrainings(ctx context.Context, o options) (*trainings, error) {
	for _, name := range o.trainers {
		if !slices.Contains(trainers, name) {
			return nil, fmt.Errorf("unknown trainer %q; known: %s", name, strings.Join(trainers, ", "))
		}
		if name == "gensim" {
			if out, err := exec.CommandContext(ctx, o.python, "-c", "import gensim").CombinedOutput(); err != nil {
				return nil, fmt.Errorf("%w: %s: %v\n%s", errNoGensim, o.python, err, out)
			}
		}
	}
	t := &trainings{o: o, folder: o.keep}
	if o.keep == "" {
		var err error
		if t.folder, err = os.MkdirTemp("", "vectorquality-*"); err != nil {
			return nil, err
		}
	} else if err := os.MkdirAll(o.keep, 0o755); err != nil {
		return nil, err
	}
	var err error
	if t.vocabulary, err = embed.CountWords(ctx, t.sentences(), int64(embed.DefaultParams().MinCount)); err != nil {
		t.close()
	}
	return t, err
}

func (t *trainings) close() {
	if t.o.keep == "" {
		os.RemoveAll(t.folder)
	}
}

// train gives the vectors of a trainer and seed: those kept from before, or new.
func (t *trainings) train(ctx context.Context, name string, seed int) (*embed.Vectors, error) {
	p := embed.DefaultParams()
	p.Seed, p.Epochs = uint64(seed), t.o.epochs
	path := filepath.Join(t.folder, fmt.Sprintf("%s-seed%d-epochs%d.bin", name, seed, p.Epochs))
	if _, err := os.Stat(path); err == nil {
		return embed.Open(path, embed.ReadOptions{})
	}
	switch name {
	case "asynchronous":
		p.Asynchronous = true
	case "wego":
		p.Engine = embed.EngineWego
	case "gensim":
		return t.gensim(ctx, p, path)
	}
	v, err := embed.Train(ctx, t.vocabulary, t.sentences(), p, embed.Options{Threads: t.o.threads})
	if err != nil {
		return nil, err
	}
	return v, v.Save(path)
}

// gensim trains in a process of its own and reads the vectors that it wrote.
func (t *trainings) gensim(ctx context.Context, p embed.Params, path string) (*embed.Vectors, error) {
	args := []string{"-c", script, t.o.sentences, path + ".part"}
	for _, x := range []any{p.Seed, t.o.workers, p.Size, p.Window, p.Negative, p.Epochs, p.MinCount, p.Sample, p.Alpha} {
		args = append(args, fmt.Sprint(x))
	}
	if out, err := exec.CommandContext(ctx, t.o.python, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, strings.TrimSpace(string(out)))
	}
	if err := os.Rename(path+".part", path); err != nil {
		return nil, err
	}
	return embed.Open(path, embed.ReadOptions{})
}

// sentences reads the text anew each time.
func (t *trainings) sentences() embed.Sentences {
	return func() iter.Seq2[[]string, error] {
		return func(yield func([]string, error) bool) {
			f, err := os.Open(t.o.sentences)
			if err != nil {
				yield(nil, err)
				return
			}
			defer f.Close()
			lines := bufio.NewScanner(f)
			lines.Buffer(nil, 1<<26)
			for lines.Scan() {
				if !yield(strings.Fields(lines.Text()), nil) {
					return
				}
			}
			if err := lines.Err(); err != nil {
				yield(nil, err)
			}
		}
	}
}

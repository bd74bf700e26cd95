package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
	text       string // digest of the text
	vocabulary *vocab.Vocabulary
	log        io.Writer
}

func newTrainings(ctx context.Context, log io.Writer, o options) (*trainings, error) {
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
	t := &trainings{o: o, folder: o.keep, log: log}
	var err error
	if t.text, err = digestOf(o.sentences); err != nil {
		return nil, err
	}
	if t.vocabulary, err = embed.CountWords(ctx, t.sentences(), int64(embed.DefaultParams().MinCount)); err != nil {
		return nil, err
	}
	if o.keep == "" {
		t.folder, err = os.MkdirTemp("", "vectorquality-*")
	} else {
		err = os.MkdirAll(o.keep, 0o755)
	}
	return t, err
}

func digestOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (t *trainings) close() {
	if t.o.keep == "" {
		os.RemoveAll(t.folder)
	}
}

// params are those of a training.
func (t *trainings) params(name string, seed int) embed.Params {
	p := embed.DefaultParams()
	p.Seed, p.Epochs = uint64(seed), t.o.epochs
	p.Asynchronous = name == "asynchronous"
	if name == "wego" {
		p.Engine = embed.EngineWego
	}
	return p
}

// path is where the vectors of a training are kept. It names all that they
// depend on, so that what was kept of another text or with other parameters is
// not taken for them.
func (t *trainings) path(name string, seed int) string {
	key := fmt.Sprintf("%s %+v", t.text, t.params(name, seed))
	switch name {
	case "gensim":
		key += fmt.Sprint(" ", t.o.workers)
	case "asynchronous", "wego":
		key += fmt.Sprint(" ", t.o.threads)
	}
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(t.folder, fmt.Sprintf("%s-seed%d-%x.bin", name, seed, sum[:6]))
}

// train gives the vectors of a trainer and seed: those kept from before, or new.
func (t *trainings) train(ctx context.Context, name string, seed int) (*embed.Vectors, error) {
	path := t.path(name, seed)
	if _, err := os.Stat(path); err == nil {
		fmt.Fprintf(t.log, "%s, seed %d: kept from before, %s\n", name, seed, path)
		return embed.Open(path, embed.ReadOptions{})
	}
	start := time.Now()
	train := t.ours
	if name == "gensim" {
		train = t.gensim
	}
	v, err := train(ctx, name, seed, path)
	if err == nil {
		fmt.Fprintf(t.log, "%s, seed %d: trained in %.0f s\n", name, seed, time.Since(start).Seconds())
	}
	return v, err
}

// ours trains with this project's engines. A training that was stopped goes on
// from its checkpoint.
func (t *trainings) ours(ctx context.Context, name string, seed int, path string) (*embed.Vectors, error) {
	o := embed.Options{
		Threads:  t.o.threads,
		Progress: t.progress(name, seed),
		Notice:   func(text string) { fmt.Fprintf(t.log, "%s, seed %d: %s\n", name, seed, text) },
	}
	if name != "wego" {
		o.Checkpoint.Path = path + ".checkpoint"
	}
	v, err := embed.Train(ctx, t.vocabulary, t.sentences(), t.params(name, seed), o)
	if err != nil {
		return nil, err
	}
	if err := v.Save(path); err != nil {
		return nil, err
	}
	if o.Checkpoint.Path != "" {
		os.Remove(o.Checkpoint.Path)
	}
	return v, nil
}

// progress tells each tenth of a training once.
func (t *trainings) progress(name string, seed int) func(done, total int64) {
	var start time.Time
	var from, told int64
	return func(done, total int64) {
		if start.IsZero() {
			start, from, told = time.Now(), done, 10*done/total
			return
		}
		if tenth := 10 * done / total; tenth > told {
			told = tenth
			rate := float64(done-from) / time.Since(start).Seconds()
			fmt.Fprintf(t.log, "%s, seed %d: %d %%, %.0f words/s\n", name, seed, 10*tenth, rate)
		}
	}
}

// gensim trains in a process of its own and reads the vectors that it wrote.
func (t *trainings) gensim(ctx context.Context, name string, seed int, path string) (*embed.Vectors, error) {
	p, part := t.params(name, seed), path+".part"
	args := []string{"-c", script, t.o.sentences, part}
	for _, x := range []any{p.Seed, t.o.workers, p.Size, p.Window, p.Negative, p.Epochs, p.MinCount, p.Sample, p.Alpha} {
		args = append(args, fmt.Sprint(x))
	}
	command := exec.CommandContext(ctx, t.o.python, args...)
	var failure bytes.Buffer
	command.Stderr = &failure
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintf(t.log, "%s, seed %d: %s\n", name, seed, lines.Text())
	}
	if err := command.Wait(); err != nil {
		os.Remove(part)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: %w\n%s", t.o.python, err, strings.TrimSpace(failure.String()))
	}
	if err := os.Rename(part, path); err != nil {
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

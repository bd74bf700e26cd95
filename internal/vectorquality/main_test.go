package main

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wakong/internal/python"
)

// text writes sentences of nouns and judgements about them.
func text(t *testing.T) (sentences, judged string) {
	t.Helper()
	words := strings.Fields("狐狸 狼 兔子 森林 国王 王后 城堡 花园 老人 孩子")
	rng := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	for range 500 {
		for range 8 {
			b.WriteString(words[rng.IntN(len(words))] + " ")
		}
		b.WriteByte('\n')
	}
	dir := t.TempDir()
	sentences, judged = filepath.Join(dir, "sentences.txt"), filepath.Join(dir, "judged.txt")
	if err := errors.Join(os.WriteFile(sentences, []byte(b.String()), 0o644),
		os.WriteFile(judged, []byte("狐狸\t狼\t9\n国王\t王后\t8\n花园\t老人\t1\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	return sentences, judged
}

func TestRunWithGensim(t *testing.T) {
	o := options{trainers: []string{"default", "gensim"}, seeds: 2, nouns: 5, top: 3, threads: 2, epochs: 1, workers: 1,
		python: python.With(t, "gensim"), keep: filepath.Join(t.TempDir(), "kept")}
	var judged string
	o.sentences, judged = text(t)
	o.judged = []string{judged}
	var tables [2]bytes.Buffer
	var log bytes.Buffer
	for i := range tables {
		log.Reset()
		if _, err := run(context.Background(), &tables[i], &log, o); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(log.String(), "kept from before"); n != 4 || strings.Contains(log.String(), "trained in") {
		t.Errorf("the second run took %d of 4 trainings from the first:\n%s", n, &log)
	}
	if tables[0].String() != tables[1].String() || !strings.Contains(tables[0].String(), "judged.txt  3 of 3 pairs  gensim") {
		t.Errorf("found\n%s\nand\n%s", &tables[0], &tables[1])
	}
	if left, _ := filepath.Glob(filepath.Join(o.keep, "*")); len(left) != 4 {
		t.Errorf("left %q, expected four files of vectors", left)
	}
}

// stopWriter cancels when a training has come so far.
type stopWriter struct {
	bytes.Buffer
	at   string
	stop func()
}

func (w *stopWriter) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte(w.at)) {
		w.stop()
	}
	return w.Buffer.Write(p)
}

func TestStoppedRunGoesOn(t *testing.T) {
	o := options{trainers: []string{"default"}, seeds: 2, nouns: 5, top: 3, threads: 1, epochs: 20, keep: t.TempDir()}
	o.sentences, _ = text(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	log := &stopWriter{at: "seed 2: 50 %", stop: stop}
	if _, err := run(ctx, &bytes.Buffer{}, log, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, expected a run that was stopped", err)
	}
	var again, fresh bytes.Buffer
	log = &stopWriter{at: "nothing", stop: stop}
	if _, err := run(context.Background(), &again, log, o); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "seed 1: kept") || !strings.Contains(log.String(), "seed 2: 100 %") || strings.Contains(log.String(), "seed 2: 10 %") {
		t.Errorf("the run did not go on where it was stopped:\n%s", log)
	}
	o.keep = ""
	if _, err := run(context.Background(), &fresh, &bytes.Buffer{}, o); err != nil {
		t.Fatal(err)
	}
	if again.String() != fresh.String() {
		t.Errorf("found\n%s\nexpected\n%s", &again, &fresh)
	}
}

// What was kept of another text or with other parameters is trained anew.
func TestKeptBelongsToItsText(t *testing.T) {
	o := options{epochs: 1, threads: 1, workers: 1}
	paths := map[string]bool{}
	for _, text := range []string{"a", "b"} {
		for _, epochs := range []int{1, 2} {
			for _, name := range trainers {
				o.epochs = epochs
				paths[(&trainings{o: o, text: text}).path(name, 1)] = true
			}
		}
	}
	o.workers, o.threads = 2, 2
	for _, name := range trainers { // default alone does not depend on threads
		paths[(&trainings{o: o, text: "b"}).path(name, 1)] = true
	}
	if len(paths) != 2*2*4+3 {
		t.Errorf("%d names, expected one each", len(paths))
	}
}

func TestUselessInput(t *testing.T) {
	good, judged := text(t)
	dir := t.TempDir()
	file := func(name, content string) string {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	for _, c := range []struct {
		sentences, judged, trainer, want string
	}{
		{"nowhere.txt", judged, "default", "nowhere.txt"},
		{good, "nowhere.txt", "default", "nowhere.txt"},
		{good, file("far.txt", "火箭\t卫星\t9\n狼\t狐狸\t1\n"), "default", "far.txt: 1 of the 2 pairs"},
		{good, judged, "glove", `unknown trainer "glove"; known: default`},
		{file("signs.txt", "， 。 ， 。\n"), judged, "default", "none of the 2 words is a noun"},
	} {
		o := options{sentences: c.sentences, judged: []string{c.judged}, trainers: []string{c.trainer}, seeds: 2, nouns: 5, top: 3, threads: 1, epochs: 1}
		if _, err := run(context.Background(), &bytes.Buffer{}, &bytes.Buffer{}, o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, expected %s", err, c.want)
		}
	}
	o := options{sentences: good, trainers: []string{"gensim"}, python: filepath.Join(dir, "nowhere"), seeds: 2, nouns: 5, top: 3, threads: 1, epochs: 1}
	if _, err := run(context.Background(), &bytes.Buffer{}, &bytes.Buffer{}, o); !errors.Is(err, errNoGensim) {
		t.Errorf("no Python: %v", err)
	}
}

// Command scale makes a large text with planted copies, and judges what a
// deduplication has made of it.
//
//	scale generate -megabytes 100 -tales testdata/demo/tales -to FOLDER
//	scale check -from FOLDER -kept documents.jsonl
//
// It writes FOLDER/documents.jsonl and FOLDER/truth.jsonl.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"wakong/corpus"
	"wakong/corpus/internal/scaletext"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("expected generate or check")
	}
	flags := flag.NewFlagSet("scale "+args[0], flag.ContinueOnError)
	switch args[0] {
	case "generate":
		megabytes := flags.Float64("megabytes", 100, "text to make, in units of 10^6 bytes")
		tales := flags.String("tales", "testdata/demo/tales", "folder of tales to draw sentences from")
		to := flags.String("to", ".", "folder to write to")
		seed := flags.Uint64("seed", 1, "of all draws")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return generate(*tales, *to, int64(*megabytes*1e6), *seed)
	case "check":
		from := flags.String("from", ".", "folder that generate has written to")
		kept := flags.String("kept", "", "documents.jsonl of the stage segment")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return check(*from, *kept)
	}
	return fmt.Errorf("found %q, expected generate or check", args[0])
}

func generate(tales, to string, bytes int64, seed uint64) error {
	o := scaletext.Options{Bytes: bytes, Seed: seed}
	source := corpus.Source{Format: corpus.FormatText, Path: tales}
	for d, err := range source.Samples(context.Background(), nil) {
		if err != nil {
			return err
		}
		for _, sentence := range corpus.Sentences(d.Text) {
			o.Sentences = append(o.Sentences, sentence)
		}
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	documents, err := os.Create(filepath.Join(to, "documents.jsonl"))
	if err != nil {
		return err
	}
	defer documents.Close()
	truth, err := os.Create(filepath.Join(to, "truth.jsonl"))
	if err != nil {
		return err
	}
	defer truth.Close()
	if err := scaletext.Generate(documents, truth, o); err != nil {
		return err
	}
	return errors.Join(documents.Close(), truth.Close())
}

func check(from, kept string) error {
	truth, err := os.Open(filepath.Join(from, "truth.jsonl"))
	if err != nil {
		return err
	}
	defer truth.Close()
	read := func(path string) corpus.Source {
		return corpus.Source{Format: corpus.FormatDocuments, Path: path}
	}
	ctx := context.Background()
	r, err := scaletext.Check(read(filepath.Join(from, "documents.jsonl")).Samples(ctx, nil), truth, read(kept).Samples(ctx, nil))
	if err != nil {
		return err
	}
	fmt.Printf("%d documents, %d kept, %.1f %% of the characters\n", r.Documents, r.Kept, 100*r.Segmented())
	fmt.Printf("exact copies: %d of %d found; near copies: %d of %d found\n", r.ExactFound, r.Exact, r.NearFound, r.Near)
	fmt.Printf("recall %.4f, precision %.4f\n", r.Recall(), r.Precision())
	if r.GroupsGone > 0 {
		return fmt.Errorf("nothing stayed of %d groups of copies", r.GroupsGone)
	}
	return nil
}

package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"text/tabwriter"

	"wakong/corpus"
	"wakong/internal/corpusplot"
	"wakong/internal/stage"
)

// StatsOptions say of what statistics are shown, and how.
type StatsOptions struct {
	Inputs   []string // files, patterns or folders; none means the workspace's text
	From     string   // their format; "" goes by their names and contents
	Field    string   // of the text, in format jsonl
	Encoding string   // of the inputs; "" means UTF-8
	JSON     bool     // a JSON object in place of tables
	Plots    string   // folder for the pictures; "" means none
}

// Stats shows what a corpus is like. Text that is not segmented yet is cleaned and
// segmented, as the stage segment does by itself; copies are counted.
func Stats(ctx context.Context, w WorkspaceOptions, o StatsOptions) error {
	documents, err := statsDocuments(ctx, w, o)
	if err != nil {
		return err
	}
	s := corpus.NewStatistics()
	err = work(w.Reporter, "stats", "documents", func(progress func(done, total int64)) error {
		for d, err := range counting(documents, progress) {
			if err != nil {
				return err
			}
			s.Add(d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	summary := s.Summary()
	if summary.Words == 0 {
		return errors.New("stats: found no words in the text")
	}
	if o.Plots != "" {
		if err := writePlots(ctx, o.Plots, summary); err != nil {
			return err
		}
		w.Reporter.Info("", "wrote %s: growth.svg, frequencies.svg, lengths.svg", o.Plots)
	}
	out := w.Reporter.Out()
	if o.JSON {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(summary)
	}
	return writeStats(out, summary)
}

func statsDocuments(ctx context.Context, w WorkspaceOptions, o StatsOptions) (iter.Seq2[corpus.Document, error], error) {
	if len(o.Inputs) == 0 {
		ws, err := openWorkspace(ctx, w, true)
		if err != nil {
			return nil, err
		}
		path, err := ws.File(Segment, documentsFile)
		if errors.Is(err, stage.ErrNotRun) {
			return nil, fmt.Errorf("%s holds no segmented text; 'pipeline segment' makes it, or name files of text", w.Dir)
		}
		if err != nil {
			return nil, err
		}
		return documentsIn(ctx, path), nil
	}
	c := ConvertOptions{Inputs: o.Inputs, From: o.From, Field: o.Field, Encoding: o.Encoding}
	inputs, questions, err := c.inputs()
	if err != nil {
		return nil, err
	}
	if questions {
		for _, in := range inputs {
			if in.format == formatParquet || in.format == formatQuestions {
				return nil, fmt.Errorf("%w: %s: found questions, expected documents", ErrUsage, in.path)
			}
		}
	}
	jieba, err := corpus.NewJieba(corpus.JiebaOptions{})
	if err != nil {
		return nil, fmt.Errorf("loading jieba: %w", err)
	}
	documents, _ := corpus.Prepare(ctx, documentsOf(ctx, inputs, c), corpus.PrepareOptions{Segmenter: jieba, KeepDuplicates: true, DropText: true})
	return documents, nil
}

// writePlots writes the pictures into a folder.
func writePlots(ctx context.Context, folder string, s corpus.StatisticsSummary) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("making the folder of the plots: %w", err)
	}
	for _, plot := range []struct {
		name string
		draw func(io.Writer, corpus.StatisticsSummary) error
	}{{"growth.svg", corpusplot.Growth}, {"frequencies.svg", corpusplot.Frequencies}, {"lengths.svg", corpusplot.Lengths}} {
		var picture bytes.Buffer
		if err := plot.draw(&picture, s); err != nil {
			return err
		}
		if err := WriteFile(ctx, filepath.Join(folder, plot.name), picture.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// writeStats writes tables.
func writeStats(out io.Writer, s corpus.StatisticsSummary) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(cells ...any) {
		for _, cell := range cells {
			fmt.Fprintf(t, "%v\t", cell)
		}
		fmt.Fprintln(t)
	}
	row("documents", s.Documents)
	row("sentences", s.Sentences)
	row("words", s.Words)
	row("characters", s.Characters)
	row("vocabulary", s.Vocabulary)
	row("that occur once", s.Once)
	t.Flush()
	fmt.Fprintln(out, "\nLengths")
	row("", "mean", "least", "5 %", "25 %", "median", "75 %", "95 %", "most")
	for _, l := range s.Lengths {
		cells := []any{fmt.Sprintf("%s, in %s", l.Of, l.Unit), fmt.Sprintf("%.1f", l.Mean)}
		for _, q := range l.Quantiles {
			cells = append(cells, q)
		}
		row(cells...)
	}
	t.Flush()
	fmt.Fprint(out, "\nGrowth of the vocabulary")
	if s.Growth.K > 0 {
		fmt.Fprintf(out, " (Heaps: %.3g n^%.3f)", s.Growth.K, s.Growth.Beta)
	}
	fmt.Fprintln(out)
	row("words, n", "different words")
	for i, p := range s.Growth.Points {
		// One or two lines for each power of ten.
		if i%4 == 0 || i == len(s.Growth.Points)-1 {
			row(p.Words, p.Vocabulary)
		}
	}
	t.Flush()
	fmt.Fprint(out, "\nFrequencies")
	if s.Frequency.C > 0 {
		fmt.Fprintf(out, " (Zipf: %.3g r^-%.3f)", s.Frequency.C, s.Frequency.Exponent)
	}
	fmt.Fprintln(out)
	row("rank, r", "occurrences")
	for i, p := range s.Frequency.Points {
		if i%4 == 0 || i == len(s.Frequency.Points)-1 {
			row(p.Rank, p.Count)
		}
	}
	t.Flush()
	fmt.Fprintln(out, "\nThe most frequent words")
	for i, w := range s.Frequent {
		if i > 0 {
			fmt.Fprint(out, "  ")
		}
		fmt.Fprintf(out, "%s %d", w.Word, w.Count)
	}
	_, err := fmt.Fprintln(out)
	return err
}

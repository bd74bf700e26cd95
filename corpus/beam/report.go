package beam

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
	"wakong/corpus/minhash"
	"wakong/internal/pipeline"
)

func init() {
	beam.RegisterType(reflect.TypeFor[reportFn]())
	beam.RegisterType(reflect.TypeFor[buildReportFn]())
	register.Iter1[Tally]()
	register.Iter1[CopyTally]()
	register.Iter1[FilesReport]()
	register.Iter1[Leak]()
	register.Iter1[BuildTally]()
}

// The reports, under the names that they have in the stages' folders.
const (
	segmentFolder = "segment"
	buildFolder   = "build"
	reportFile    = "report.json"
	leaksFile     = "leaks.json"
	textFile      = "text.json"
)

// reportFn writes the report of the stage segment. One worker holds the reports of
// all shards, 300 bytes each, and the leaks, 200 bytes each.
type reportFn struct {
	Base
}

func (f *reportFn) ProcessElement(ctx context.Context, _ []byte, tallies func(*Tally) bool, documents, paragraphs func(*CopyTally) bool, files func(*FilesReport) bool, leaks func(*Leak) bool) error {
	tally := Tally{Report: f.work.preparer.NewReport()}
	for t := range values(tallies) {
		tally = mergeTallies(tally, t)
	}
	report := pipeline.SegmentReport{Sources: f.sources(values(files)), Report: tally.report()}
	report.Leaks = leakReport(values(leaks))
	report.Dedup = &corpus.DedupReport{}
	for _, c := range []struct {
		to       *corpus.CopyReport
		parts    func(*CopyTally) bool
		compared Compared
	}{{&report.Dedup.Documents, documents, tally.Documents}, {&report.Dedup.Paragraphs, paragraphs, tally.Paragraphs}} {
		var sum CopyTally
		for t := range values(c.parts) {
			sum = mergeCopyTallies(sum, t)
		}
		*c.to = sum.report(c.compared)
	}
	if err := f.settings.writeJSON(ctx, report, segmentFolder, reportFile); err != nil {
		return err
	}
	if report.Documents == 0 {
		return fmt.Errorf("empty corpus: no document with words is left of %d samples; %s tells why", report.Samples, f.settings.at(segmentFolder, reportFile))
	}
	return f.settings.writeJSON(ctx, report.Leaks, segmentFolder, leaksFile)
}

// sources makes the reports of sources of those of shards.
func (f *reportFn) sources(parts func(func(FilesReport) bool)) []*corpus.SourceReport {
	all := slices.SortedFunc(parts, func(a, b FilesReport) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Shard, b.Shard))
	})
	reports := make([]*corpus.SourceReport, len(f.settings.Sources))
	for i := range reports {
		reports[i] = &corpus.SourceReport{}
	}
	for _, r := range all {
		reports[r.Source].Merge(r.Report)
	}
	return reports
}

// leakReport lists the leaks in the order of the input.
func leakReport(parts func(func(Leak) bool)) corpus.LeakReport {
	r := corpus.LeakReport{Cases: []corpus.LeakCase{}}
	distinct := map[minhash.Hash]bool{}
	for _, l := range slices.SortedFunc(parts, func(a, b Leak) int { return cmp.Compare(a.At, b.At) }) {
		r.Cases = append(r.Cases, l.Case)
		distinct[l.Hash] = true
	}
	r.Samples, r.Documents = len(r.Cases), len(distinct)
	return r
}

// values ranges over one of Beam's iterators.
func values[T any](next func(*T) bool) func(func(T) bool) {
	return func(yield func(T) bool) {
		for {
			var v T
			if !next(&v) || !yield(v) {
				return
			}
		}
	}
}

func (s Settings) writeJSON(ctx context.Context, v any, elements ...string) error {
	return writeFile(ctx, s.at(elements...), func(w io.Writer) error { return pipeline.WriteJSON(w, v) })
}

// buildReportFn writes the report of the stage build, and how text was made into
// words.
type buildReportFn struct{ Base }

func (f *buildReportFn) ProcessElement(ctx context.Context, _ []byte, tallies func(*BuildTally) bool) error {
	var sum BuildTally
	for t := range values(tallies) {
		sum = mergeBuildTallies(sum, t)
	}
	report := pipeline.BuildReport{Valid: sum.Entries[validEntry], Passages: sum.Passages}
	for i := range f.settings.Train {
		r := sum.Entries[i]
		report.Train.Sources = append(report.Train.Sources, r.Sources...)
		report.Train.Leaks += r.Leaks
		report.Train.Examples += r.Examples
		report.Train.Add(r.ExamplesReport)
	}
	report.Train.Dropped = report.Train.Questions - report.Train.Examples
	if err := f.settings.writeJSON(ctx, report, buildFolder, reportFile); err != nil {
		return err
	}
	return f.settings.writeJSON(ctx, f.settings.Text, buildFolder, textFile)
}

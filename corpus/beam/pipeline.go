package beam

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
)

func init() {
	beam.RegisterType(reflect.TypeFor[shardsFn]())
	register.Emitter1[Shard]()
	beam.RegisterType(reflect.TypeFor[entriesFn]())
	register.Emitter1[int]()
}

// DefaultRounds are enough for chains of a thousand contents, each like the next but
// not like the one after it.
const DefaultRounds = 9

// Build adds the whole to a pipeline. Rounds bounds the search for groups of near
// copies.
func Build(root beam.Scope, s Settings, rounds int) error {
	switch {
	case len(s.Sources) == 0:
		return errors.New("segment.sources is not given: there is no text")
	case rounds < 1 || rounds > 100:
		return fmt.Errorf("found %d rounds, expected 1 to 100", rounds)
	case s.UnitBytes < 1:
		return fmt.Errorf("found units of %d bytes, expected at least 1", s.UnitBytes)
	}
	base, err := newBase(s)
	if err != nil {
		return err
	}
	dedup := s.Segment.Dedup
	scope := root.Scope("segment")

	found, partitions := beam.ParDo2(scope.Scope("shards"), &shardsFn{Base: base}, beam.Impulse(scope))
	shards := beam.Reshuffle(scope, found)
	number := beam.SideInput{Input: partitions}
	units, items, kept, leaks, files, read := beam.ParDo6(scope.Scope("read and clean"), &readFn{Base: base}, shards, number)
	tallies := []beam.PCollection{read}
	none := beam.ParDo(scope.Scope("none"), &noneFn{}, beam.Impulse(scope))

	documentTallies, paragraphTallies := none, none
	if dedup.Documents != corpus.CopiesNone {
		var chosen beam.PCollection
		chosen, documentTallies = deduplicate(scope.Scope("documents"), items, partitions, dedup.Similar(), dedup.Documents == corpus.CopiesNear, rounds)
		kept = beam.Flatten(scope, kept, chosen)
	}
	paragraphs := dedup.Paragraphs != corpus.CopiesNone
	if paragraphs {
		var counted beam.PCollection
		units, items, counted = beam.ParDo3(scope.Scope("cut paragraphs"), &paragraphsFn{Base: base}, beam.CoGroupByKey(scope, units, kept), number)
		tallies = append(tallies, counted)
		kept, paragraphTallies = deduplicate(scope.Scope("paragraphs"), items, partitions, dedup.Similar(), dedup.Paragraphs == corpus.CopiesNear, rounds)
	}
	segmented, names, counted := beam.ParDo3(scope.Scope("segment"), &segmentFn{Base: base, Paragraphs: paragraphs}, beam.CoGroupByKey(scope, units, kept), number)
	tallies = append(tallies, counted)
	renamed := beam.ParDo(scope.Scope("name"), &nameFn{}, beam.GroupByKey(scope, names))
	written, words := beam.ParDo2(scope.Scope("write"), &writeFn{Base: base}, beam.CoGroupByKey(scope, segmented, renamed), number)

	sums := beam.Combine(scope.Scope("count"), mergeTallies, beam.Flatten(scope, tallies...))
	beam.ParDo0(scope.Scope("report"), &reportFn{Base: base}, beam.Impulse(scope),
		beam.SideInput{Input: sums},
		beam.SideInput{Input: beam.Combine(scope.Scope("count copies"), mergeCopyTallies, documentTallies)},
		beam.SideInput{Input: beam.Combine(scope.Scope("count copied paragraphs"), mergeCopyTallies, paragraphTallies)},
		beam.SideInput{Input: files}, beam.SideInput{Input: leaks})

	v := root.Scope("vocabulary")
	frequent := beam.ParDo(v.Scope("frequent"), &frequentFn{MinCount: s.MinCount}, beam.GroupByKey(v, words))
	vocabulary := beam.ParDo(v.Scope("write"), &vocabularyFn{Base: base}, beam.Impulse(v), beam.SideInput{Input: frequent})
	if len(s.Train) > 0 {
		build(root.Scope("build"), base, written, vocabulary)
	}
	return nil
}

// build adds the work of the stage build.
func build(scope beam.Scope, base Base, written, vocabulary beam.PCollection) {
	words := beam.SideInput{Input: vocabulary}
	// A runner that would write and read in one go would do either only once for each
	// attempt: what is read must be there whole.
	units := beam.Reshuffle(scope, written)
	fromDocuments := beam.ParDo(scope.Scope("examples of documents"), &examplesFn{Base: base}, units, words)
	entries := beam.Reshuffle(scope, beam.ParDo(scope.Scope("files"), &entriesFn{Base: base}, beam.Impulse(scope)))
	fromFiles := beam.ParDo(scope.Scope("examples of files"), &filesFn{Base: base}, entries, words)
	sums := beam.Combine(scope.Scope("count"), mergeBuildTallies, beam.Flatten(scope, fromDocuments, fromFiles))
	beam.ParDo0(scope.Scope("report"), &buildReportFn{Base: base}, beam.Impulse(scope), beam.SideInput{Input: sums})
}

// shardsFn looks the sources through when the pipeline runs. It gives the shards and
// the number of partitions that their text needs.
type shardsFn struct{ Base }

func (f *shardsFn) ProcessElement(_ []byte, emit func(Shard), partitions func(int)) error {
	shards, bytes, err := f.settings.Shards()
	for _, s := range shards {
		emit(s)
	}
	partitions(partitionsFor(bytes))
	return err
}

// entriesFn gives the entries of build.train that are files, and one for all
// validation questions.
type entriesFn struct{ Base }

func (f *entriesFn) ProcessElement(_ []byte, emit func(int)) {
	emit(validEntry)
	for i, e := range f.settings.Train {
		if e.File != nil {
			emit(i)
		}
	}
}

func init() { beam.RegisterType(reflect.TypeFor[noneFn]()) }

// noneFn counts nothing, where nothing is compared.
type noneFn struct{}

func (*noneFn) ProcessElement(_ []byte, emit func(CopyTally)) { emit(CopyTally{}) }

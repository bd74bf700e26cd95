package beam

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus/minhash"
)

func init() {
	beam.RegisterType(reflect.TypeFor[bandFn]())
	beam.RegisterType(reflect.TypeFor[bucketFn]())
	beam.RegisterType(reflect.TypeFor[joinFn]())
	register.Emitter2[[]byte, Candidate]()
	register.Emitter2[[]byte, []byte]()
	register.Iter1[Candidate]()
	register.Iter1[Copies]()
	register.Iter1[[]byte]()
}

// deduplicate finds, of items by content, those that stay: exact copies are one key,
// near ones are found by bands.
func deduplicate(s beam.Scope, items beam.PCollection, p minhash.Params, near bool, rounds int) (kept, tallies beam.PCollection) {
	contents := beam.CombinePerKey(s.Scope("contents"), mergeCopies, items)
	if !near {
		return beam.ParDo2(s.Scope("choose"), &chooseFn{Exact: true}, contents)
	}
	n := s.Scope("near")
	candidates := beam.ParDo(n.Scope("bands"), &bandFn{Params: p}, contents)
	edges := beam.ParDo(n.Scope("compare"), &bucketFn{Params: p}, beam.GroupByKey(n, candidates))
	labels := components(n.Scope("components"), edges, rounds)
	grouped, alone, counted := beam.ParDo3(n.Scope("join"), &joinFn{Rounds: rounds}, beam.CoGroupByKey(n, contents, labels))
	groups := beam.CombinePerKey(n.Scope("groups"), mergeCopies, grouped)
	best, removed := beam.ParDo2(n.Scope("choose"), &chooseFn{}, groups)
	return beam.Flatten(n, alone, best), beam.Flatten(n, counted, removed)
}

// bandFn gives each content under the key of each of its bands.
type bandFn struct{ Params minhash.Params }

func (f *bandFn) ProcessElement(hash []byte, c Copies, emit func([]byte, Candidate)) {
	if c.Signature == nil {
		return
	}
	for band := range f.Params.Bands {
		key := binary.BigEndian.AppendUint16(make([]byte, 0, 10), uint16(band))
		key = binary.BigEndian.AppendUint64(key, f.Params.Key(c.Signature, band))
		emit(key, Candidate{minhash.Hash(hash), c.Signature})
	}
}

// bucketFn compares the contents that share a band, as package minhash does within
// one process: a bucket of many, which boilerplate makes, is sorted and compared in
// windows, so that nothing is dropped and the time is linear. The bucket is in memory,
// some 200 bytes a content.
type bucketFn struct{ Params minhash.Params }

// ProcessElement joins the contents of each group with its first one: an edge for
// each but one, however many pairs there are.
func (f *bucketFn) ProcessElement(key []byte, candidates func(*Candidate) bool, edges func([]byte, []byte)) {
	var all []minhash.Candidate
	var hashes []minhash.Hash
	var c Candidate
	for candidates(&c) {
		all = append(all, minhash.Candidate{Item: len(all), Hash: c.Hash, Signature: c.Signature})
		hashes = append(hashes, c.Hash)
		c = Candidate{}
	}
	if len(all) == 1 {
		return
	}
	groups := minhash.NewComponents(len(all))
	f.Params.Bucket(all, int(binary.BigEndian.Uint16(key)), groups)
	for i, h := range hashes {
		if first := groups.Find(i); first != i {
			edges(h[:], hashes[first][:])
		}
	}
}

// joinFn brings contents and the labels of their groups together. Contents that are
// like no other need no label: they are a group of their own, which is chosen from
// at once.
type joinFn struct{ Rounds int }

func (f *joinFn) ProcessElement(hash []byte, contents func(*Copies) bool, labels func(*[]byte) bool, grouped func([]byte, Copies), kept func(int64, Kept), tallies func(CopyTally)) error {
	var label, other []byte
	for labels(&other) {
		if label != nil && !slices.Equal(label, other) {
			return fmt.Errorf("the groups of near copies are not complete after %d rounds, which takes chains of copies of copies of extraordinary length; set --rounds to more", f.Rounds)
		}
		label = slices.Clone(other)
	}
	var c Copies
	if !contents(&c) {
		return fmt.Errorf("no item has the content %x, which is like another one", hash)
	}
	if label == nil {
		choose(c, true, kept, tallies)
		return nil
	}
	if c.Count > 1 {
		tallies(CopyTally{Exact: c.Count - 1})
	}
	c.Signature = nil
	grouped(label, c)
	return nil
}

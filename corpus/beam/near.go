package beam

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus/minhash"
)

func init() {
	beam.RegisterType(reflect.TypeFor[contentsFn]())
	beam.RegisterType(reflect.TypeFor[sharedFn]())
	beam.RegisterType(reflect.TypeFor[signFn]())
	beam.RegisterType(reflect.TypeFor[bucketFn]())
	beam.RegisterType(reflect.TypeFor[labelsFn]())
	beam.RegisterType(reflect.TypeFor[joinFn]())
	register.Emitter2[[]byte, []byte]()
	register.Emitter2[[]byte, Copies]()
	register.Iter1[Copies]()
}

// deduplicate finds, of items by partition, those that stay: exact copies are one
// content, near ones are found by bands.
func deduplicate(s beam.Scope, items, partitions beam.PCollection, p minhash.Params, near bool, rounds int) (kept, tallies beam.PCollection) {
	byPartition := beam.GroupByKey(s.Scope("contents"), items)
	if !near {
		return beam.ParDo2(s.Scope("choose"), &exactFn{}, byPartition)
	}
	n := s.Scope("near")
	number := beam.SideInput{Input: partitions}
	all, bands := beam.ParDo2(n.Scope("bands"), &contentsFn{Params: p}, byPartition, number)
	shared := beam.ParDo(n.Scope("shared"), &sharedFn{}, beam.GroupByKey(n, bands), number)
	candidates := beam.ParDo(n.Scope("sign"), &signFn{}, beam.CoGroupByKey(n, all, shared), number)
	edges := beam.ParDo(n.Scope("compare"), &bucketFn{Params: p}, beam.GroupByKey(n, candidates))
	labels := beam.ParDo(n.Scope("labels"), &labelsFn{}, components(n.Scope("components"), edges, rounds), number)
	grouped, alone, counted := beam.ParDo3(n.Scope("join"), &joinFn{Rounds: rounds}, beam.CoGroupByKey(n, all, labels))
	groups := beam.CombinePerKey(n.Scope("groups"), mergeCopies, grouped)
	best, removed := beam.ParDo2(n.Scope("choose"), &chooseFn{}, groups)
	return beam.Flatten(n, alone, best), beam.Flatten(n, counted, removed)
}

// contentsFn brings the copies of each content together, and gives its hash under each
// of its bands. A worker holds the contents of a partition, 400 bytes each.
type contentsFn struct{ Params minhash.Params }

func (f *contentsFn) ProcessElement(partition int64, batches func(*[]byte) bool, partitions int, contents, bands func(int64, []byte)) error {
	all, err := contentsOf(batches)
	if err != nil {
		return err
	}
	var out, under batcher
	for c := range all.inOrder() {
		if c.Signature != nil {
			for band := range f.Params.Bands {
				key := f.Params.Key(c.Signature, band)
				under.add(bandOf(band, key, partitions), packCandidate(Candidate{Band: band, Key: key, Hash: c.Best.Hash}), bands)
			}
		}
		out.add(partition, packCopies(c), contents)
	}
	out.flush(contents)
	under.flush(bands)
	return nil
}

// bandOf is the partition of a band's key.
func bandOf(band int, key uint64, partitions int) int64 {
	return int64(band)<<32 | int64(key%uint64(partitions))
}

// sharedFn asks for the signatures of the contents that share a band with others,
// which most do with none. A worker holds the bands of a partition, 70 bytes a content.
type sharedFn struct{}

func (*sharedFn) ProcessElement(_ int64, batches func(*[]byte) bool, partitions int, wanted func(int64, []byte)) error {
	all, err := candidatesOf(batches)
	var out batcher
	for bucket := range buckets(all) {
		for _, c := range bucket {
			out.add(partitionOf(c.Hash[:], partitions), packCandidate(c), wanted)
		}
	}
	out.flush(wanted)
	return err
}

// signFn gives the signatures of the contents of a partition where they are asked for.
type signFn struct{}

func (*signFn) ProcessElement(_ int64, batches, wanted func(*[]byte) bool, partitions int, candidates func(int64, []byte)) error {
	all, err := contentsOf(batches)
	if err != nil {
		return err
	}
	asked, err := candidatesOf(wanted)
	if err != nil {
		return err
	}
	var out batcher
	for _, c := range asked {
		c.Signature = all[c.Hash].Signature
		out.add(bandOf(c.Band, c.Key, partitions), packCandidate(c), candidates)
	}
	out.flush(candidates)
	return nil
}

// candidatesOf are those of batches, in the order of their keys.
func candidatesOf(batches func(*[]byte) bool) ([]Candidate, error) {
	var all []Candidate
	if err := eachIn(batches, unpackCandidate, func(c Candidate) { all = append(all, c) }); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), bytes.Compare(a.Hash[:], b.Hash[:]))
	})
	return all, nil
}

// buckets are the candidates of each key that several have.
func buckets(all []Candidate) iter.Seq[[]Candidate] {
	return func(yield func([]Candidate) bool) {
		for len(all) > 0 {
			n := 1
			for n < len(all) && all[n].Key == all[0].Key {
				n++
			}
			if n > 1 && !yield(all[:n]) {
				return
			}
			all = all[n:]
		}
	}
}

// bucketFn compares the contents that share a band, as package minhash does within
// one process: a bucket of many, which boilerplate makes, is sorted and compared in
// windows, so that nothing is dropped and the time is linear. The buckets of a
// partition are in memory, some 300 bytes a content.
type bucketFn struct{ Params minhash.Params }

// ProcessElement joins the contents of each group with its first one: an edge for
// each but one, however many pairs there are.
func (f *bucketFn) ProcessElement(_ int64, batches func(*[]byte) bool, edges func([]byte, []byte)) error {
	all, err := candidatesOf(batches)
	for bucket := range buckets(all) {
		f.compare(bucket, edges)
	}
	return err
}

func (f *bucketFn) compare(bucket []Candidate, edges func([]byte, []byte)) {
	candidates := make([]minhash.Candidate, len(bucket))
	for i, c := range bucket {
		candidates[i] = minhash.Candidate{Item: i, Hash: c.Hash, Signature: c.Signature}
	}
	groups := minhash.NewComponents(len(bucket))
	f.Params.Bucket(candidates, bucket[0].Band, groups)
	for i := range bucket {
		if first := groups.Find(i); first != i {
			edges(bucket[i].Hash[:], bucket[first].Hash[:])
		}
	}
}

// labelsFn gives the labels of contents to their partitions.
type labelsFn struct{}

func (*labelsFn) ProcessElement(hash, label []byte, partitions int, emit func(int64, []byte)) {
	emit(partitionOf(hash, partitions), slices.Concat(hash, label))
}

// joinFn brings contents and the labels of their groups together. Contents that are
// like no other need no label: they are a group of their own, which is chosen from
// at once.
type joinFn struct{ Rounds int }

func (f *joinFn) ProcessElement(_ int64, batches, labels func(*[]byte) bool, grouped func([]byte, Copies), kept func(int64, Kept), tallies func(CopyTally)) error {
	all, err := contentsOf(batches)
	if err != nil {
		return err
	}
	labelOf, err := f.labels(labels)
	if err != nil {
		return err
	}
	for hash := range labelOf {
		if _, found := all[hash]; !found {
			return fmt.Errorf("no item has the content %x, which is like another one", hash)
		}
	}
	var sum CopyTally
	for c := range all.inOrder() {
		label, like := labelOf[c.Best.Hash]
		if !like {
			sum = choose(c, true, sum, kept)
			continue
		}
		sum.Exact += c.Count - 1
		c.Signature = nil
		grouped(label[:], c)
	}
	tallies(sum)
	return nil
}

// labels are those of contents, one each.
func (f *joinFn) labels(values func(*[]byte) bool) (map[minhash.Hash]minhash.Hash, error) {
	const size = len(minhash.Hash{})
	all := map[minhash.Hash]minhash.Hash{}
	var b []byte
	for values(&b) {
		if len(b) != 2*size {
			return nil, fmt.Errorf("found a label of %d bytes, expected %d", len(b), 2*size)
		}
		hash, label := minhash.Hash(b[:size]), minhash.Hash(b[size:])
		if other, found := all[hash]; found && other != label {
			return nil, fmt.Errorf("the groups of near copies are not complete after %d rounds, which takes chains of copies of copies of extraordinary length; set --rounds to more", f.Rounds)
		}
		all[hash] = label
	}
	return all, nil
}

func packCandidate(c Candidate) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 0, 26+len(c.Signature)), uint16(c.Band))
	b = binary.BigEndian.AppendUint64(b, c.Key)
	return append(append(b, c.Hash[:]...), c.Signature...)
}

// unpackCandidate keeps b.
func unpackCandidate(b []byte) (Candidate, error) {
	u := unpacker{b: b}
	var c Candidate
	var band [2]byte
	var key [8]byte
	u.fixed(band[:])
	u.fixed(key[:])
	u.fixed(c.Hash[:])
	c.Band, c.Key, c.Signature = int(binary.BigEndian.Uint16(band[:])), binary.BigEndian.Uint64(key[:]), u.b
	return c, u.err
}

package beam

import (
	"bytes"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
)

func init() {
	beam.RegisterType(reflect.TypeFor[bothFn]())
	beam.RegisterType(reflect.TypeFor[largeStarFn]())
	beam.RegisterType(reflect.TypeFor[smallStarFn]())
	beam.RegisterType(reflect.TypeFor[labelFn]())
}

// components labels the nodes of a graph's edges with the smallest node of their
// connected component, by alternating large-star and small-star operations
// (Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, "Connected Components in
// MapReduce and Beyond", 2014). Beam's graph of steps is fixed before it runs, and so
// is the number of rounds: each about halves the longest way at least. Where they
// were too few, a node gets several labels, which the caller must look for.
//
// A worker holds the neighbours of a node, 40 bytes each: in the end those of a
// component's smallest node are the whole component.
func components(s beam.Scope, edges beam.PCollection, rounds int) beam.PCollection {
	for range rounds {
		both := beam.ParDo(s.Scope("both"), &bothFn{}, edges)
		large := beam.ParDo(s.Scope("large star"), &largeStarFn{}, beam.GroupByKey(s, both))
		edges = beam.ParDo(s.Scope("small star"), &smallStarFn{}, beam.GroupByKey(s, large))
	}
	return beam.ParDo(s.Scope("label"), &labelFn{}, edges)
}

// bothFn gives each edge under either end.
type bothFn struct{}

func (*bothFn) ProcessElement(a, b []byte, emit func([]byte, []byte)) {
	emit(a, b)
	emit(b, a)
}

// largeStarFn joins the neighbours that are larger than the node with the smallest
// of all, the node included.
type largeStarFn struct{}

func (*largeStarFn) ProcessElement(node []byte, neighbours func(*[]byte) bool, emit func([]byte, []byte)) {
	all := distinct(neighbours)
	smallest := node
	if bytes.Compare(all[0], node) < 0 {
		smallest = all[0]
	}
	for _, n := range all {
		if bytes.Compare(n, node) > 0 {
			emit(n, smallest)
		}
	}
}

// smallStarFn joins the node and its neighbours, which are all smaller, with the
// smallest of them.
type smallStarFn struct{}

func (*smallStarFn) ProcessElement(node []byte, neighbours func(*[]byte) bool, emit func([]byte, []byte)) {
	all := distinct(neighbours)
	emit(node, all[0])
	for _, n := range all[1:] {
		emit(n, all[0])
	}
}

// distinct are the values in their order, each once.
func distinct(values func(*[]byte) bool) [][]byte {
	var all [][]byte
	var v []byte
	for values(&v) {
		all = append(all, slices.Clone(v))
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal)
}

// labelFn gives both ends of an edge the smaller one as their label.
type labelFn struct{}

func (*labelFn) ProcessElement(node, smallest []byte, emit func([]byte, []byte)) {
	emit(node, smallest)
	emit(smallest, smallest)
}

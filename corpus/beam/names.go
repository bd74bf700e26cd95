package beam

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
)

func init() {
	beam.RegisterType(reflect.TypeFor[nameFn]())
	register.Iter1[Named]()
	register.Emitter2[int64, Renamed]()
}

// nameFn gives documents their ids, in their order, and tells of those that do not
// get their own. A worker holds those of a partition, which has all of one base id,
// 100 bytes each.
type nameFn struct{}

func (*nameFn) ProcessElement(_ int64, documents func(*Named) bool, renamed func(int64, Renamed)) {
	all := slices.Collect(values(documents))
	slices.SortFunc(all, func(a, b Named) int { return cmp.Compare(a.At, b.At) })
	ids := corpus.IDs{}
	for _, n := range all {
		if id := ids.Unique(n.ID, n.Hash); id != n.ID {
			renamed(n.Unit, Renamed{n.At, id})
		}
	}
}

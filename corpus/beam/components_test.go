package beam

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/testing/ptest"
)

func init() {
	beam.RegisterType(reflect.TypeFor[chainsFn]())
	beam.RegisterType(reflect.TypeFor[chainLabelFn]())
}

// chainsFn gives the edges of chains of nodes: each node is called by its chain
// and its place.
type chainsFn struct{ Chains, Length int }

func (f *chainsFn) ProcessElement(_ []byte, emit func([]byte, []byte)) {
	for c := range f.Chains {
		for i := range f.Length - 1 {
			emit(chainNode(c, i), chainNode(c, i+1))
		}
	}
}

// chainNode spreads the numbers, so that neighbours in the chain are none in the
// order of the nodes.
func chainNode(chain, i int) []byte { return fmt.Appendf(nil, "%03d-%05d", chain, i*7919%10007) }

// chainLabelFn fails where a node has another label than the smallest of its chain.
type chainLabelFn struct{ Length int }

func (f *chainLabelFn) ProcessElement(node []byte, labels func(*[]byte) bool) error {
	var chain, place int
	if _, err := fmt.Sscanf(string(node), "%d-%d", &chain, &place); err != nil {
		return err
	}
	want := string(chainNode(chain, 0)) // place 0 is the smallest
	var label []byte
	for labels(&label) {
		if string(label) != want {
			return fmt.Errorf("node %s has the label %s", node, label)
		}
	}
	return nil
}

func TestComponents(t *testing.T) {
	run := func(length, rounds int) error {
		p, s := beam.NewPipelineWithRoot()
		edges := beam.ParDo(s, &chainsFn{Chains: 3, Length: length}, beam.Impulse(s))
		labels := components(s, edges, rounds)
		beam.ParDo0(s, &chainLabelFn{Length: length}, beam.GroupByKey(s, labels))
		return ptest.Run(p)
	}
	if err := run(200, DefaultRounds); err != nil {
		t.Error(err)
	}
	if err := run(200, 1); err == nil || !strings.Contains(err.Error(), "has the label") {
		t.Errorf("one round is enough for chains of 200: %v", err)
	}
}

// Where the rounds are too few, the step that needs the labels says so.
func TestTooFewRounds(t *testing.T) {
	f := joinFn{Rounds: 2}
	hash := strings.Repeat("h", 16)
	labels := [][]byte{[]byte(hash + strings.Repeat("a", 16)), []byte(hash + strings.Repeat("b", 16))}
	next := func(to *[]byte) bool {
		if len(labels) == 0 {
			return false
		}
		*to, labels = labels[0], labels[1:]
		return true
	}
	none := func(*[]byte) bool { return false }
	err := f.ProcessElement(0, none, next, nil, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "set --rounds to more") {
		t.Errorf("got %v", err)
	}
}

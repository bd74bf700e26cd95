package beam

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/graphx"
	pipepb "github.com/apache/beam/sdks/v2/go/pkg/beam/model/pipeline_v1"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestPortableForm holds the form in which the pipeline goes to Flink, Spark and
// Dataflow: every step with its kind, its inputs and outputs and how their elements
// are coded.
func TestPortableForm(t *testing.T) {
	c := configuration(t, "/data", fmt.Sprintf(talesYAML, "{paragraphs: near}"))
	s := settingsOf(t, c)
	s.Output = "/output"
	p, root := beam.NewPipelineWithRoot()
	if err := Build(root, s, 2); err != nil {
		t.Fatal(err)
	}
	edges, _, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	portable, err := graphx.Marshal(edges, &graphx.Options{Environment: &pipepb.Environment{Urn: "beam:env:default:v1"}})
	if err != nil {
		t.Fatal(err)
	}
	got := formOf(portable)
	const golden = "testdata/portable.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the portable form is another (go test -run PortableForm -update, where that is meant): %s", firstDifference([]byte(got), want))
	}
}

// formOf writes a pipeline for people to read, without the payloads, which hold
// versions and names of compiled functions.
func formOf(p *pipepb.Pipeline) string {
	var b strings.Builder
	components := p.GetComponents()
	var coder func(id string) string
	coder = func(id string) string {
		c := components.GetCoders()[id]
		name := strings.TrimSuffix(strings.TrimPrefix(c.GetSpec().GetUrn(), "beam:coder:"), ":v1")
		var parts []string
		for _, part := range c.GetComponentCoderIds() {
			parts = append(parts, coder(part))
		}
		if len(parts) > 0 {
			name += "<" + strings.Join(parts, ",") + ">"
		}
		return name
	}
	names := map[string]string{} // of collections: their producer
	for _, t := range components.GetTransforms() {
		if len(t.GetSubtransforms()) == 0 {
			for local, id := range t.GetOutputs() {
				names[id] = t.GetUniqueName() + "." + local
			}
		}
	}
	var steps []string
	for _, t := range components.GetTransforms() {
		if len(t.GetSubtransforms()) > 0 {
			continue
		}
		var s strings.Builder
		fmt.Fprintf(&s, "%s\n  %s\n", t.GetUniqueName(), t.GetSpec().GetUrn())
		for _, local := range slices.Sorted(maps.Keys(t.GetInputs())) {
			fmt.Fprintf(&s, "  in  %s: %s\n", local, names[t.GetInputs()[local]])
		}
		for _, local := range slices.Sorted(maps.Keys(t.GetOutputs())) {
			fmt.Fprintf(&s, "  out %s: %s\n", local, coder(components.GetPcollections()[t.GetOutputs()[local]].GetCoderId()))
		}
		steps = append(steps, s.String())
	}
	slices.Sort(steps)
	for _, s := range steps {
		b.WriteString(s)
	}
	return b.String()
}

package beam

import (
	"cmp"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"wakong/corpus"
)

func init() {
	register.Function2x1(mergeTallies)
}

// A Tally is a part of the report of the whole. Beam adds parts up in any order, so
// that examples, of which the report shows the first, tell where they stand.
type Tally struct {
	Report                corpus.Report // without examples
	Steps, Mojibake       map[string][]Example
	Documents, Paragraphs Compared
}

// Compared counts what was compared for copies.
type Compared struct{ Items, Characters int64 }

func (c *Compared) count(i corpus.CopyItem) {
	c.Items++
	c.Characters += int64(i.Characters)
}

// An Example stands in a unit, as one of several.
type Example struct {
	Unit   int64
	Number int
	corpus.StepExample
}

// newTally is that of a unit.
func newTally(unit int64, r corpus.Report) Tally {
	t := Tally{Report: r}
	for i := range t.Report.Steps {
		s := &t.Report.Steps[i]
		t.Steps = located(t.Steps, s.Name, unit, s.Examples)
		s.Examples = nil
	}
	for i := range t.Report.Mojibake {
		m := &t.Report.Mojibake[i]
		t.Mojibake = located(t.Mojibake, m.Kind, unit, m.Examples)
		m.Examples = nil
	}
	return t
}

func located(all map[string][]Example, name string, unit int64, examples []corpus.StepExample) map[string][]Example {
	for i, e := range examples {
		if all == nil {
			all = map[string][]Example{}
		}
		all[name] = append(all[name], Example{unit, i, e})
	}
	return all
}

func mergeTallies(a, b Tally) Tally {
	a.Report.Merge(b.Report)
	a.Steps = mergeExamples(a.Steps, b.Steps)
	a.Mojibake = mergeExamples(a.Mojibake, b.Mojibake)
	for _, c := range []struct{ to, from *Compared }{{&a.Documents, &b.Documents}, {&a.Paragraphs, &b.Paragraphs}} {
		c.to.Items += c.from.Items
		c.to.Characters += c.from.Characters
	}
	return a
}

// mergeExamples leaves the first of both.
func mergeExamples(a, b map[string][]Example) map[string][]Example {
	merged := map[string][]Example{}
	for _, m := range []map[string][]Example{a, b} {
		for name, list := range m {
			merged[name] = append(merged[name], list...)
		}
	}
	for name, list := range merged {
		slices.SortFunc(list, func(x, y Example) int {
			return cmp.Or(cmp.Compare(x.Unit, y.Unit), cmp.Compare(x.Number, y.Number))
		})
		merged[name] = list[:min(len(list), corpus.MostExamples)]
	}
	return merged
}

// report is the whole, with its examples.
func (t Tally) report() corpus.Report {
	r := t.Report
	for i := range r.Steps {
		for _, e := range t.Steps[r.Steps[i].Name] {
			r.Steps[i].Examples = append(r.Steps[i].Examples, e.StepExample)
		}
	}
	for i := range r.Mojibake {
		for _, e := range t.Mojibake[r.Mojibake[i].Kind] {
			r.Mojibake[i].Examples = append(r.Mojibake[i].Examples, e.StepExample)
		}
	}
	return r
}

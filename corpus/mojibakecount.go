package corpus

import "slices"

// MojibakeCount tells how much of a corpus was once decoded wrongly, as it was
// read. Nothing is changed unless the step [RepairMojibake] is asked for.
type MojibakeCount struct {
	Kind       string        `json:"kind"`
	Documents  int64         `json:"documents"`
	Characters int64         `json:"characters"`
	Repairable bool          `json:"repairable"` // the step repair_mojibake brings it back
	Examples   []StepExample `json:"examples,omitempty"`
}

var mojibakeKinds = []string{MojibakeLost, MojibakeMemory, MojibakeGBK, MojibakeLatin, MojibakeLatinGBK}

// mojibakeCounts are those of one text; nil for nearly all.
func mojibakeCounts(text string) []MojibakeCount {
	var counts []MojibakeCount
	for _, m := range FindMojibake(text) {
		i := slices.IndexFunc(counts, func(c MojibakeCount) bool { return c.Kind == m.Kind })
		if i < 0 {
			i = len(counts)
			before, after := contextBefore(text, m.Start), contextAfter(text, m.End)
			e := StepExample{Before: before + clipped(text[m.Start:m.End]) + after}
			if m.Repaired != "" {
				e.After = before + clipped(m.Repaired) + after
			}
			counts = append(counts, MojibakeCount{Kind: m.Kind, Repairable: m.Repaired != "", Examples: []StepExample{e}})
		}
		for range text[m.Start:m.End] {
			counts[i].Characters++
		}
	}
	return counts
}

// addMojibake adds the counts of one document, the kinds in a fixed order.
func (r *Report) addMojibake(document string, counts []MojibakeCount) {
	for _, d := range counts {
		i := slices.IndexFunc(r.Mojibake, func(c MojibakeCount) bool { return c.Kind == d.Kind })
		if i < 0 {
			i = len(r.Mojibake)
			r.Mojibake = append(r.Mojibake, MojibakeCount{Kind: d.Kind, Repairable: d.Repairable})
		}
		c := &r.Mojibake[i]
		c.Documents++
		c.Characters += d.Characters
		for _, e := range d.Examples {
			if len(c.Examples) < MostExamples {
				e.Document = document
				c.Examples = append(c.Examples, e)
			}
		}
	}
	r.sortMojibake()
}

func (r *Report) sortMojibake() {
	slices.SortFunc(r.Mojibake, func(a, b MojibakeCount) int {
		return slices.Index(mojibakeKinds, a.Kind) - slices.Index(mojibakeKinds, b.Kind)
	})
}

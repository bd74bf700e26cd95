package config

import (
	"fmt"
	"slices"

	"wakong/corpus"
	"wakong/internal/spelling"
)

// checkSteps checks the names of the cleaning steps and the patterns that
// belong to one of them.
func (d *decoder) checkSteps() {
	s := d.config.Segment
	known := corpus.StepNames()
	simplify := corpus.Simplify().Name
	known = slices.DeleteFunc(known, func(name string) bool { return name == simplify })
	for i, name := range s.Steps {
		key := fmt.Sprintf("segment.steps[%d]", i)
		switch {
		case name == simplify:
			d.at(key, "simplification has a setting of its own, segment.simplify")
		case !contains(known, name):
			hint := ""
			if near := spelling.Nearest(name, known); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			d.at(key, "found %q, expected %s%s", clip(name), oneOf(known), hint)
		case slices.Index(s.Steps, name) < i:
			d.at(key, "%q is in the list already", name)
		}
	}
	if len(s.Advertisements) == 0 {
		return
	}
	if !contains(s.Steps, "advertisements") {
		d.at("segment.advertisements", "segment.steps lacks the step advertisements, which would use these patterns")
	}
	for i, pattern := range s.Advertisements {
		if _, err := corpus.Advertisements(pattern); err != nil {
			d.at(fmt.Sprintf("segment.advertisements[%d]", i), "found %q, expected a regular expression that is not empty: %v", clip(pattern), err)
		}
	}
}

package reader

import "math/rand/v2"

// draw leaves a step those of the passages' blanks that it asks for. A blank that
// weighs less than Answers.Lightest is asked for by chance, as often as its weight is of
// that, and then weighs as much: in the mean over steps each blank counts as before, and
// work is not spent on many that hardly count. A step of few blanks may so ask for none,
// and then moves the weights by what earlier ones have left in Adam's moments. passages
// are not changed.
func (n *Network[T]) draw(passages []*passage, random *rand.Rand) []*passage {
	lightest := n.o.Answers.Lightest
	if lightest == 0 {
		return passages
	}
	drawn := make([]*passage, len(passages))
	for i, p := range passages {
		asked := *p
		asked.blanks, asked.traits = nil, nil
		for a, t := range p.traits {
			if n.weight(t) > lightest*random.Float64() {
				asked.blanks, asked.traits = append(asked.blanks, p.blanks[a]), append(asked.traits, t)
			}
		}
		drawn[i] = &asked
	}
	return drawn
}
